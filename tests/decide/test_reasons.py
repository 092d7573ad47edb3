"""Reasons against tuning and what would change the verdict: each said only where the figures say so."""

from dataclasses import replace

import numpy as np

from overtone.core.score import Comparison, Score
from overtone.decide.economy import BreakEven, Cost, Economy, Prices
from overtone.decide.learning_curve import Learned
from overtone.decide.power_law import fit
from overtone.decide.reasons import Documents, Findings, against, changes, rounded_up
from overtone.decide.verdict import Evidence

UNTUNED, TUNED = Score(0.90, 0.87, 0.93, 400), Score(0.95, 0.92, 0.97, 400)
CLEAR = Comparison(0.05, 0.02, 0.08, 0.001, 0.002, "exact McNemar")
UNCLEAR = Comparison(0.01, -0.02, 0.04, 0.4, 0.6, "exact McNemar")
LOST = Comparison(-0.05, -0.08, -0.02, 0.001, 0.002, "exact McNemar")
NO_MONEY = Economy(Prices(), {}, None, None, None)


def findings(gain: Comparison = CLEAR, bar: float | None = None, **more: object) -> Findings:
    evidence = Evidence(
        metric="Accuracy",
        scores={"head": UNTUNED, "fine_tune": TUNED},
        titles={"head": "a head", "fine_tune": "tuned"},
        tuned=frozenset({"fine_tune"}),
        gain=gain,
        smallest=0.03,
        bar=bar,
    )
    return replace(Findings(evidence, NO_MONEY), **more)  # type: ignore[arg-type]


def rising(factor: float = 0.3) -> Learned:
    sizes = (100, 200, 400, 800)
    errors = factor * (np.asarray(sizes) / 800) ** -0.6
    drawn = np.repeat(errors[None], 50, axis=0)
    scores = tuple(Score(1 - error, 0.5, 0.8, 5000) for error in errors)
    return Learned("tfidf", "TF-IDF", False, sizes, scores, fit(sizes, errors, drawn, 5000, 0))


def test_a_clear_and_needed_gain_has_no_reason_against_it() -> None:
    assert list(against(findings())) == []
    assert list(changes(findings())) == []


def test_a_bar_that_is_met_without_tuning() -> None:
    found = findings(bar=0.85)
    assert list(against(found)) == [
        "The bar of 85.0% is met without tuning: 'a head' has 90.0% (95 % interval 87.0 to 93.0, n = 400)."
    ]
    assert list(changes(found)) == ["A bar above 87.0%: 'a head' would then not be shown to reach it."]
    assert list(against(findings(bar=0.88))) == []


def test_a_gain_below_what_the_rows_show_and_the_rows_that_would() -> None:
    (reason,) = against(findings(UNCLEAR))
    assert reason.startswith("The gain is not shown: +1.0 points (95 % interval -2.0 points to +4.0 points")
    assert reason.endswith("400 test rows can show 3.0 points.")
    (change,) = changes(findings(UNCLEAR))
    assert change.startswith("About 3,600 test rows instead of 400:")


def test_a_loss() -> None:
    (reason,) = against(findings(LOST))
    assert reason.startswith("Tuning lost: -5.0 points")
    (sure,) = against(findings(replace(LOST, p_corrected=0.0)))
    assert "corrected p 0.002)" in reason and "corrected p < 0.001)" in sure


def test_a_rising_curve_says_that_rows_come_first_unless_the_bar_is_reached() -> None:
    found = findings(curves=[rising()])
    (reason,) = against(found)
    assert "with twice its 800 training rows 'TF-IDF' would gain +10.2 points" in reason
    high = rising()
    assert list(against(findings(bar=0.4, curves=[high])))[1:] == []
    assert not any("Rows are few" in one for one in against(findings(curves=[replace(high, law=None)])))


def test_the_rows_at_which_the_curve_reaches_the_bar() -> None:
    told = list(changes(findings(bar=0.8, curves=[rising()])))
    assert any("About 1,600 training rows instead of 800" in one and "bar of 80.0%" in one for one in told)
    assert not any("training rows" in one for one in changes(findings(bar=0.99, curves=[rising()])))


def test_documents_only_where_reading_them_wins() -> None:
    documents = Documents("retrieval", "tuned", CLEAR, TUNED, UNTUNED)
    (reason,) = against(findings(documents=documents))
    assert reason.startswith(
        "Answers depend on documents: 'retrieval' beats 'tuned', which reads none, by +5.0"
    )
    assert "with the right document in the prompt it has 95.0%" in reason
    assert list(against(findings(documents=replace(documents, gain=UNCLEAR)))) == []


def test_money_that_never_or_too_late_comes_back() -> None:
    prices = Prices(1.0, None, 2.0, 100, 12)
    costs = {"head": Cost(0.001, 0.2, 0.0), "fine_tune": Cost(0.001, 0.1, 300.0)}
    pair = ("fine_tune", "head")
    late = Economy(prices, costs, pair, CLEAR, BreakEven(*pair, 300.0, 0.1, 0.04, 0.16))
    (reason,) = against(findings(economy=late))
    assert reason.startswith(
        "The cost does not come back in 12 months: 'tuned' against 'a head' needs 3,000 answers"
    )
    (change,) = changes(findings(economy=late))
    assert change.startswith("A wrong answer that costs more than 5.00 (the plan says 2.00)")
    never = replace(late, even=BreakEven(*pair, 300.0, -0.1, -0.2, 0.1))
    (reason,) = against(findings(economy=never))
    assert reason.startswith("The cost never comes back")
    assert list(against(findings(economy=replace(late, even=BreakEven(*pair, 1.0, 0.1, 0.04, 0.16))))) == []


def test_two_digits_rounded_up() -> None:
    assert [rounded_up(rows) for rows in (0, 3.2, 99, 1234, 1_010_000)] == [0, 4, 99, 1300, 1_100_000]


def test_many_validation_rows_that_tuning_only_watched_are_worth_learning_from() -> None:
    (change,) = changes(findings(LOST, watched=154, learned=616))
    assert change.startswith("The 154 validation rows to learn from, beside the 616 training rows")
    assert list(changes(findings(LOST, watched=61, learned=616))) == []
    assert list(changes(findings(CLEAR, watched=154, learned=616))) == []
    assert list(changes(findings(LOST))) == []
