"""What of a written answer is judged, one way a file."""
