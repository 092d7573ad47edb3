"""A learned prompt's nearest words: kept with the training, said when it ends, and a fact of the system."""

import json

from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.job.tuner import TRAINING_FILE, Tuner
from overtone.methods.nearest_words import NEAREST
from overtone.train.stage import Stage

ROWS = [
    Example(str(number), messages=(Message("user", f"say {number}"), Message("assistant", "go")))
    for number in range(4)
]
STAGE = {"method": {"name": "prompt", "tokens": 2, "text": "go"}, "objective": "sft", "epochs": 1}


def test_nearest_words_are_kept_said_and_a_fact_of_the_system(roomy_llama, tmp_path):
    tuner = Tuner(str(roomy_llama), AnswerTask(), (), 0, tmp_path / "checkpoints", references=False)
    stages, said = [Stage.model_validate({**STAGE, "learning_rate": 1e-6})], []
    system = tuner(stages, ROWS, ROWS, tmp_path / "fine_tune", said.append)
    kept = json.loads((tmp_path / "fine_tune" / TRAINING_FILE).read_text())
    first, second = kept[NEAREST].split("\n")
    assert first.startswith("g 1.00 / ") and second.startswith("o 1.00 / ")
    assert any(event.message == f"{NEAREST}: {first}; {second}" for event in said)
    assert system.facts[NEAREST] == kept[NEAREST] and kept["layout"] and kept["trainable_parameters"] == 64
