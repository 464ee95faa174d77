"""Scenarios of the simulation: read with their faults named, written, and their plans."""
