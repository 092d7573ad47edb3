"""Hostile and broken YAML is refused in words, quickly, and runs nothing."""

import time

import pytest

from overtone.core.errors import UserError
from overtone.plan.document import LARGEST_BYTES, parse, read_document


def refusal(text):
    with pytest.raises(UserError) as caught:
        parse(text, "plan.yaml")
    return str(caught.value)


def test_a_key_given_twice_is_refused_with_both_lines():
    said = refusal("seed: 1\ndata:\n  train: a\n  test: b\n  train: c\n")
    assert (
        said == "plan.yaml, line 5, column 3, is not valid YAML: the key 'train' is already given in line 3."
    )


def test_aliases_may_be_used_but_not_as_a_bomb():
    assert parse("a: &x [1]\nb: *x\nc: {<<: {d: 1}, d: 2}", "plan.yaml")["c"] == {"d": 2}
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    start = time.monotonic()
    assert refusal(bomb) == "plan.yaml uses more than 50 YAML aliases; write the values out."
    assert time.monotonic() - start < 1


def test_deep_nesting_is_refused():
    assert refusal("[" * 10_000) == "plan.yaml is nested more than 50 deep; a plan never is."


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch canary']",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/object/new:os.system [touch canary]",
    ],
)
def test_no_object_is_made_and_no_code_runs(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "is not valid YAML: could not determine a constructor" in refusal(text)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["a: [1", "a: b: c", "\t- x", "a: 2024-13-45", "a: \x00", "? [a, b]\n: {c: &x [*x]}"]
)
def test_broken_yaml_is_told_in_one_line(text):
    said = refusal(text)
    assert said.startswith("plan.yaml")
    assert "\n" not in said


def test_a_tab_is_told_with_its_place_and_what_to_do():
    assert refusal("data:\n\ttrain: x") == (
        "plan.yaml, line 2, column 1, is not valid YAML: a tab or another character that may not stand here (indent "
        "with spaces, and put text that begins with a sign into quotes)."
    )


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path):
    (tmp_path / "plan.yaml").write_text("a: " + "x" * LARGEST_BYTES)
    with pytest.raises(UserError, match="holds 1,000,003 bytes; a plan has at most 1,000,000"):
        read_document(tmp_path / "plan.yaml")


def test_a_file_of_the_largest_size_is_read_in_a_second(tmp_path):
    line = "- {name: lora, rank: 16}\n"
    (tmp_path / "plan.yaml").write_text(line * (LARGEST_BYTES // len(line)))
    start = time.process_time()
    assert len(read_document(tmp_path / "plan.yaml")) == LARGEST_BYTES // len(line)
    assert time.process_time() - start < 8


def test_text_in_another_encoding_is_refused_and_a_byte_order_mark_is_not(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes("name: Müller".encode("latin-1"))
    with pytest.raises(UserError, match="is not UTF-8 text: byte 7 cannot be read"):
        read_document(path)
    path.write_bytes(b"\xef\xbb\xbfseed: 1")
    assert read_document(path) == {"seed": 1}
