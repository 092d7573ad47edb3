"""Exact attention over a flat stream: every token sees its own row and nothing else."""
