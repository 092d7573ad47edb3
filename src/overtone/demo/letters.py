"""One e-mail's text: subject, greeting, the problem among other talk, closing, signature, quoted thread."""

from collections.abc import Sequence
from random import Random

from overtone.demo.families import Family, shared
from overtone.demo.layout import Brief
from overtone.demo.noise import roughen
from overtone.demo.phrases import draw_values, phrase

# The share of the e-mails that hold each piece.
OWN_SUBJECT = 0.5
SECOND_SENTENCE = 0.8
SMALL_TALK = 0.7
DISTRACTION = 0.75
ASK = 0.7
QUOTE = 0.25
DETAILS = 0.3


def letter(brief: Brief, rng: Random) -> str:
    """Write one e-mail, the subject in its first line."""
    values = draw_values(shared()["slots"], rng)
    subject = subject_of(brief.families[0], rng)
    written = [roughen(phrase(subject, values, rng), rng), rng.choice(shared()["greetings"]) + ","]
    written.append(roughen(body(brief, values, rng), rng))
    written.append(signature(rng))
    if rng.random() < QUOTE:
        written.append(quote(brief.labels, values, rng))
    return "Subject: " + "\n".join(written)


def subject_of(family: Family, rng: Random) -> str:
    """Return the family's own subject or one that says nothing."""
    return family.subject if rng.random() < OWN_SUBJECT else str(rng.choice(shared()["subjects"]))


def body(brief: Brief, values: dict[str, str], rng: Random) -> str:
    """Return the sentences between greeting and closing."""
    patterns = sometimes(SMALL_TALK, shared()["small_talk"], rng)
    distraction = sometimes(DISTRACTION, about_others(shared()["distractions"], brief.labels), rng)
    before = rng.random() < 0.5
    patterns += distraction if before else []
    patterns += statement(brief.families[0], rng)
    patterns += [] if before else distraction
    for family in brief.families[1:]:
        patterns += [rng.choice(shared()["links"]), *statement(family, rng)]
    patterns += sometimes(ASK, shared()["asks"], rng)
    return " ".join(phrase(pattern, values, rng) for pattern in patterns)


def statement(family: Family, rng: Random) -> list[str]:
    """Return a family's first sentence, which states the problem, and often one that adds to it."""
    return [family.sentences[0], *sometimes(SECOND_SENTENCE, family.sentences[1:], rng)]


def sometimes(share: float, patterns: Sequence[str], rng: Random) -> list[str]:
    """Return one of the patterns in this share of the e-mails, else none."""
    return [rng.choice(patterns)] if patterns and rng.random() < share else []


def about_others(sentences: dict[str, list[str]], labels: Sequence[str]) -> list[str]:
    """Return the sentences that speak of categories which the e-mail is not about."""
    return [sentence for category, said in sentences.items() if category not in labels for sentence in said]


def signature(rng: Random) -> str:
    """Return the closing and the name, in some with an invented telephone and customer number."""
    lines = [rng.choice(shared()["closings"]) + ","]
    lines.append(f"{rng.choice(shared()['first_names'])} {rng.choice(shared()['last_names'])}")
    if rng.random() < DETAILS:
        lines.append(f"Phone 0555 {rng.randrange(1000, 10000)} {rng.randrange(100, 1000)}")
    if rng.random() < DETAILS:
        lines.append(f"Customer number T-{rng.randrange(100000, 1000000)}")
    return "\n".join(lines)


def quote(labels: Sequence[str], values: dict[str, str], rng: Random) -> str:
    """Return an older message of the company, about something else, as a reply quotes it."""
    quotes = {category: [text] for category, text in shared()["quotes"].items()}
    text = phrase(rng.choice(about_others(quotes, labels)), values, rng)
    return f"On {values['weekday']} Tarnfell support wrote:\n> {text}"
