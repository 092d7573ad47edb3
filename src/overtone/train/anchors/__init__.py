"""What holds a training near its start: one file an anchor."""
