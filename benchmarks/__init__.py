"""Measurements on public data, against plain code, and campaigns of faults. They are run by hand."""
