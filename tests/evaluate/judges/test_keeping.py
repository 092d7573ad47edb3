"""Replies kept in a run: read by a later start, told as they come, never those of another judge."""

import pytest

from overtone.core.errors import UserError
from overtone.evaluate.judges.keeping import FILE, current_replies, keeping
from overtone.evaluate.judges.local import CHUNK, LocalJudge
from overtone.evaluate.metrics.judge import Judge, asker
from tests.evaluate.judges.endpoint import between, prompt_of, served
from tests.evaluate.rows import WRITE, texts, written

ROWS, ANSWERS = written(*"abcdefgh"), texts(*(f"said {one}" for one in "abcdefgh"))


def kind(body):
    return 200, "Rating: 4"


@pytest.fixture(autouse=True)
def new_process():
    """Gives what forgets all that was heard, as a new process has."""
    asker.cache_clear()
    yield asker.cache_clear
    asker.cache_clear()


def test_a_later_start_asks_for_nothing_again(tmp_path, new_process, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "secret-value")
    with served(kind) as (url, asked):
        metric = Judge(base_url=url, model="m", key_variable="JUDGE_KEY")
        with keeping(tmp_path):
            first = metric.rows(ROWS, ANSWERS, WRITE)
        assert current_replies() is None
        new_process()
        asked.clear()
        with keeping(tmp_path):
            assert metric.rows(ROWS, ANSWERS, WRITE) == first == [0.75] * 8
            assert not asked
            metric.rows(ROWS[:1], texts("new"), WRITE)
            assert len(asked) == 1
            Judge(base_url=url, model="other").rows(ROWS, ANSWERS, WRITE)
            Judge(base_url=url, model="m", max_tokens=5).rows(ROWS, ANSWERS, WRITE)
            assert len(asked) == 1 + 2 * 8  # other judges give other replies
    assert "secret-value" not in (tmp_path / FILE).read_text()


def test_what_was_paid_for_before_the_judge_gave_up_is_kept(tmp_path, new_process):
    gone = True

    def reply(body):
        return (401, "no") if gone and between(prompt_of(body), "answer") == "said f" else kind(body)

    with served(reply) as (url, asked):
        metric = Judge(base_url=url, model="m")
        with keeping(tmp_path), pytest.raises(UserError, match="gives no reply"):
            metric.rows(ROWS, ANSWERS, WRITE)
        paid = len((tmp_path / FILE).read_text().splitlines())
        assert paid == len(asked) - 1 >= 4
        gone = False
        asked.clear()
        new_process()
        with keeping(tmp_path):
            assert metric.rows(ROWS, ANSWERS, WRITE) == [0.75] * 8
    assert len(asked) == 8 - paid


def test_a_prompt_that_got_no_reply_is_asked_again(tmp_path, new_process):
    with served(lambda body: (400, "refused")) as (url, asked):
        for _ in range(2):
            with keeping(tmp_path):
                assert Judge(base_url=url, model="m").rows(ROWS[:1], ANSWERS[:1], WRITE) == [0.0]
            new_process()
    assert len(asked) == 2 and not (tmp_path / FILE).exists()


def test_a_run_keeps_what_the_process_heard_in_another(tmp_path):
    with served(kind) as (url, asked):
        for name in ("one", "two"):
            with keeping(tmp_path / name):
                Judge(base_url=url, model="m").rows(ROWS, ANSWERS, WRITE)
    assert len(asked) == 8
    one, two = ((tmp_path / name / FILE).read_text().splitlines() for name in ("one", "two"))
    assert sorted(one) == sorted(two) and len(one) == 8


def test_a_base_on_this_machine_tells_its_replies_on_the_way():
    class Writer:
        def answer(self, questions):
            if len(heard) >= CHUNK:
                raise KeyboardInterrupt
            return texts(*("4" for _ in questions))

    heard = []
    judge = LocalJudge("none", 4)
    judge.__dict__["writer"] = Writer()
    with pytest.raises(KeyboardInterrupt):
        judge([str(number) for number in range(2 * CHUNK)], lambda *told: heard.append(told))
    assert heard == [(str(number), "4") for number in range(CHUNK)]
