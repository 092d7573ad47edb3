"""Safety and bias: toxicity, swapped names and groups, gaps between groups, refusals, and what lessens them."""
