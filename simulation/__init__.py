"""Demand, traffic and replays of branch-days."""
