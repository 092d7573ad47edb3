"""The training text of the embedded tiny decoder: prose, generators, tokenizer and its measures."""
