import json
import re
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser

import pytest

from overtone.evaluate.chapter import chapters
from overtone.evaluate.report.contents import SystemResult, from_plain, to_plain
from overtone.evaluate.report.numbers import percent, scored
from overtone.evaluate.report.page import page
from overtone.evaluate.report.sheet import sheet
from tests.evaluate.chapters.made_up import classified
from tests.evaluate.report.sample import contents

VOID = {"meta", "br", "link", "img", "input", "hr"}
PAYLOAD = "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='x' {{7*7}}&lt;"


class Reader(HTMLParser):
    """Reads a page strictly: every element that opens is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], set(), [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def read() -> Reader:
    return Reader(page(contents()))


def poisoned(value):
    """The same contents with every free text replaced by a payload."""
    if isinstance(value, str):
        return PAYLOAD
    if isinstance(value, tuple):
        return tuple(map(poisoned, value))
    if isinstance(value, dict):
        return {(PAYLOAD + key): poisoned(entry) for key, entry in value.items()}
    if is_dataclass(value):
        fixed = {
            "kind",
            "part",
            "scores",
            "all_rows",
            "comparisons",
            "best",
            "name",
            "system",
            "version",
            "written",
            "across_written",
            "up_written",
        }
        return replace(
            value,
            **{
                one.name: poisoned(getattr(value, one.name)) for one in fields(value) if one.name not in fixed
            },
        )
    return value


def test_the_page_is_well_formed_and_shows_every_system_score_and_text(read):
    whole = contents()
    for system in whole.systems:
        assert system.title in read.text
        for score in (*system.scores.values(), *system.all_rows.values()):
            assert scored(score) in read.text
        for comparison in system.comparisons.values():
            assert percent(comparison.difference, signed=True) in read.text
    said = [
        *whole.verdict,
        *whole.warnings,
        *whole.environment.values(),
        *whole.costs.values(),
        whole.run,
        whole.date,
    ]
    said += [error.given for error in whole.errors] + [row.place for row in whole.parity]
    said += [one.label for one in whole.classes]
    assert [text for text in said if text not in read.text] == []


def test_nothing_comes_from_outside(read):
    html = page(contents())
    assert "://" not in html and "@import" not in html and "url(" not in html
    assert not read.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not [name for name, _ in read.attributes if name in {"src", "href"} or name.startswith("on")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes


def test_texts_cannot_become_markup(read):
    whole = contents()
    poison = poisoned(whole)
    titles = tuple(replace(system, title=PAYLOAD) for system in poison.systems)
    hostile = Reader(
        page(replace(poison, systems=titles, metrics=tuple(replace(m, title=PAYLOAD) for m in whole.metrics)))
    )
    assert hostile.tags <= read.tags
    assert not [name for name, _ in hostile.attributes if name.startswith("on") or name == "src"]
    assert PAYLOAD in " ".join(hostile.words)
    assert len(hostile.words) >= 50


def test_names_of_systems_and_classes_cannot_become_markup(read):
    whole = contents()
    renamed = replace(whole.systems[5], name=PAYLOAD)
    curves = tuple(replace(one, system=PAYLOAD) for one in whole.curves)
    hostile = Reader(page(replace(whole, systems=(*whole.systems[:5], renamed), best=PAYLOAD, curves=curves)))
    assert hostile.tags <= read.tags


def test_the_plain_form_is_json_and_comes_back_whole():
    whole = contents()
    assert from_plain(json.loads(json.dumps(to_plain(whole), allow_nan=False))) == whole
    with pytest.raises(ValueError):
        from_plain({**to_plain(whole), "version": 2})


def test_the_page_is_the_same_each_time_and_follows_its_contents():
    assert page(contents()) == page(contents())
    assert 'class="verdict missed"' in page(contents(reached=False))
    assert 'class="verdict open"' in page(contents(reached=None, bar=None))


@pytest.mark.parametrize("classes", [2, 3, 77, 151])
def test_any_number_of_classes_is_drawn(classes):
    read = Reader(page(contents(classes=classes)))
    assert ("Only the 100 classes" in read.text) == (classes > 100)


def test_sections_are_told_with_their_tables_plots_and_command(read):
    for section in contents().sections:
        said = [section.title, *section.sentences, section.command]
        for part in (*section.tables, *section.plots):
            said += [part.title, part.note]
        assert [text for text in said if text not in read.text] == []
    row = ["tuned", "93.4", "−2.1", "1 235", "1 240", "11.7 ms", "< 0.001"]
    assert " ".join([*row, "untuned", *"––––––"]) in read.text
    assert "macro average 90.0 80.0 72.0 240 216" in read.text


def test_a_sheet_holds_sections_alone_and_is_as_safe():
    whole = contents()
    alone = Reader(sheet("Six bases", ["One is slower."], whole.sections))
    assert "Six bases" in alone.text and "One is slower." in alone.text and "What quality costs" in alone.text
    hostile = Reader(sheet(PAYLOAD, [PAYLOAD], poisoned(whole.sections)))
    assert hostile.tags <= alone.tags
    assert not [name for name, _ in hostile.attributes if name.startswith("on") or name == "src"]
    assert PAYLOAD in " ".join(hostile.words)


def test_a_page_of_many_classes_is_small():
    results = classified(77, n=1540, wrong_answer_cost=5, review_cost=0.5)
    whole = contents(classes=77, sections=chapters(results))
    assert len(page(whole).encode()) < 1_500_000
    assert from_plain(json.loads(json.dumps(to_plain(whole), allow_nan=False))) == whole


def test_a_report_may_be_bare():
    whole = contents()
    only = SystemResult("one", "One", "tuned", {"accuracy": whole.systems[0].scores["accuracy"]})
    empty = {
        "warnings": (),
        "plan": {},
        "curves": (),
        "classes": (),
        "errors": (),
        "parity": (),
        "sections": (),
    }
    empty |= {
        "bar": None,
        "reached": None,
        "detectable": None,
        "confusion": None,
        "environment": {},
        "costs": {},
    }
    bare = replace(whole, systems=(only,), best="one", metrics=whole.metrics[:1], **empty)
    read = Reader(page(bare))
    assert "One" in read.text and not re.search(r"Training\b.*loss|Parity|Errors to read|None|nan", read.text)


def test_broken_parity_is_said():
    whole = contents()
    broken = (replace(whole.parity[0], ok=False, largest_difference=None), *whole.parity[1:])
    text = Reader(page(replace(whole, parity=broken))).text
    assert "not a number" in text and text.count("broken") == 2
