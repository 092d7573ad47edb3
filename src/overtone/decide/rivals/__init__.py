"""The rivals, one file each: simple baselines, prompts, retrieval, frozen features, tuned candidates."""
