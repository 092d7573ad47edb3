"""What a split holds before a word is written: which problems, how worded, one brief a row."""

from dataclasses import dataclass
from random import Random

from overtone.demo.families import Family, choices, known_articles, new_articles
from overtone.demo.library import articles

TWO_PROBLEMS = 0.15
NEW_ARTICLES = 0.10  # of the test rows
UNSEEN_WORDING = 0.25  # of the test rows about known articles


@dataclass(frozen=True)
class Brief:
    """One row to be written: the wording of its primary problem and, in some, of a second one."""

    families: tuple[Family, ...]

    @property
    def articles(self) -> list[str]:
        """Return the ids of the articles, the primary one first."""
        return [family.article for family in self.families]

    @property
    def labels(self) -> list[str]:
        """Return the categories, the primary one first."""
        return [articles()[article].category for article in self.articles]


def briefs(size: int, is_test: bool, rng: Random) -> list[Brief]:
    """Plan one split: articles evenly; new ones, unseen wording and second problems in exact shares."""
    new = round(NEW_ARTICLES * size) if is_test else 0
    unseen = round(UNSEEN_WORDING * (size - new)) if is_test else 0
    subjects = [(article, True) for article in rotation(new_articles(), new, rng)]
    known = rotation(known_articles(), size - new, rng)
    subjects += [(article, place < unseen) for place, article in enumerate(known)]
    rng.shuffle(subjects)
    two = round(TWO_PROBLEMS * size)
    planned = [brief(article, unseen, place < two, rng) for place, (article, unseen) in enumerate(subjects)]
    rng.shuffle(planned)
    return planned


def rotation(names: tuple[str, ...], count: int, rng: Random) -> list[str]:
    """Return `count` names, each as often as any other to within one, in shuffled rounds."""
    rounds = [rng.sample(names, len(names)) for _ in range(-(-count // len(names)))]
    return [name for names in rounds for name in names][:count]


def brief(article: str, unseen: bool, has_second: bool, rng: Random) -> Brief:
    """Choose the wording of one row; a second problem is a known one of another category."""
    chosen = [article]
    if has_second:
        chosen.append(rng.choice(of_other_categories(article)))
    return Brief(tuple(rng.choice(choices(name, unseen)) for name in chosen))


def of_other_categories(article: str) -> list[str]:
    """Return the known articles that belong to another category."""
    category = articles()[article].category
    return [other for other in known_articles() if articles()[other].category != category]
