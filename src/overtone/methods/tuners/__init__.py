"""Tuners of our own for PEFT, so that their adapters are saved, loaded and swapped like PEFT's."""
