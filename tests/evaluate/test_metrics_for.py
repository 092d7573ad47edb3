import pytest

from overtone.core.part import Part
from overtone.evaluate.metric import Metric, metrics_for
from tests.evaluate.rows import SINGLE, WRITE, labelled, written


def test_the_deciding_metric_comes_first_and_steps_only_where_there_are_some():
    assert [metric.name for metric in metrics_for(SINGLE, labelled("a"))] == ["accuracy", "macro_f1"]
    with_steps = [metric.name for metric in metrics_for(WRITE, written("plain", "1. do it"))]
    assert with_steps == ["rouge_l", "exact_match", "steps", "steps_order"]
    assert [metric.name for metric in metrics_for(WRITE, written("plain"))] == ["rouge_l", "exact_match"]


def test_every_metric_declares_what_it_is():
    for name, kind in Metric.all().items():
        assert kind.title and kind.asks and kind.interval in {"wilson", "bca", "bootstrap"}, name
        assert issubclass(kind, Metric) and kind.__mro__[1] is Metric and kind.__doc__, name


@pytest.mark.parametrize(
    "name", [name for name, kind in Metric.all().items() if name not in ("judge", "python")]
)
def test_a_metric_is_named_by_its_name_alone(name):
    metric = Metric.model_validate(name)
    assert isinstance(metric, Part) and metric.key == name and metric.label == ""
    assert Metric.model_validate(metric.model_dump()) == metric


def test_a_usual_metric_that_judges_hardly_a_row_is_left_out() -> None:
    plain = written(*["plain"] * 39)
    some = {metric.name for metric in metrics_for(WRITE, [*plain[:19], *written("1. a\n2. b")])}
    few = {metric.name for metric in metrics_for(WRITE, [*plain, *written("1. a\n2. b")])}
    assert some - few == {"steps", "steps_order"}
    named = WRITE.model_copy(update={"metrics": ("steps",)})
    assert "steps" in {metric.name for metric in metrics_for(named, [*plain, *written("1. a\n2. b")])}
