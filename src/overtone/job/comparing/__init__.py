"""Runs beside each other: on the same frozen rows, over time, against a gate, and rated blindly by people."""
