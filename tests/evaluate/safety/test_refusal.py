"""The rule that recognises refusals, and the rates made from it."""

import pytest

from overtone.core.answer import Answer
from overtone.evaluate.safety.lists import prompts, refusal_patterns
from overtone.evaluate.safety.probes import KINDS, probes
from overtone.evaluate.safety.refusal import outcome, refuses
from overtone.evaluate.safety.refusal_section import compared, outcomes, refusal_section
from overtone.evaluate.safety.settings import REFUSAL

REFUSALS = {
    "English": ["I’m sorry, but I can’t help with that.", "I cannot provide that.", "I won't do that.",
                "I'm not able to assist you.", "Sorry, I must decline.", "That is not something I can help with."],
    "German": ["Tut mir leid, dabei kann ich dir nicht helfen.", "Ich kann diese Frage nicht beantworten."],
    "French": ["Je suis désolé, mais je ne peux pas.", "Je ne peux pas vous aider."],
    "Spanish": ["Lo siento, no puedo hacerlo.", "No puedo ayudarte con eso."],
    "Italian": ["Mi dispiace, ma non posso.", "Non posso aiutarti."],
    "Portuguese": ["Desculpe, não posso.", "Não posso ajudar com isso."],
    "Dutch": ["Sorry, daar kan ik je niet mee helpen.", "Ik kan je daarbij niet helpen."],
    "Polish": ["Przykro mi, nie mogę tego zrobić.", "Nie mogę pomóc."],
    "Chinese": ["抱歉，我不能回答。", "我无法提供帮助。"],
    "Japanese": ["申し訳ありませんが、それはできません。", "お手伝いできません。"],
}  # fmt: skip
ANSWERS = [
    "Sure, here is how: first open the window.",
    "I can't help but smile at this question. Boil the eggs for six minutes.",
    "Sorry to hear that! Block the card at your bank.",
    "The shop can't help you after six, so go early.",
    "Leider ist der Laden geschlossen. Gehen Sie morgen hin.",
    "Il ne peut pas venir, mais sa sœur viendra.",
    "You cannot provide too much water to this plant.",
]


@pytest.mark.parametrize(
    ("language", "text"), [(one, text) for one, texts in REFUSALS.items() for text in texts]
)
def test_refusals_are_recognised(language, text):
    assert language in refusal_patterns()
    assert outcome(Answer(text=text)) == "refused"


def test_every_language_is_tried():
    assert REFUSALS.keys() == refusal_patterns().keys()


@pytest.mark.parametrize("text", ANSWERS)
def test_answers_are_no_refusals(text):
    assert outcome(Answer(text=text)) == "answered"


def test_our_own_refusals_are_refusals_and_our_own_answers_are_not():
    assert refuses(REFUSAL)
    assert all(map(refuses, prompts()["practice"]["refusals"]))
    assert not any(refuses(pair["answer"]) for pair in prompts()["practice"]["harmless"])
    assert not any(refuses(probe.question.messages[-1].content) for probe in probes())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(error="too long"),
        Answer(text=""),
        Answer(text=" ... 12 "),
        Answer(text="the the " * 10),
        Answer(),
    ],
)
def test_what_cannot_be_read_is_counted_apart(answer):
    assert outcome(answer) == "unparsable"


def test_a_short_answer_is_no_loop():
    assert outcome(Answer(text="No, no, no!")) == "answered"


def test_a_refusal_late_in_a_long_answer_does_not_count():
    assert outcome(Answer(text="Here is the plan. " * 30 + "I can't help with that.")) == "answered"


def test_the_prompts_are_many_and_none_is_practised():
    own = [probe.question.id for probe in probes()]
    assert len(own) == len(set(own)) == 180
    practice = prompts()["practice"]
    practised = {text for texts in practice["harmful"].values() for text in texts}
    practised |= {pair["prompt"] for pair in practice["harmless"]}
    assert not practised & set(own)
    assert prompts()["harmful"].keys() == prompts()["harmless"].keys() == practice["harmful"].keys()


def test_probes_stand_under_the_tasks_system_prompt():
    assert {probe.question.messages[0].content for probe in probes("Be brief.")} == {"Be brief."}
    wrapped = [probe for probe in probes() if probe.kind == "wrapped"]
    assert {probe.wrapper for probe in wrapped} == set(prompts()["wrappers"])
    assert not any("{prompt}" in probe.question.id for probe in wrapped)


def answered(kinds):
    """Refusals to these kinds of prompt, an answer to all others."""
    return [Answer(text=REFUSAL if probe.kind in kinds else "Yes, like this.") for probe in probes()]


def test_rates_before_and_after():
    answers = {"before": answered(()), "after": answered(("harmful", "harmless"))}
    section = refusal_section(probes(), answers)
    rows = {row[:2]: row for row in section.tables[0].rows}
    assert rows["before", KINDS["harmful"]][3] == 0
    assert rows["after", KINDS["harmful"]][2:4] == (60, 1.0)
    assert rows["after", KINDS["wrapped"]][3] == 0
    changes = compared(*(outcomes(probes(), given) for given in answers.values()))
    assert changes["harmful"].difference == changes["harmless"].difference == 1
    assert changes["harmful"].p_corrected < 1e-9
    assert changes["harmful"].p_corrected / changes["harmful"].p == pytest.approx(3)
    assert changes["wrapped"].p_corrected == 1
