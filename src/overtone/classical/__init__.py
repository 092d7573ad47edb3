"""Models without a gradient loop: TF-IDF features, linear classifiers over them or over frozen vectors."""
