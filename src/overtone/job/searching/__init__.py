"""`overtone search` and `overtone cross-validate`: trials of a plan, the final proof of the best, and folds."""
