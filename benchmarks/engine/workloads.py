"""What is measured, by name."""

from typing import Protocol

from benchmarks.engine.cost import Cost
from benchmarks.engine.frozen import Head, Top
from benchmarks.engine.generation import Generation
from benchmarks.engine.options import Options
from benchmarks.engine.training import SFT_PEERS, Rows, Training
from benchmarks.engine.update import Update


class Workload(Protocol):
    """Something that is measured and told in Markdown."""

    @property
    def name(self) -> str:
        """What `--workloads` calls it."""

    @property
    def title(self) -> str:
        """What the results call it."""

    @property
    def shape(self) -> str:
        """The model's shape."""

    def measure(self, options: Options) -> list[str]:
        """Lines of Markdown."""


PREFERENCE = ("overtone", "plain_pairs", "trl_dpo")
SAMPLED = ("overtone", "plain_samples", "trl_grpo")
TAUGHT = ("overtone", "plain_remembered", "plain_taught", "trl_gkd")
PROMPTED = ("overtone", "plain", "trainer", "trl_sft")
SAMPLES: dict[int, Rows] = {60: "samples_60", 200: "samples_200"}  # by their length in tokens
GPU_PEERS = ("overtone", *SFT_PEERS, "trl_liger")
WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        Training("sft", "SFT, LoRA rank 16, mixed lengths", "15M", "instructions", 32),
        Training(
            "sft-135M",
            "SFT, LoRA rank 16, mixed lengths",
            "135M",
            "instructions",
            16,
            search_count=8,
            defaults=False,
        ),
        Training("full", "SFT, all weights, mixed lengths", "15M", "instructions", 32, method="full"),
        Training("classify", "classification by instruction, constant prefix", "15M", "classification", 32),
        Training(
            "classify-135M",
            "classification by instruction, constant prefix",
            "135M",
            "classification",
            32,
            search_count=8,
            defaults=False,
        ),
        Training(
            "dpo", "DPO, LoRA rank 16", "15M", "preferences", 16, PREFERENCE, objective="dpo", compared=1
        ),
        Training(
            "ipo",
            "IPO, LoRA rank 16; TRL divides by the lengths of answers",
            "15M",
            "preferences",
            16,
            PREFERENCE,
            objective="ipo",
        ),
        Training(
            "kto",
            "KTO, LoRA rank 16; TRL reads a mismatched answer for each answer, Overtone for each pair",
            "15M",
            "preferences",
            16,
            ("overtone", "trl_kto"),
            objective="kto",
        ),
        Training(
            "orpo",
            "ORPO, LoRA rank 16; TRL learns the prompts of chosen answers too",
            "15M",
            "preferences",
            16,
            ("overtone", "plain_pairs", "trl_orpo"),
            objective="orpo",
        ),
        Training(
            "simpo",
            "SimPO, LoRA rank 16",
            "15M",
            "preferences",
            16,
            ("overtone", "plain_pairs", "trl_simpo"),
            objective="simpo",
        ),
        Training(
            "reward",
            "reward model, LoRA rank 16",
            "15M",
            "preferences",
            16,
            ("overtone", "trl_reward"),
            objective="reward",
            predicted=False,
        ),
        *(
            Update(
                f"grpo-{length}",
                f"GRPO's update, LoRA rank 16, 8 given samples of {length} tokens on a prompt of 200",
                "15M",
                rows,
                8,
                SAMPLED,
                objective="grpo",
                compared=1,
                search_count=8,
            )
            for length, rows in SAMPLES.items()
        ),
        Training(
            "distil",
            "distillation into half of the layers, all weights, the teacher's 64 likeliest tokens",
            "15M-half",
            "instructions",
            32,
            TAUGHT,
            method="full",
            objective="distill",
            teacher="15M",
        ),
        Training("prompt", "prompt tuning, 20 tokens", "15M", "instructions", 32, PROMPTED, method="prompt"),
        Training(
            "memory",
            "SFT, LoRA rank 16, the same 8 rows in each forward pass",
            "15M",
            "instructions",
            8,
            fixed={"batch": 8},
        ),
        Generation("decode", "greedy answers, 8 requests", "15M", 8),
        Generation("adapters-8", "greedy answers, 8 requests with 8 adapters", "15M", 8, adapters=8),
        Generation("adapters-50", "greedy answers, 50 requests with 50 adapters", "15M", 50, adapters=50),
        Top("top", "LoRA in the top quarter of the layers", "15M"),
        Head("head", "20 strengths x 5 folds of a head over a frozen body", "15M"),
        Cost("cost", "cost of LoRA steps by rows and by length", "15M"),
    )
}
ON_GPU: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        Training("gpu-sft", "SFT, LoRA rank 16, mixed lengths", "1B", "instructions", 64, GPU_PEERS),
        Training(
            "gpu-classify", "classification by instruction, constant prefix", "1B", "classification", 64
        ),
        Training(
            "gpu-dpo", "DPO, LoRA rank 16", "1B", "preferences", 32, PREFERENCE, objective="dpo", compared=1
        ),
    )
}
