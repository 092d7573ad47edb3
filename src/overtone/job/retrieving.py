"""A writer that puts the nearest documents into each prompt, wherever it is used: files, chat, server."""

from collections.abc import Sequence

from overtone.core.example import Document, Message
from overtone.decide.notes import noted_turns, query_of
from overtone.decide.room import cut_to_room
from overtone.decide.searching import Searching
from overtone.generate.writer import Writer


class RetrievingWriter(Writer):
    """A writer over documents: the last user turn finds the `count` nearest, which go into its prompt."""

    def __init__(
        self, writer: Writer, documents: Sequence[Document], count: int, searching: Searching
    ) -> None:
        super().__init__(writer.base, writer.max_tokens, writer.system_prompt)
        self.library, self.count = searching.library(documents, lambda: writer.base), count

    def encode(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """Tokens of the conversation with as much of the documents as the context holds beside an answer."""
        query = query_of(messages)
        found = self.library.find([query], self.count)[0] if query else []
        plain = super().encode
        room = self.context - self.max_tokens
        kept, _ = cut_to_room(found, lambda documents: len(plain(noted_turns(messages, documents))), room)
        return plain(noted_turns(messages, kept))
