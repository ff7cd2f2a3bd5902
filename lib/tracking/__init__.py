"""Trackers: which carrier a number is of, how parcels are followed, what a stranger may see of it."""
