"""Rivals on one task: each makes a system from the same rows; the verdict compares their answers."""
