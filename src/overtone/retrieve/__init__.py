"""Find the nearest texts: BM25 over words, cosine over vectors, and how often the right one is found."""
