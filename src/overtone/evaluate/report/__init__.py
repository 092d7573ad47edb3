"""The report of a run: one set of contents, shown as a page, as a model card and as a table."""
