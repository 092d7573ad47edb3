"""What the two sides of `benchmarks.lm_eval` are given: models, rows and task files, all made here."""

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# What a sum is divided by in Overtone's task, and the metric of lm-eval that does the same.
METRICS = {"none": "acc", "characters": "acc_norm", "bytes": "acc_bytes"}
PROMPT = "Question: {question}\nAnswer:"
TEXT = (
    "the old clock in the hall was slow again so Ada wound it up before dinner and set both hands right while "
    "rain fell on the garden and nobody came home early from work because every train was late"
)
WORDS = TEXT.split()
ODD = ["naïve café", "Straße 7", "数字と文字", "don't — stop!", "tabs\tand  spaces", "3.14159", "🙂 yes", "a"]
Pair = tuple[str, str]  # a context and its continuation


def questions(count: int = 60, seed: int = 0) -> list[dict[str, Any]]:
    """Questions with two to five choices of very different lengths, no two of a row alike."""
    draw = random.Random(seed)
    rows = []
    for place in range(count):
        pool = {*draw.sample(ODD, 2), *(" ".join(draw.sample(WORDS, draw.randint(1, 9))) for _ in range(4))}
        choices = draw.sample(sorted(pool), draw.randint(2, 5))
        question = f"{place}. {' '.join(draw.choices(WORDS, k=draw.randint(4, 60)))}?"
        rows.append({"question": question, "choices": choices, "answer": draw.randrange(len(choices))})
    return rows


def pairs(greedy: Sequence[Pair], count: int = 40, seed: int = 0) -> list[dict[str, str]]:
    """Contexts and continuations: every kind of boundary, rows of about the context of 1,024 tokens, and `greedy`."""
    draw = random.Random(seed)

    def some(least: int, most: int) -> str:
        return " ".join(draw.choices(WORDS, k=draw.randint(least, most)))

    edges = [
        ("", some(2, 9)),
        ("", " " + some(2, 9)),
        ("", "a"),
        ("The end ", "of it"),
        ("The end  ", " of it"),
        ("The end\n", "of it"),
        ("The end\n\n ", some(1, 4)),
        ("The e", "nd of it all"),
        ("12", "345 and more"),
        ("Straß", "e 7"),
        ("数字と", "文字 are 🙂"),
        ("a", " "),
        ("x" * 60, "x" * 30),
        (some(600, 620), " " + some(8, 9)),
        (some(900, 910), " " + some(8, 9)),  # nearly the context
        (some(980, 990), " " + some(8, 9)),  # a little over it
        (some(1500, 1600), some(8, 9)),
    ]
    found = [*edges, *greedy]
    while len(found) < count:
        found.append((some(1, 80), draw.choice(["", " ", "\n"]) + some(1, 12)))
    return [{"context": context, "continuation": continuation} for context, continuation in found]


def write_models(folder: Path) -> dict[str, Path]:
    """The bundled decoder, and a random one of Llama's shape whose tokenizer begins every text with a mark."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from overtone.models.locate import locate

    tiny, llama = folder / "tiny", folder / "llama"
    shutil.copytree(locate("builtin:tiny"), tiny)
    torch.manual_seed(0)
    shape = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3, "num_attention_heads": 8}
    config = LlamaConfig(
        **shape, vocab_size=4096, num_key_value_heads=2, max_position_embeddings=1024, initializer_range=0.2
    )
    LlamaForCausalLM(config).save_pretrained(llama)
    AutoTokenizer.from_pretrained(tiny).save_pretrained(llama)
    tokenizer = json.loads((llama / "tokenizer.json").read_text(encoding="utf-8"))
    begin = {"SpecialToken": {"id": "<|begin|>", "type_id": 0}}
    tokenizer["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [begin, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [begin, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<|begin|>": {"id": "<|begin|>", "ids": [1], "tokens": ["<|begin|>"]}},
    }
    (llama / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    return {"builtin:tiny": tiny, "random Llama": llama}


def write_tasks(folder: Path, rows: Sequence[dict[str, Any]], likelihoods: Sequence[dict[str, str]]) -> None:
    """The rows, and for each file a task of lm-eval that reads it."""
    folder.mkdir(parents=True)
    metrics = [{"metric": name, "aggregation": "mean", "higher_is_better": True} for name in METRICS.values()]
    tasks = {
        "local_choices": (
            rows,
            {
                "output_type": "multiple_choice",
                "doc_to_text": PROMPT.replace("{question}", "{{question}}"),
                "doc_to_choice": "choices",
                "doc_to_target": "answer",
                "metric_list": metrics,
            },
        ),
        "local_likelihoods": (
            likelihoods,
            {
                "output_type": "loglikelihood",
                "doc_to_text": "context",
                "doc_to_target": "continuation",
                "metric_list": metrics[:1],
            },
        ),
    }
    for name, (found, task) in tasks.items():
        file = folder / f"{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
        source = {"dataset_path": "json", "dataset_kwargs": {"data_files": {"test": str(file)}}}
        (folder / f"{name}.yaml").write_text(
            json.dumps({"task": name, "test_split": "test", **source, **task})
        )
