"""Label each word of a text: names, slots, parts of speech."""

from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Named, Task


class TagTask(Task):
    """Label each word of a text: names, slots, parts of speech.

    The words of a row are its text between white space, and its labels are their tags, one a word, in order. An
    answer is the tags in the same order, with a space between them. `B-` and `I-` in front of a tag say where a name
    of several words begins and goes on, `O` that a word belongs to none.
    """

    name: ClassVar[str] = "tag"
    also_called: ClassVar[tuple[str, ...]] = ("ner", "token_classification")
    asks: ClassVar[str] = "tag"
    reports: ClassVar[tuple[str, ...]] = ("entity_f1", "word_accuracy")
    objectives: ClassVar[tuple[str, ...]] = ("tag",)

    metric: Named = "entity_f1"

    def in_words(self, classes: int) -> str:
        """What is labelled."""
        return "Label each word of each text"

    def accepts(self, example: Example) -> str | None:
        """A usable row has words and as many tags."""
        words, tags = len(example.text.split()), len(example.labels)
        if not words:
            return "no word"
        if not tags:
            return "no tag"
        return None if words == tags else "not as many tags as words"
