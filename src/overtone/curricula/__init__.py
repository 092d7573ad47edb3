"""What is seen when: one file a curriculum."""
