"""The chapter on how answers were judged: what was extracted, what could not be read."""

from dataclasses import replace

from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.chapters.judging import Judging
from overtone.evaluate.metrics.judge import asker
from tests.evaluate.chapters.made_up import written
from tests.evaluate.judges.endpoint import served
from tests.evaluate.rows import texts


def made(task):
    results = written()
    few = {key: texts("#### 4", "four", "####") for key in results.answers}
    return replace(results, task=task, test=results.test[:3], answers=few)


def test_nothing_to_tell_where_the_whole_answer_is_judged():
    assert Judging().write(made(AnswerTask())) is None


def test_unparsable_answers_of_each_system_are_counted():
    results = made(AnswerTask(extract="after_marker"))
    section = Judging().write(results)
    assert section.sentences[0].startswith("Of each answer 'after_marker' is judged;")
    (table,) = section.tables
    assert table.rows == tuple((results.titles[key], 2, 3) for key in results.answers)


def test_what_a_judge_could_not_tell_is_told():
    asker.cache_clear()
    with served(lambda body: (200, "hm")) as (url, _):
        section = Judging().write(
            made(AnswerTask(metrics=[{"name": "judge", "base_url": url, "model": "m"}]))
        )
    assert section.tables == () and len(section.sentences) == 2
    assert "3 of 3 ratings could not be read and count as the worst." in section.sentences[0]
