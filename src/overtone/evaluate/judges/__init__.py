"""A model as judge: asking it, reading its ratings and preferences, and how far it agrees with people."""
