"""Bad input: one clear sentence, exit code 2, no trace, no folder left. The sentences stand here in full."""

import json

import pytest

from overtone.decide.rival import Rival
from overtone.evaluate.metric import Metric
from overtone.train.stage import Stage
from tests.job.plans import rows, save_plan, write_csv, write_jsonl
from tests.small import edit_json, write_base

ROWS = rows(45)
CHAT = [{"prompt": row["text"], "completion": row["label"]} for row in ROWS]
LONG = [{"text": f"{letter * 200} sun", "label": "sun"} for letter in "abc"]
WITHOUT = "bases/without_template"
LISTED = (
    "builtin:minilm, builtin:tiny, a local folder with a config.json, or a hub id such as Qwen/Qwen3-0.6B."
)

SLIPS = {
    "misspelt key": (
        {"stages": [{"epohcs": 3}]},
        "plan.yaml, stages[0]: unknown setting 'epohcs'. Did you mean 'epochs'? Allowed: "
        f"{', '.join(Stage.model_fields)}.",
    ),
    "missing column": (
        {"data": {"train": "rows.csv", "columns": {"text": "txt"}}},
        "data.columns.text: rows.csv has no column 'txt'. Did you mean 'text'? Its columns: text, label.",
    ),
    "unknown base": (
        {"base": "builtin:minilmm"},
        f"no base is called 'builtin:minilmm'. Did you mean 'builtin:minilm'? Allowed: {LISTED}",
    ),
    "empty file": ({"data": "empty.csv"}, "empty.csv is empty; give a file with rows."),
    "one class only": (
        {"data": "one.csv"},
        "one.csv holds one class only ('sun'); a classifier needs rows of at least two.",
    ),
    "no chat template": (
        {"task": "answer", "base": WITHOUT, "data": "chat.jsonl"},
        f"base '{WITHOUT}' has no chat template, so it cannot hold a conversation: choose a base tuned for chat, or "
        "put a chat_template.jinja into its folder.",
    ),
    "row over the context": (
        {"data": {"train": "long.csv", "test": "rows.csv", "validation": "other.csv"}},
        "3 of 48 training rows are longer than the 128 tokens that 'bases/bert' reads (the longest, long.csv:49, has "
        "206): shorten them, choose a base with a longer context, or set stages.0.long_rows: drop",
    ),
    "no row to train on": (
        {"data": "unlabelled.csv"},
        "unlabelled.csv: no row is left to train on; all 45 were dropped (no label: 45).",
    ),
    "every row over the context": (
        {"base": "bases/short", "stages": [{"long_rows": "drop"}]},
        "no training row is left within the 5 tokens that the base reads: see `overtone data show` for what is trained",
    ),
    "task text": (
        {"task": "text"},
        "base: the tokenizer of 'bases/bert' has no mask token, so nothing can be hidden: choose an encoder that was "
        "trained on hidden words",
    ),
    "missing data file": (
        {"data": "row.csv"},
        "there is no file row.csv. Did you mean 'rows.csv'?",
    ),
    "unknown metric": (
        {"task": {"name": "classify", "metric": "accurcy"}},
        "plan.yaml, task.metric: no metric is called 'accurcy'. Did you mean 'accuracy'? Known: "
        f"{', '.join(Metric.all())}.",
    ),
    "metric of another task": (
        {"task": {"name": "classify", "metric": "rouge_l"}},
        "plan.yaml, task.metric: 'rouge_l' does not judge the task 'classify'; allowed: "
        f"{', '.join(name for name, metric in Metric.all().items() if 'classify' in metric.asks)}",
    ),
    "rival that does not fit": (
        {"decide": {"rivals": ["tfidf", "canned_reply"]}},
        "decide.rivals: 'canned_reply' needs a task that writes answers (task: answer); change that, or take "
        "'canned_reply' out of the list.",
    ),
    "rival that asks in a conversation": (
        {"base": WITHOUT, "decide": {"rivals": ["tfidf", "zero_shot"]}},
        "decide.rivals: 'zero_shot' needs a base with a chat template; change that, or take 'zero_shot' out of the "
        "list.",
    ),
    "unknown rival": (
        {"decide": {"rivals": ["tfdif"]}},
        "plan.yaml, decide.rivals[0]: no rival is called 'tfdif'. Did you mean 'tfidf'? Known: "
        f"{', '.join(Rival.all())}.",
    ),
    "encoder that should answer": (
        {"task": "answer", "data": "chat.jsonl"},
        "base: 'bases/bert' is an encoder, which cannot be tuned for the task 'answer': choose a base of kind "
        "decoder or encoder-decoder, or name the rivals to measure in decide.rivals",
    ),
    "objective of another task": (
        {"stages": [{"objective": "sft"}]},
        "stages[0].objective: 'sft' needs a base of kind decoder, and 'bases/bert' is a(n) encoder: choose another "
        "base, or use 'classify'",
    ),
}


@pytest.fixture(scope="module")
def folder(small_base, tmp_path_factory):
    """Files with one thing wrong in each."""
    folder = tmp_path_factory.mktemp("slips")
    write_csv(folder / "rows.csv", ROWS)
    write_csv(folder / "other.csv", rows(9, first=200))
    write_csv(folder / "one.csv", [{**row, "label": "sun"} for row in ROWS])
    write_csv(folder / "long.csv", [*ROWS, *LONG])
    write_csv(folder / "unlabelled.csv", [{**row, "label": ""} for row in ROWS])
    (folder / "empty.csv").write_text("")
    write_jsonl(folder / "chat.jsonl", CHAT)
    write_base(folder / "bases" / "bert", "bert")
    write_base(folder / "bases" / "short", "bert")
    edit_json(folder / "bases" / "short" / "tokenizer_config.json", model_max_length=5)
    write_base(folder / WITHOUT, "llama", template=False)
    return folder


@pytest.mark.parametrize(("changes", "sentence"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_one_sentence_and_leaves_nothing(folder, command, changes, sentence):
    save_plan(folder / "plan.yaml", {"task": "classify", "base": "bases/bert", "data": "rows.csv", **changes})
    code, out, error = command(folder, "run", "plan.yaml")
    said = [line for line in error.splitlines() if not line.startswith("read  ")]
    told = sentence.replace("'bases/", f"'{folder.resolve()}/bases/")  # the base is named by its full path
    assert (code, out, said) == (2, "", [f"Error: {told}"])
    assert list((folder / "runs").glob("*")) == []


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".hidden"])
def test_a_name_that_is_no_folder_of_its_own_is_refused(folder, command, name):
    save_plan(folder / "plan.yaml", {"task": "classify", "base": "bases/bert", "data": "rows.csv"})
    code, out, error = command(folder, "run", "plan.yaml", "--name", name)
    assert (code, out) == (2, "")
    assert error.startswith(f"Error: '{name}' cannot be the name of a run. Allowed are letters, digits,")
    assert not (folder / "up").exists()


def test_a_slip_in_use_is_one_sentence(sorting, command, tmp_path):
    folder = sorting.plan.parent
    (folder / "blank.csv").write_text("text,label\n")
    (folder / "bytes.csv").write_bytes(b"\x00\x01\xac,\xff\n")
    write_csv(folder / "foreign.csv", [{"text": "a", "label": "moon"}, {"text": "b", "label": "star"}])
    for arguments, sentence in [
        (
            ("predict", "srot", "test.csv", "-o", "slip.csv"),
            "srot is no run: it holds no state.json. Did you mean 'sort'?",
        ),
        (
            ("predict", "sort", "tset.csv", "-o", "slip.csv"),
            "there is no file tset.csv. Did you mean 'test.csv'?",
        ),
        (("evaluate", "sort", "--data", "blank.csv"), "blank.csv holds only a header"),
        (("chat", "sotr"), "sotr is no run"),
        (
            ("predict", "sort", "bytes.csv", "-o", "slip.csv"),
            "bytes.csv is no text but binary; name a CSV, TSV,",
        ),
        (
            ("evaluate", "sort", "--data", "foreign.csv"),
            "foreign.csv: no row carries a label that the model was taught; it knows 'rain', 'sun', 'wind', the rows "
            "carry 'moon', 'star'. Give rows of the task",
        ),
        (("serve", "sotr"), "sotr is no run"),
        (("serve", "sort", "sort"), "two of the runs have the same name"),
        (("serve", "sort", "--host", "0.0.0.0"), "refusing to serve on 0.0.0.0 without a key"),
    ]:
        code, out, error = command(folder, *arguments)
        assert (code, out) == (2, "")
        assert error.startswith(f"Error: {sentence}")
        assert len(error.splitlines()) == 1
    assert not (folder / "slip.csv").exists()


def test_only_the_report_is_printed_as_json(sorting, command):
    code, out, _ = command(sorting.plan.parent, "run", "sort.yaml", "--json")
    assert code == 0
    assert json.loads(out) == {"folder": "runs/sort", **sorting.contents}
