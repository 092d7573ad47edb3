"""Languages named in a plan: who is learned from, who is judged, shares, translations, and every refusal."""

import json
from collections import Counter

import pytest
from pydantic import ValidationError

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.data.load import load_data
from overtone.data.settings import DataSettings

LANGUAGES = ("en", "de", "sw", "no")


def rows(count=60, **more):
    """Texts of their own in every language; row n of each is a translation of row n of the others."""
    return [
        {"text": f"{lang} {n} words", "label": "ab"[n % 2], "lang": lang, "meaning": f"m{n}", **more}
        for lang in LANGUAGES
        for n in range(count)
    ]


def jsonl(found):
    return "\n".join(map(json.dumps, found))


@pytest.fixture
def load(write, tmp_path):
    def load_rows(languages, seed=0, **settings):
        if not (tmp_path / "a.jsonl").exists():
            write("a.jsonl", jsonl(rows()))
        given = {"train": "a.jsonl", "languages": {"column": "lang", **languages}, **settings}
        return load_data(DataSettings.model_validate(given), Task.model_validate("classify"), seed, tmp_path)

    return load_rows


def spoken(found):
    return Counter(row.language for row in found)


def test_other_languages_stay_out_of_training_and_the_test_holds_every_wanted_one(load):
    data = load({"train": ["en"], "test": ["en", "de", "sw"]})
    assert spoken(data.train) == {"en": 44} and spoken(data.validation) == {"en": 4}
    assert spoken(data.test) == {"en": 12, "de": 12, "sw": 12}
    assert data.guess.endswith("language from 'lang' (not used: meaning)")
    (file,) = data.account.files
    assert file.set_aside == 240 - 48 - 36
    assert not data.warnings


def test_all_languages_are_judged_where_none_is_named(load):
    assert set(spoken(load({"train": "en"}).test)) == set(LANGUAGES)


def test_whatever_is_learned_from_the_same_rows_are_judged(load):
    first, second = load({"train": ["en"]}), load({"train": {"de": 1, "sw": 0.5}})
    assert {row.id for row in first.test} == {row.id for row in second.test}
    assert spoken(second.train)["sw"] < spoken(second.train)["de"] * 0.6


def test_a_smaller_share_lies_within_a_larger_and_holds_every_class(load):
    found = [load({"train": {"en": 1.0, "de": share}}) for share in (0.25, 0.5, 1)]
    taken = [{row.id for row in (*data.train, *data.validation) if row.language == "de"} for data in found]
    assert taken[0] < taken[1] < taken[2] and [len(ids) for ids in taken] == [12, 24, 48]
    assert {row.labels for row in found[0].train if row.language == "de"} == {("a",), ("b",)}
    assert "de" in spoken(load({"train": {"en": 0.5, "de": 1}}).validation)


def test_a_split_by_meaning_keeps_translations_of_judged_rows_out(load):
    data = load({"train": {"en": 1, "de": 0.5}}, group="meaning")
    judged = {row.group for row in data.test}
    assert spoken(data.test) == dict.fromkeys(LANGUAGES, 12)
    assert judged.isdisjoint(row.group for row in (*data.train, *data.validation))
    assert not any("share their group" in warning for warning in data.warnings)


def test_a_test_file_keeps_translations_of_its_rows_out_of_training(load, write):
    found = rows(40)
    write(
        "b.jsonl",
        jsonl([{**row, "text": f"{row['text']} again"} for row in found if row["lang"] == "sw"][:10]),
    )
    data = load({"train": ["en"]}, group="meaning", test="b.jsonl")
    assert {row.group for row in data.train}.isdisjoint(f"m{n}" for n in range(10))
    assert len(data.train) + len(data.validation) == 50
    assert len(load({"train": ["en"]}, test="b.jsonl").train) > 50  # no group, no translation


def test_files_of_their_own_are_read_in_the_wanted_languages(load, write):
    write("v.jsonl", jsonl([{**row, "text": f"{row['text']} for validation"} for row in rows(20)]))
    data = load({"train": {"en": 1, "sw": 0.5}, "test": ["de"]}, validation="v.jsonl")
    assert spoken(data.validation) == {"en": 20, "sw": 10}
    assert set(spoken(data.test)) == {"de"}
    with pytest.raises(UserError, match=r"^data\.validation: no row is left in 'no'; give other rows\.$"):
        write("w.jsonl", jsonl([row for row in rows(20) if row["lang"] == "en"]))
        load({"train": ["no"]}, validation="w.jsonl")


def test_samples_are_drawn_from_what_is_learned(load):
    data = load({"train": ["en", "de"], "test": ["sw"]}, rows=20)
    assert len(data.train) + len(data.validation) == 20 and set(spoken(data.train)) == {"en", "de"}


def test_rows_without_a_language_are_set_aside_and_told(load, write):
    write(
        "a.jsonl", jsonl([*rows(), *[{**row, "text": f"{row['text']}?!x", "lang": None} for row in rows(5)]])
    )
    data = load({"train": ["en"]})
    assert "" not in spoken(data.test)
    assert "20 rows name no language and are set aside, the first in a.jsonl:241." in data.warnings


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        (
            {"train": ["en", "De"]},
            "data.languages.train: no row to learn from is in 'De'. Did you mean 'de'? There are rows in 'de', 'en', "
            "'no', 'sw'.",
        ),
        (
            {"train": ["en"], "test": ["en", "swa"]},
            "data.languages.test: no test row is in 'swa'. Did you mean 'sw'? There are rows in 'de', 'en', 'no', "
            "'sw'.",
        ),
        (
            {"train": ["en"], "column": "language"},
            "data.languages.column: a.jsonl has no column 'language'.",
        ),
    ],
)
def test_what_the_rows_lack_is_refused(load, languages, told):
    with pytest.raises(UserError) as error:
        load(languages)
    assert str(error.value).startswith(told)


def test_nothing_left_to_learn_from_is_refused(load, write):
    write("b.jsonl", jsonl([{**row, "text": f"{row['text']} again"} for row in rows()]))
    with pytest.raises(
        UserError, match=r"^data\.languages\.train\.en: of 60 rows 0 share no group with a judged row"
    ):
        load({"train": ["en"]}, group="meaning", test="b.jsonl")


def test_one_class_in_the_learned_language_is_refused(load, write):
    write("a.jsonl", jsonl([{**row, "label": "a"} if row["lang"] == "en" else row for row in rows()]))
    with pytest.raises(
        UserError, match=r"^data\.languages\.train: the rows in 'en' hold one class only \('a'\)"
    ):
        load({"train": ["en"]})


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        ({"column": "lang", "train": {"en": 1.5}}, "train.en: 1.5 is no share of rows"),
        ({"column": "lang", "train": {"en": 0}}, "leave the language out"),
        ({"column": "lang", "train": ["en", False]}, "write 'no' in quotes"),
        ({"column": "lang", "train": ["en"], "tests": ["en"]}, "Did you mean 'test'"),
        ({"column": "lang", "train": []}, "at least 1"),
    ],
)
def test_settings_that_cannot_be_are_refused(languages, told):
    with pytest.raises(ValidationError, match=told):
        DataSettings.model_validate({"train": "a.jsonl", "languages": languages})


def test_settings_come_back_whole():
    given = {"column": "lang", "train": ["en", "de"], "test": ["sw"]}
    saved = DataSettings.model_validate({"train": "a.jsonl", "languages": given})
    assert saved.languages and list(saved.languages.train.items()) == [("en", 1.0), ("de", 1.0)]
    assert DataSettings.model_validate(saved.model_dump(mode="json")) == saved
