"""Load a base: find it, check that it is safe, describe it, give its model, tokenizer and chat template."""
