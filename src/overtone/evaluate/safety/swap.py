"""Swap the words of one group for those of another, or, as a control, for other words of the same group."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from overtone.evaluate.safety.lists import SUITED, Slot, axes

Mapped = Mapping[str, str]  # a form as it is found (`her+`, `mary`) to what takes its place
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ARTICLE = re.compile(r"\b(an?)(\s+)$", re.IGNORECASE)
# what may follow `her` or `his` that stands alone: with any other word behind, it stands before a noun
_NO_NOUN = frozenset(
    re.findall(
        r"\w+",
        """a an the and or but nor so to in at on of off with for from by into about over under after before as if
        when while that than because is was are were be been has had have will would can could may might must do
        did does not back up down out away again now then here there today tomorrow yesterday soon how why what
        where who too very just only all""",
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """One word of the lists in a text: where it stands, its form, its group, and the slot it fills."""

    start: int
    end: int
    form: str
    group: str
    slot: Slot


def find(text: str, axis: str) -> list[Found]:
    """The words of an axis in a text. Proper names need their capital unless the text has none at all."""
    pattern, places = _compiled(axis)
    caseless = text == text.lower()
    return [
        Found(*match.span(), form, *places[form][1:])
        for match in pattern.finditer(text)
        if (form := _form(text, match, places)) in places
        and (caseless or places[form][0].islower() or match.group()[0].isupper())
    ]


def groups(texts: Sequence[str], axis: str) -> list[str]:
    """The groups that texts name, in order of their first words."""
    return list(dict.fromkeys(found.group for text in texts for found in find(text, axis)))


def mapping(texts: Sequence[str], axis: str, source: str, target: str, draw: int = 0) -> Mapped | None:
    """What each word becomes when two groups change places; `target` equal to `source` gives a control.

    The same word becomes the same everywhere. None where a word of the source has no counterpart. `draw` gives
    other choices where there are several.
    """
    found = {one.form: one for text in texts for one in find(text, axis)}
    taken = set(map(_plain, found))
    made: dict[str, str] = {}
    for form, one in found.items():
        wanted = {source: target, target: source}.get(one.group)
        options = _options(one, wanted, taken)
        if options:
            made[form] = options[(_lot(form) + draw) % len(options)]
            taken.add(_plain(made[form]))
        elif one.group == source:
            return None
    return made or None


def _options(one: Found, wanted: str | None, taken: Collection[str]) -> list[str]:
    """Words of a group for this place, such as are in no text yet; else, in a swap, those that leave it."""
    words = one.slot.get(wanted, ()) if wanted else ()
    free = [word for word in words if _plain(word) not in taken]
    return free or [word for word in words if wanted != one.group]


def swap(text: str, axis: str, made: Mapped) -> str:
    """The text with each mapped word replaced in its own case, and `a` or `an` before it put right."""
    pieces, place = [], 0
    for one in find(text, axis):
        if one.form not in made:
            continue
        word = _cased(text[one.start : one.end], made[one.form].removesuffix(SUITED), text == text.lower())
        pieces += [_with_article(text[place : one.start], word), word]
        place = one.end
    return "".join([*pieces, text[place:]])


@cache
def _compiled(axis: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, str, Slot]]]:
    """One pattern of all words, the longest first, and for each form its spelling, group and slot."""
    places = {
        _folded(word): (word, group, slot)
        for slot in axes()[axis]
        for group, words in slot.items()
        for word in words
    }
    words = sorted({form.removesuffix(SUITED) for form in places}, key=lambda form: (-len(form), form))
    joined = "|".join(map(re.escape, words)).replace("'", "['’]")
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE), places


def _form(text: str, match: re.Match[str], places: Mapping[str, object]) -> str:
    """The form of a match; `her` before a noun is `her+`."""
    form = _folded(match.group())
    follower = _WORD.match(text, match.end() + 1) if text[match.end() : match.end() + 1].isspace() else None
    suited = follower is not None and follower.group().lower() not in _NO_NOUN
    return form + SUITED if suited and form + SUITED in places else form


def _folded(word: str) -> str:
    return word.lower().replace("’", "'")


def _plain(word: str) -> str:
    return _folded(word).removesuffix(SUITED)


def _cased(found: str, word: str, caseless: bool) -> str:
    """The word as the found one is written: lower case, capitals, or with one capital."""
    if caseless:
        return word.lower()
    if len(found) > 1 and found.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if found[0].isupper() else word


def _with_article(before: str, word: str) -> str:
    """The text before a word with its indefinite article as the word's first letter asks."""

    def suited(match: re.Match[str]) -> str:
        article = match.group(1)[0] + ("n" if word[0].lower() in "aeiou" or word.startswith("18") else "")
        return article + match.group(2)

    return _ARTICLE.sub(suited, before)


def _lot(form: str) -> int:
    """A number that looks drawn by lot and that only the word decides."""
    return int.from_bytes(blake2b(form.encode(), digest_size=4).digest())
