"""The plan's file: what is accepted, what is refused and in which words, and that nothing is lost."""

import json
import re

import pytest

from overtone.core.errors import UserError
from overtone.plan import check_plan, draft_plan, plan_schema, read_plan, write_plan
from overtone.plan.document import parse

SMALLEST = "task: classify\nbase: builtin:minilm\ndata: mails.csv\n"


@pytest.fixture
def plan_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text):
        (tmp_path / "plan.yaml").write_text(text)
        return "plan.yaml"

    return write


def refusal(path, overrides=()):
    with pytest.raises(UserError) as caught:
        read_plan(path, overrides)
    return str(caught.value)


def test_a_plan_of_three_lines_is_read_with_every_default(plan_file):
    plan = read_plan(plan_file(SMALLEST))
    assert (plan.name, plan.task.name, plan.data.train) == ("plan", "classify", "mails.csv")
    assert plan.stages[0].method.name == "full"


def test_a_name_given_goes_before_the_plans_own_and_the_files(plan_file):
    assert read_plan(plan_file(SMALLEST + "name: mine\n")).name == "mine"
    assert read_plan(plan_file(SMALLEST + "name: mine\n"), name="given").name == "given"


def test_a_misspelt_part_is_refused_with_place_and_nearest_name(plan_file):
    said = refusal(plan_file(SMALLEST + "stages: [{method: lroa}]\n"))
    begin = "plan.yaml, stages[0].method: no method is called 'lroa'. Did you mean 'lora'? Known: "
    assert said.startswith(begin)


def test_every_problem_has_its_line(plan_file):
    said = refusal(plan_file("task: classify\ndata: 5\nsede: 1\n"))
    assert said.startswith("plan.yaml: unknown setting 'sede'. Did you mean 'seed'?")
    said = refusal(plan_file("task: classify\nseed: -1\nstages: [{epochs: many}]\n")).splitlines()
    assert said[0] == "plan.yaml, base: this setting is required."
    assert said[1] == "plan.yaml, data: this setting is required."
    assert said[2].startswith("plan.yaml, stages[0].epochs: should be a number, not 'many'.")
    assert said[3].startswith("plan.yaml, seed: should be greater than or equal to 0, not -1.")


def test_a_misspelt_setting_inside_a_part_is_refused_with_its_place(plan_file):
    said = refusal(plan_file(SMALLEST + "stages: [{method: {name: lora, rnk: 8}}]\n"))
    assert said.startswith("plan.yaml, stages[0].method: unknown setting 'rnk'. Did you mean 'rank'?")


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("stages.0.epochs=1.5", lambda plan: plan.stages[0].epochs == 1.5),
        ("stages[0].learning_rate=1e-4", lambda plan: plan.stages[0].learning_rate == 1e-4),
        ("seed=7", lambda plan: plan.seed == 7),
        ("data.test=test.csv", lambda plan: plan.data.test == "test.csv"),
        ("task.bar=0.9", lambda plan: plan.task.bar == 0.9),
        ("decide.rivals=[]", lambda plan: plan.decide.rivals == []),
        ("stages=[{epochs: 1}]", lambda plan: [stage.epochs for stage in plan.stages] == [1]),
    ],
)
def test_a_setting_is_changed_from_the_command_line(plan_file, override, read):
    assert read(read_plan(plan_file(SMALLEST), [override]))


def test_a_method_may_be_named_and_then_set(plan_file):
    plan = read_plan(plan_file(SMALLEST), ["stages.0.method=lora", "stages.0.method.rank=4"])
    assert (plan.stages[0].method.name, plan.stages[0].method.rank) == ("lora", 4)


def test_an_override_may_give_what_the_file_lacks(plan_file):
    assert (
        read_plan(plan_file("task: classify\ndata: mails.csv\n"), ["base=builtin:tiny"]).base
        == "builtin:tiny"
    )


def test_what_a_plan_lacks_is_set_before_all_else(plan_file):
    path = plan_file("task: classify\ndata: mails.csv\nstages: [{method: lora}]\n")
    plan = read_plan(path, ["stages.0.method.rank=4", "data.test=test.csv", "base=builtin:tiny"])
    assert (plan.base, plan.stages[0].method.rank, plan.data.test) == ("builtin:tiny", 4, "test.csv")


def test_a_part_may_be_set_even_where_the_plan_does_not_hold_yet(plan_file):
    said = refusal(plan_file("data: mails.csv\nstages: [{method: lora}]\n"), ["stages.0.method.rnk=4"])
    assert "stages[0].method: unknown setting 'rnk'. Did you mean 'rank'?" in said


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("stage.0.epochs=1", "--set: the plan has no 'stage'. Did you mean 'stages'?"),
        ("stages.3.epochs=1", "--set: stages has 1 entries, counted from 0; there is no '3'."),
        (
            "stages.0.epoch=1",
            "plan.yaml with --set, stages[0]: unknown setting 'epoch'. Did you mean 'epochs'?",
        ),
        ("seed", "--set seed is no setting; write it as --set stages.0.epochs=2."),
        ("=5", "--set =5 is no setting"),
        ("data.test.x=1", "--set: data.test is not set and has no settings; set it first."),
        ("seed=[1", "the value of --set seed, line 2, column 1, is not valid YAML:"),
    ],
)
def test_an_override_that_means_nothing_is_refused(plan_file, override, said):
    assert refusal(plan_file(SMALLEST), [override]).startswith(said)


def test_a_written_plan_reads_back_the_same(plan_file):
    plan = read_plan(plan_file(SMALLEST), ["stages.0.method={name: lora, rank: 3}", "task.bar=0.25"])
    assert read_plan(plan_file(write_plan(plan))) == plan


def test_the_drafted_plan_is_valid_and_says_what_was_asked():
    columns = {"text": "mail: body", "label": "yes"}
    text = draft_plan("my mails.csv", "classify", "builtin:minilm", 0.9, 2.5, columns)
    plan = check_plan(parse(text, "draft"))
    assert (plan.task.bar, plan.task.wrong_answer_cost) == (0.9, 2.5)
    assert (plan.data.train, plan.data.columns) == ("my mails.csv", columns)
    assert text.count("\n") <= 12


@pytest.mark.parametrize(("task", "usable", "refit"), [("classify", 600, True), ("classify", 20_000, False)])
def test_few_labelled_rows_are_learned_from_twice(task, usable, refit):
    plan = check_plan(parse(draft_plan("mails.csv", task, "builtin:minilm", usable=usable), "draft"))
    assert plan.stages[0].refit is refit


def test_only_labels_are_few_in_that_sense():
    assert "refit" not in draft_plan("mails.csv", "answer", "builtin:tiny", usable=600)


def test_the_schema_names_every_part_and_is_plain_json():
    schema = plan_schema()
    text = json.dumps(schema)
    assert set(re.findall(r'"#/\$defs/(\w+)"', text)) <= set(schema["$defs"])
    for name in ("classify", "answer", "lora", "full", "head", "single"):
        assert f'"{name}"' in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds nothing"),
        ("- a\n", "holds a list"),
        ("hello you", "holds a text"),
        ("5", "holds the value 5"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(plan_file, text, said):
    assert refusal(plan_file(text)) == (
        f"plan.yaml is no plan: it {said} where settings such as `task: classify` are expected. `overtone init DATA` "
        "writes one."
    )


def test_a_file_that_is_not_there_is_refused(plan_file, tmp_path):
    plan_file(SMALLEST)
    assert refusal("paln.yaml") == (
        "there is no plan paln.yaml. Did you mean 'plan.yaml'? `overtone init DATA` writes one."
    )
    (tmp_path / "plans").mkdir()
    assert refusal("plans") == "plans is a folder; name the plan's file in it."


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "stages: {method: lora}",
            "stages: should be a list, as in [first, second], not {'method': 'lora'}.",
        ),
        ("seed: one", "seed: should be a whole number, not 'one'."),
        ("name: 3", "name: should be a text, not 3."),
        ("decide: tfidf", "decide: should be a mapping, as in {name: value}, not 'tfidf'."),
        ("stages: []", "stages: should have at least 1 item after validation, not 0, not []."),
    ],
)
def test_a_wrong_value_is_told_without_a_word_of_python(plan_file, setting, said):
    assert refusal(plan_file(f"{SMALLEST}{setting}\n")) == f"plan.yaml, {said}"
