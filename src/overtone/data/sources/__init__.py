"""From bytes to raw rows: compression, encoding, delimited text, JSON and Parquet."""
