"""Results that are appended, and a report's systems as a table."""

from benchmarks.record import HEAD, append, systems_table

REPORT = {
    "metrics": [{"name": "accuracy", "title": "Accuracy"}],
    "verdict": ["Use the frozen head."],
    "systems": [
        {
            "title": title,
            "scores": {"accuracy": {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 50}},
            "comparisons": {"accuracy": {"p_corrected": p}} if p else {},
            "training_seconds": 2.0,
            "seconds_per_answer": 0.0015,
        }
        for title, value, p in (("majority", 0.25, 0.0004), ("tuned", 0.75, None))
    ],
}


def test_the_best_system_stands_first_and_the_verdict_last():
    lines = systems_table(REPORT)
    assert lines[2] == "| tuned | 75.00% | 65.00% to 85.00% | 50 |  | 2.0 | 1.5 |"
    assert "| majority | 25.00% |" in lines[3]
    assert "| 0.0004 |" in lines[3]
    assert lines[-1] == "Use the frozen head."


def test_a_section_is_put_behind_those_that_are_there(tmp_path, capsys):
    file = tmp_path / "RESULTS.md"
    append("first", ["one"], file)
    append("second", ["two"], file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(HEAD.rstrip())
    assert text.index("## first, ") < text.index("one") < text.index("## second, ") < text.index("two")
    assert "two" in capsys.readouterr().out
