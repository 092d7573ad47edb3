"""Does a killed training go on to the bit? `python -m benchmarks.kill [--kills 10]`.

`overtone run` tunes a decoder on public instructions. The same plan is begun anew for each kill, ended by
SIGKILL at a random step and moment, and given again; the losses that its `metrics.jsonl` holds in the end must
be those of the run that nobody disturbed, compared by `float.hex()`.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.record import RESULTS, append
from overtone.runs.metrics import read_metrics

SOURCE = Path(__file__).parents[2] / "shared" / "data" / "gpteacher" / "train_code.jsonl"
PLAN = """
task: {{name: answer, max_tokens: 1}}
base: {base}
data: {{train: rows.jsonl, validation_share: 0.1, test_share: 0.05}}
stages: [{{method: {method}, epochs: {epochs}, batch_rows: 4, evaluations: 3, checkpoint_steps: 7, long_rows: drop}}]
decide: {{rivals: [fine_tune]}}
"""
COMMAND = (
    sys.executable,
    "-c",
    "from overtone.cli import main; main()",
    "run",
    "plan.yaml",
    "--json",
    "--name",
)
NOWHERE = subprocess.DEVNULL
PHASE = "train fine_tune"
LONGEST = 600  # characters of a row that is used, so that a step takes a fraction of a second


def main() -> None:
    """Run the campaign in a temporary folder; exit code 1 where a resumed run differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--rows", type=int, default=120)
    parser.add_argument("--epochs", type=float, default=2.4)
    parser.add_argument(
        "--base", default="builtin:tiny", help="a base's name, or random: a small Llama of chance"
    )
    parser.add_argument("--method", default="full")
    parser.add_argument("--seed", type=int, default=0, help="chooses when the runs are killed")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the result is appended")
    given = parser.parse_args()
    if not SOURCE.is_file():
        sys.exit(f"Error: {SOURCE} is not there: the public rows must lie beside the project.")
    with tempfile.TemporaryDirectory() as name:
        passed, lines = campaign(Path(name), given)
    told = f"{passed} passed, {given.kills - passed} failed"
    append(f"kill -9 and resume, {given.base}, {given.method}", [*lines, "", f"{told}."], given.out)
    sys.exit(passed < given.kills)


def campaign(folder: Path, given: argparse.Namespace) -> tuple[int, list[str]]:
    """How many resumed runs equal the undisturbed one, and a table of them."""
    write_plan(folder, given)
    chance, wanted = random.Random(given.seed), finish(folder, "whole")
    steps = max(step for step, _ in wanted)
    lines = ["| killed after step | lines equal | differing |", "|---|---|---|"]
    passed = 0
    for number in range(given.kills):
        name = f"kill{number}"
        at = kill(folder, name, chance.randrange(1, steps), chance.uniform(0, 0.3))
        found = finish(folder, name)
        different = sum(wanted.get(key) != found.get(key) for key in wanted.keys() | found.keys())
        passed += not different
        lines.append(f"| {at} of {steps} | {len(wanted) - different} of {len(wanted)} | {different} |")
        print(lines[-1], flush=True)
    return passed, lines


def write_plan(folder: Path, given: argparse.Namespace) -> None:
    """The plan, its rows (short ones, so that steps are quick), and the base where it is one of chance."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    short = [line for line in lines if len(line) < LONGEST][: given.rows]
    (folder / "rows.jsonl").write_text("\n".join(short) + "\n", encoding="utf-8")
    base = write_random_base(folder / "base") if given.base == "random" else given.base
    plan = PLAN.format(base=json.dumps(str(base)), method=given.method, epochs=given.epochs)
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")


def write_random_base(folder: Path) -> Path:
    """A small Llama with random weights and the tokenizer of the built-in decoder."""
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, set_seed

    from overtone.models.locate import locate

    tokenizer = AutoTokenizer.from_pretrained(locate("builtin:tiny"), local_files_only=True)
    shape: dict[str, Any] = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2}
    marks = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    set_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), num_attention_heads=4, attention_dropout=0.1, **shape, **marks
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def finish(folder: Path, name: str) -> dict[tuple[int, str], str]:
    """Run to the end; every number of every step of the training as hexadecimal digits."""
    done = subprocess.run((*COMMAND, name), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The run {name} ended with code {done.returncode}:\n{done.stderr[-2000:]}")
    return {
        (line["step"], key): float(number).hex()
        for line in read_metrics(folder / "runs" / name / "metrics.jsonl")
        if line["phase"] == PHASE
        for key, number in line.items()
        if key not in ("phase", "step")
    }


def kill(folder: Path, name: str, step: int, later: float) -> int:
    """Begin a run and end it by SIGKILL, some seconds after it has written a step; the last step written."""
    metrics = folder / "runs" / name / "metrics.jsonl"
    with subprocess.Popen((*COMMAND, name), cwd=folder, stdout=NOWHERE, stderr=NOWHERE) as process:
        while process.poll() is None and last_step(metrics) < step:
            time.sleep(0.01)
        time.sleep(later)
        process.send_signal(signal.SIGKILL)
    return last_step(metrics)


def last_step(metrics: Path) -> int:
    """The last whole training step that the file holds; 0 where there is none."""
    return max((line["step"] for line in read_metrics(metrics) if line["phase"] == PHASE), default=0)


if __name__ == "__main__":
    main()
