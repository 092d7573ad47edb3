from dataclasses import replace

from overtone.evaluate.report.card import card, plain
from overtone.evaluate.report.numbers import chance, count, percent, scored, seconds, small
from overtone.evaluate.report.rows import heads, rows
from tests.evaluate.report.sample import contents


def test_the_card_says_task_data_base_scores_limits_and_parity():
    whole = contents()
    text = card(whole)
    wanted = [
        whole.run,
        whole.task,
        "builtin:minilm (licence: Apache-2.0)",
        "74 dropped: repeated row",
        "## Limits",
    ]
    wanted += [scored(score) for system in whole.systems for score in system.scores.values()]
    wanted += ["| served over HTTP | 3.1e-06 | 1.0e-04 | equal |"]
    wanted += ["- **What quality costs.** A sentence before all."]
    wanted += ["`overtone run plan.yaml --set stages.0.epochs=2 --name fewer-epochs`"]
    assert [one for one in wanted if one not in text] == []
    assert "\n\n\n\n" not in text


def test_no_text_breaks_the_card():
    whole = contents()
    mean = "a|b\n# head <script>alert(1)</script> [x](y) `code`"
    text = card(
        contents(task=mean, verdict=(mean,), systems=tuple(replace(one, title=mean) for one in whole.systems))
    )
    assert "<script" not in text and "\n# head" not in text
    tables = [line for line in text.splitlines() if line.startswith("| a")]
    assert len(tables) == 6 and all(line.replace("\\|", "").count("|") == 7 for line in tables)
    assert plain(" a\n b_c ") == "a b\\_c"


def test_rows_are_strings_under_their_heads_best_first():
    whole = contents()
    table = rows(whole)
    assert heads(whole) == ("System", "Accuracy", "Macro-F1", "Against best", "p", "Time/answer", "MB")
    assert [row[0] for row in table][:2] == ["Fine-tuned (full)", "Embedding + head"]
    assert table[1] == (
        "Embedding + head",
        "91.8 [90.1, 93.2]",
        "91.0 [89.3, 92.5]",
        "−1.6 [−2.6, −0.7]",
        "0.012",
        "11.3 ms",
        "812",
    )
    assert table[0][3:5] == ("–", "–")


def test_numbers_are_written_alike():
    assert [percent(0.92931), percent(-0.021, True), percent(0.5, True), percent(-0.0001, True)] == [
        "92.9", "−2.1", "+50.0", "0.0",
    ]  # fmt: skip
    assert [chance(0.0004), chance(0.04), chance(None)] == ["< 0.001", "0.040", "–"]
    times = (0.0, 0.0117, 0.9999, 3.21, 243, 119.7, 7805)
    written = ["0 ms", "11.7 ms", "1 s", "3.21 s", "4 min 3 s", "2 min 0 s", "2 h 10 min"]
    assert list(map(seconds, times)) == written
    assert [count(n) for n in (7, 31.44, 1240, 22742861)] == [
        "7",
        "31.4",
        "1\u202f240",
        "22\u202f742\u202f861",
    ]
    assert [small(x) for x in (0.0, 3.14e-6, float("nan"), None)] == [
        "0",
        "3.1e-06",
        "not a number",
        "not a number",
    ]
