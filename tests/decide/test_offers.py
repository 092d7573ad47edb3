"""Which rivals fit a plan, and what is said where one does not."""

import pytest
from pydantic import TypeAdapter, ValidationError

from overtone.core.errors import UserError
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.offers import chosen_rivals, default_rivals, offers
from overtone.decide.rival import Rival

RIVALS = TypeAdapter(list[Rival])
SORTING = offers(ClassifyTask(), "encoder", chat_template=False, documents=False)
ANSWERING = offers(AnswerTask(), "decoder", chat_template=True, documents=True)
UNDOCUMENTED = offers(AnswerTask(), "decoder", chat_template=True, documents=False)
WITHOUT_TEMPLATE = offers(ClassifyTask(), "decoder", chat_template=False, documents=False)
FROZEN = ["embedding_head", "embedding_svm"]
SHOWN_ANSWERS = ["canned_reply", "zero_shot", "few_shot_random", "few_shot", "prompt_search"]
CASES = [
    (SORTING, ["majority", "tfidf", "zero_shot", "few_shot", "prompt_search", *FROZEN, "fine_tune"]),
    (
        ANSWERING,
        [
            "canned_reply",
            "zero_shot",
            "few_shot_random",
            "few_shot",
            "prompt_search",
            "retrieval",
            "fine_tune",
            "fine_tune_retrieval",
        ],
    ),
    (UNDOCUMENTED, [*SHOWN_ANSWERS, "fine_tune"]),
    (
        offers(AnswerTask(), "encoder", chat_template=False, documents=True),
        ["canned_reply", "extract_answer"],
    ),
    (
        offers(ClassifyTask(), "decoder", chat_template=True, documents=False),
        [
            "majority",
            "tfidf",
            "zero_shot",
            "few_shot_random",
            "few_shot",
            "prompt_search",
            *FROZEN,
            "embedding_neighbours",
            "fine_tune",
        ],
    ),
    (WITHOUT_TEMPLATE, ["majority", "tfidf", *FROZEN, "embedding_neighbours", "fine_tune"]),
]


@pytest.mark.parametrize(("plan", "keys"), CASES)
def test_all_that_fit_are_measured_the_quick_ones_first(plan, keys):
    assert [rival.key for rival in default_rivals(plan)] == keys
    assert chosen_rivals(None, plan) == default_rivals(plan)


@pytest.mark.parametrize(
    ("rival", "plan", "reason"),
    [
        ("retrieval", UNDOCUMENTED, "'retrieval' needs a file with documents (data.documents);"),
        ("tfidf", ANSWERING, "'tfidf' needs a task that sorts texts (task: classify);"),
        (
            {"name": "fine_tune", "label": "noted", "documents": 2},
            UNDOCUMENTED,
            "'noted' needs a file with documents (data.documents);",
        ),
        (
            {"name": "few_shot", "examples": 2},
            WITHOUT_TEMPLATE,
            "'few_shot' needs a base with a chat template; change that, or take 'few_shot' out",
        ),
        (
            "retrieval",
            SORTING,
            "needs a decoder as base and a file with documents (data.documents) and a task that writes",
        ),
    ],
)
def test_a_rival_that_does_not_fit_is_refused_in_words(rival, plan, reason):
    with pytest.raises(UserError) as refused:
        chosen_rivals(RIVALS.validate_python([rival]), plan)
    assert reason in str(refused.value)


def test_an_empty_list_and_a_repeated_name_are_refused():
    with pytest.raises(UserError, match="rivals is empty"):
        chosen_rivals([], SORTING)
    twice = RIVALS.validate_python(["fine_tune", {"name": "fine_tune", "stages": [{"epochs": 1}]}])
    with pytest.raises(UserError, match="two rivals are called 'fine_tune'; give each a label"):
        chosen_rivals(twice, SORTING)


def test_a_misspelt_rival_names_the_nearest():
    with pytest.raises(ValidationError, match=r"no rival is called 'tf-idf'\. Did you mean 'tfidf'"):
        RIVALS.validate_python(["tf-idf"])


@pytest.mark.parametrize("label", ["../up", ".hidden", "a/b", "a b"])
def test_a_label_is_a_plain_file_name(label):
    with pytest.raises(ValidationError):
        RIVALS.validate_python([{"name": "fine_tune", "label": label}])


@pytest.mark.parametrize("name", Rival.all())
def test_every_rival_says_what_it_is_and_survives_a_saved_plan(name):
    kind = Rival.find(name)
    assert kind.title
    assert kind.needs
    required = {"base_url": "http://localhost/v1", "model": "m"} if name == "endpoint" else {}
    rival = kind(label="other", **required)
    assert RIVALS.validate_python(RIVALS.dump_python([rival], mode="json")) == [rival]
