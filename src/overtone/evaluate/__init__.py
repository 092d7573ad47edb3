"""Metrics, statistics and the report: what was measured, how sure we are, and how it is shown."""
