"""Seeded generators of training documents, one idea a file; each offers `documents(random)`, endless."""
