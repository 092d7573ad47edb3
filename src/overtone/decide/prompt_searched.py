"""What a prompt search found: the best of the tried systems, and all that was tried."""

import json
from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.decide.halving import Trial, answers_of
from overtone.decide.prompt_candidates import Candidate
from overtone.decide.wanted import likelihoods


class Searched:
    """The best of the tried systems; `facts` tell of the search, `search` in JSON all that was tried."""

    def __init__(self, candidates: Sequence[Candidate], trials: Sequence[Trial], left_out: int) -> None:
        best = max(range(len(trials)), key=lambda place: trials[place].rank)
        self.system, self.can = trials[best].system, trials[best].system.can
        chosen = candidates[best]
        tried = [
            {
                "instruction": candidate.instruction,
                "examples": candidate.examples.name,
                "rows": len(trial.answers),
                "value": trial.value if trial.answers else None,
                "chosen": trial is trials[best],
            }
            for candidate, trial in zip(candidates, trials, strict=True)
        ]
        self._facts: dict[str, float | str] = {
            "instruction": chosen.instruction,
            "examples": chosen.examples.name,
            "candidates": float(len(candidates)),
            "candidates_left_out": float(left_out),
            "validation_answers": float(answers_of(trials)),
            "search": json.dumps(tried),
        }

    @property
    def facts(self) -> dict[str, float | str]:
        """What was searched, and what the chosen system tells of itself."""
        return {**getattr(self.system, "facts", {}), **self._facts}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The chosen system's answers."""
        return self.system.answer(questions)

    def likelihoods(self, questions: Sequence[Question], answers: Sequence[str]) -> list[float | None]:
        """Natural-log probability of each given answer by the chosen system; None where it cannot tell."""
        return likelihoods(self.system, questions, answers)
