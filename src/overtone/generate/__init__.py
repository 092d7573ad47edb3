"""From a prompt to text: batched decoding with a key-value cache, sampling, stop strings, streaming."""
