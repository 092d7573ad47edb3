import json
import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from overtone.core.errors import UserError
from overtone.demo.emails import SIZES, generate, normalised, write_row
from overtone.demo.families import choices, families, known_articles, new_articles
from overtone.demo.layout import NEW_ARTICLES, TWO_PROBLEMS, UNSEEN_WORDING, Brief
from overtone.demo.library import articles, categories

SEEN_SPLITS = ("train", "validation")


def test_same_seed_same_bytes(splits) -> None:
    assert json.dumps(generate()) == json.dumps(splits)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_same_bytes_in_another_process(splits, hash_seed) -> None:
    program = "import json; from overtone.demo.emails import generate; print(json.dumps(generate()))"
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=True)
    assert told.stdout.decode().strip() == json.dumps(splits)


def test_another_seed_gives_other_mails(splits) -> None:
    other = generate({"test": 300}, seed=1)["test"]
    assert not {row["text"] for row in other} & {row["text"] for row in splits["test"]}


def test_a_split_does_not_depend_on_the_ones_beside_it(splits) -> None:
    assert generate({"validation": SIZES["validation"]})["validation"] == splits["validation"]


def test_sizes_are_exact_and_ids_unique(splits) -> None:
    assert {split: len(rows) for split, rows in splits.items()} == SIZES
    ids = [row["id"] for rows in splits.values() for row in rows]
    assert len(set(ids)) == len(ids)


def test_every_split_holds_every_category(splits) -> None:
    for split, rows in splits.items():
        assert sorted({row["label"] for row in rows}) == categories(), split


def test_unseen_wording_and_new_articles_stand_in_test_rows_only(splits) -> None:
    unseen = {family.id for family in families() if family.unseen}
    for split in SEEN_SPLITS:
        assert not {row["wording"] for row in splits[split]} & unseen
        assert not {name for row in splits[split] for name in row["articles"]} & set(new_articles())


def test_sentences_of_unseen_wording_are_never_said_in_train(splits) -> None:
    said = "\n".join(row["text"] for row in splits["train"]).lower()
    for sentence in (sentence for family in families() if family.unseen for sentence in family.sentences):
        longest_part = max(re.split(r"\{\w+\}", sentence.lower()), key=len)
        assert longest_part not in said, sentence


def test_shares_of_test_rows(splits) -> None:
    unseen = {family.id for family in families() if family.unseen}
    new = [row for row in splits["test"] if row["article"] in new_articles()]
    known = [row for row in splits["test"] if row["article"] in known_articles()]
    assert len(new) == round(NEW_ARTICLES * 300)
    assert sum(row["wording"] in unseen for row in known) == round(UNSEEN_WORDING * len(known))
    assert {row["article"] for row in new} == set(new_articles())


def test_articles_are_evenly_spread(splits) -> None:
    counts = Counter(row["article"] for row in splits["train"])
    assert set(counts) == set(known_articles())
    assert max(counts.values()) - min(counts.values()) <= 1


def test_share_of_mails_with_two_problems(splits) -> None:
    for split, rows in splits.items():
        assert sum(len(row["labels"]) == 2 for row in rows) == round(TWO_PROBLEMS * len(rows)), split


def test_labels_and_articles_belong_together(splits) -> None:
    for row in (row for rows in splits.values() for row in rows):
        assert row["labels"] == [articles()[name].category for name in row["articles"]]
        assert (row["label"], row["article"]) == (row["labels"][0], row["articles"][0])
        assert len(set(row["labels"])) == len(row["labels"])
        assert row["wording"].startswith(row["article"] + "/")


def test_no_two_mails_are_the_same_once_normalised(splits) -> None:
    texts = [normalised(row["text"]) for rows in splits.values() for row in rows]
    assert len(set(texts)) == len(texts)


def test_a_mail_that_exists_is_written_again(splits) -> None:
    brief = Brief(choices("late-parcel", unseen=False)[:1])
    first = write_row("train-0000", brief, 0, set())
    seen = {normalised(first["text"])}
    again = write_row("train-0000", brief, 0, seen)
    assert normalised(again["text"]) != normalised(first["text"])
    assert seen == {normalised(first["text"]), normalised(again["text"])}


def test_mails_are_short_letters(splits) -> None:
    lengths = [len(row["text"].split()) for rows in splits.values() for row in rows]
    assert 50 <= sum(lengths) / len(lengths) <= 70
    assert max(lengths) <= 150
    assert all(row["text"].startswith("Subject: ") for row in splits["train"])
    quoted = sum("\n> " in row["text"] for row in splits["train"])
    assert 0.1 < quoted / SIZES["train"] < 0.4


def test_no_pattern_is_left_unfilled(splits) -> None:
    assert not [row for rows in splits.values() for row in rows if re.search(r"[{}|]", row["text"])]


def test_answers_hold_the_steps_in_order(splits) -> None:
    for row in (row for rows in splits.values() for row in rows):
        steps = [step for name in row["articles"] for step in articles()[name].steps]
        assert re.findall(r"^\d+\. (.+)$", row["answer"], flags=re.MULTILINE) == steps
        if len(row["articles"]) == 1:
            assert 40 <= len(row["answer"].split()) <= 90


def test_answers_vary_around_their_steps(splits) -> None:
    first_lines = {row["answer"].splitlines()[0] for row in splits["train"]}
    last_lines = {row["answer"].splitlines()[-1] for row in splits["train"]}
    assert len(first_lines) > 2 and len(last_lines) > 2


def test_an_unknown_split_is_refused() -> None:
    message = r"sizes: the demo has no split 'tests', only train, validation, test\. Did you mean 'test'\?"
    with pytest.raises(UserError, match=message):
        generate({"tests": 10})


def test_a_split_without_rows_is_refused() -> None:
    with pytest.raises(UserError, match="sizes, test: 0 rows; give 1 or more"):
        generate({"test": 0})
