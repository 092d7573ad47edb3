"""One file a chapter of the report: what the same answers show beyond their scores."""
