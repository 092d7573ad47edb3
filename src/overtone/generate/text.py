"""From tokens to text while they come: whole characters only, and nothing of a stop string."""

from collections.abc import Callable, Sequence

BROKEN = "\ufffd"  # what a decoder shows for bytes that are no character, or not one yet
UNFINISHED = 3  # a character has at most four bytes, so at most three can wait for the rest


class Detokenizer:
    """Text of a growing row of tokens. Pieces joined are the text; no piece ends inside a character.

    Only a short window is decoded each time: the tokens since the last whole character, behind those of the
    piece before, because some tokenizers write a token differently at the start of a text.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._before: list[int] = []  # tokens whose text is out already
        self._pending: list[int] = []
        self._shown = ""  # the part of the window's text that is out already

    def push(self, token: int) -> str:
        """The text that has become certain with this token; often nothing in the middle of a character."""
        self._pending.append(token)
        text = self._decode(self._before + self._pending)
        broken = min(len(text) - len(text.rstrip(BROKEN)), UNFINISHED)
        certain = text[: len(text) - broken]
        if broken:
            return self._show(certain) if certain.startswith(self._shown) else ""
        return self._close(text)

    def flush(self) -> str:
        """What is left at the end; bytes that never became a character show as replacement characters."""
        return self._close(self._decode(self._before + self._pending)) if self._pending else ""

    def _show(self, text: str) -> str:
        new, self._shown = text[len(self._shown) :], text
        return new

    def _close(self, text: str) -> str:
        """Show the whole window; begin a new one behind it unless its tokens are silent (control tokens)."""
        extended = text.startswith(self._shown)  # in some decoders broken bytes undo the character before
        new = text[len(self._shown) :] if extended else self._decode(self._pending)
        if new:
            self._before, self._pending = self._pending, []
            self._shown = self._decode(self._before)
        return new


class StopStrings:
    """Cuts a text at the first stop string, however its characters are spread over pieces."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""  # the end of the text so far, where it may begin a stop string
        self.found = False

    def push(self, piece: str) -> str:
        """The text that is certainly in front of any stop string."""
        text = self._held + piece
        ends = [(text.find(stop) + len(stop), -len(stop)) for stop in self._stops if stop in text]
        if ends:
            self.found, self._held = True, ""
            end, length = min(ends)  # the one that is complete first, as if characters came singly
            return text[: end + length]
        held = max((_overlap(text, stop) for stop in self._stops), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def flush(self) -> str:
        """What was held back, now that no more text comes."""
        held, self._held = self._held, ""
        return held


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of the text begin the stop string."""
    longest = min(len(stop) - 1, len(text))
    return next((size for size in range(longest, 0, -1) if text.endswith(stop[:size])), 0)
