"""Who a row is: its content id, and the fingerprint by which copies are found."""

import hashlib
import unicodedata


class _Fold(dict[int, str]):
    """What each character becomes in a fingerprint, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        kept = {"P": " ", "Z": " ", "C": ""}.get(category[0], chr(code))
        self[code] = " " if chr(code).isspace() else kept
        return self[code]


_FOLD = _Fold()


def fingerprint(text: str) -> str:
    """The text without case, Unicode form, punctuation, invisible characters and differences of space.

    A text of nothing but such characters keeps them, so that `?!` and `...` stay two texts.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.translate(_FOLD).split()) or " ".join(text.split())


def content_id(*parts: str) -> str:
    """Sixteen hex digits from the parts: the same for the same content in any file, at any place.

    Unicode form and runs of white space do not count.
    """
    normal = (" ".join(unicodedata.normalize("NFC", part).split()) for part in parts)
    content = "\x1f".join(normal).encode("utf-8", errors="surrogatepass")
    return hashlib.blake2b(content, digest_size=8).hexdigest()
