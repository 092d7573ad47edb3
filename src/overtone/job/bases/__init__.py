"""Several bases for one plan: how each reads the rows, what it costs, and what it reaches without tuning."""
