"""The lean decoder: the same weights and the same results as the family's own code, with less work a token."""
