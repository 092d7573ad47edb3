"""Overtone's engine and its peers on the same models, rows and steps: `make bench`."""
