"""A text as SQuAD compares it: without case, punctuation and English articles (Rajpurkar et al. 2016)."""

import re
import string

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")


def normalised(text: str) -> str:
    """Lower case, no ASCII punctuation, no article, single spaces; in this order, as in the official script."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split())
