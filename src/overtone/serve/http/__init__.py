"""The HTTP face: one file a route, and the guards that every request passes."""
