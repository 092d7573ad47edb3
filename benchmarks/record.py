"""Results as Markdown: each is appended with the date and the machine it was measured on."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from overtone.runs.environment import environment

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = "# Results\n\nAppended by the benchmarks; the newest stand last.\n"


def append(title: str, lines: Sequence[str], file: Path) -> None:
    """Print a section and append it to the file of results."""
    section = "\n".join([f"## {title}, {date.today().isoformat()}", "", machine(), "", *lines, ""])
    print(section)
    before = file.read_text(encoding="utf-8") if file.exists() else HEAD
    file.write_text(f"{before.rstrip()}\n\n{section}", encoding="utf-8")


def machine() -> str:
    """Processor, cores, memory and versions in a line."""
    import torch

    found = environment()
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    versions = ", ".join(f"{name} {found['packages'].get(name, '?')}" for name in ("torch", "transformers"))
    return (
        f"{found['cores']} cores of {found['processor']}, {found['memory_bytes'] / 2**30:.0f} GiB, {gpu}, "
        f"{torch.get_num_threads()} threads; Python {found['python']}, {versions}."
    )


def systems_table(contents: dict[str, Any]) -> list[str]:
    """Every system of a report by the deciding metric, best first, with interval, rows and seconds."""
    metric = contents["metrics"][0]
    ranked = sorted(contents["systems"], key=lambda system: -system["scores"][metric["name"]]["value"])
    lines = [
        f"| system | {metric['title']} | 95 % interval | n | p against the best | seconds to prepare | "
        "milliseconds an answer |",
        "|---|---|---|---|---|---|---|",
    ]
    for system in ranked:
        score = system["scores"][metric["name"]]
        compared = system["comparisons"].get(metric["name"])
        lines.append(
            f"| {system['title']} | {score['value']:.2%} | {score['low']:.2%} to {score['high']:.2%} "
            f"| {score['n']} | {'' if compared is None else format(compared['p_corrected'], '.2g')} "
            f"| {system['training_seconds']:.1f} | {1000 * system['seconds_per_answer']:.1f} |"
        )
    return [*lines, "", *contents["verdict"]]
