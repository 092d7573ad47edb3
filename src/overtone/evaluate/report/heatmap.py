"""The picture of a confusion matrix: readable for three classes, usable for a hundred."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from overtone.evaluate.report.contents import ConfusionTable
from overtone.evaluate.report.svg import element, label, line, picture, shorten

NOTHING = "no label"
LARGEST = 100  # more classes than this are left to the table of pairs
NAME = 26  # characters of a label that are shown


def heatmap(table: ConfusionTable) -> Markup:
    """Rows are wanted, columns answered; a cell is as strong as its share of its row."""
    labels, counts = shown(table)
    cell = min(44.0, max(11.0, 600 / len(labels)))
    letter = min(12.0, max(7.0, cell * 0.8))
    margin = 24 + 0.58 * letter * max(len(shorten(name, NAME)) for name in labels)
    side = margin + cell * len(labels)
    shapes = [*_names(labels, margin, cell, letter), *_cells(labels, counts, margin, cell)]
    end = [line(margin + side - margin, margin, side, side, "grid"), line(margin, side, side, side, "grid")]
    return picture(
        side + 4, side + 4, "Wanted labels (rows) against answered labels (columns)", [*end, *shapes]
    )


def shown(table: ConfusionTable) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """The classes to draw, with `no label` where it occurs; of too many, those most often confused."""
    names = (*table.labels, NOTHING)
    wrong = [_wrong(table.counts, index) for index in range(len(names))]
    kept = [index for index in range(len(names)) if index < len(table.labels) or wrong[index]]
    most = sorted(kept, key=lambda index: -wrong[index])[:LARGEST]
    chosen = [index for index in kept if index in set(most)]
    counts = tuple(tuple(table.counts[row][column] for column in chosen) for row in chosen)
    return tuple(names[index] for index in chosen), counts


def confused(table: ConfusionTable, most: int = 10) -> list[tuple[str, str, int]]:
    """The pairs (wanted, answered, rows) that are confused most often."""
    names = (*table.labels, NOTHING)
    pairs = [
        (names[row], names[column], times)
        for row, line_ in enumerate(table.counts)
        for column, times in enumerate(line_)
        if times and row != column
    ]
    return sorted(pairs, key=lambda pair: -pair[2])[:most]


def _wrong(counts: Sequence[Sequence[int]], index: int) -> int:
    return sum(counts[index]) + sum(row[index] for row in counts) - 2 * counts[index][index]


def _names(labels: Sequence[str], margin: float, cell: float, letter: float) -> Iterator[Markup]:
    style = f"font-size:{letter:.1f}px"
    for index, name in enumerate(labels):
        middle = margin + cell * (index + 0.5) + letter * 0.35
        words = element("title", name)
        shortened = shorten(name, NAME)
        yield element("text", shortened, words, x=margin - 6, y=middle, text_anchor="end", style=style)
        turned = f"translate({middle:.1f} {margin - 6:.1f}) rotate(-90)"
        yield element("text", shortened, words, transform=turned, style=style)


def _cells(
    labels: Sequence[str], counts: Sequence[Sequence[int]], margin: float, cell: float
) -> Iterator[Markup]:
    for row, times in enumerate(counts):
        for column, value in enumerate(times):
            if value:
                share = value / sum(times)
                words = f"{labels[row]} answered as {labels[column]}: {value} ({share:.0%})"
                place = margin + cell * column, margin + cell * row
                yield _cell(place, cell, value, share, "right" if row == column else "wrong", words)


def _cell(place: tuple[float, float], cell: float, value: int, share: float, kind: str, words: str) -> Markup:
    x, y = place
    strength = 0.12 + 0.88 * share
    box = element(
        "rect", x=x, y=y, width=cell - 1, height=cell - 1, class_=f"cell {kind}", fill_opacity=strength
    )
    number = label(x + cell / 2, y + cell / 2 + 4, str(value), "in" if share > 0.55 else "", "middle")
    return element("g", element("title", words), box, number if cell >= 24 else Markup(""))
