"""`overtone cross-validate`: every technique judged on every row by a model that did not see it."""
