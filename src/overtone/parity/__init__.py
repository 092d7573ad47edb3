"""One answer from two places: the same numbers asked of each, and the largest difference between them."""
