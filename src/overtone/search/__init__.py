"""Search over the settings of a plan: spaces, samplers, pruning, storage, what a search shows; and folds of rows."""
