"""From rows of tokens to outputs: hidden states, log-probabilities where asked, features, losses."""
