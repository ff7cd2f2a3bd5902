"""Addresses: one line of text to parts, ZIP facts, checks with their corrections, distance and formatting."""
