"""Replications, intervals, comparisons, search and sensitivity, over any engine."""
