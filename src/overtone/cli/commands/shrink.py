"""`overtone shrink`: a base with fewer layers, for a student to start from."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json


@click.command("shrink", short_help="Make a smaller base from some of a base's layers.")
@click.argument("base")
@click.option("--layers", type=int, required=True, help="How many layers stay, spread evenly.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A new folder.")
@json_option
def command(base: str, layers: int, output: Path, json_wanted: bool) -> None:
    """Write BASE with a few of its layers into a new folder, which a plan names as its base.

    BASE is a built-in base, a local folder, a hub id, or the folder of a fully tuned model in a run. The smaller
    base knows little until it is trained; a larger model can teach it (objective: distill or distill_classes).

    \b
    overtone shrink builtin:minilm --layers 2 -o small-minilm
    """
    from overtone.models.shrink import shrink

    kept = shrink(base, layers, output)
    if json_wanted:
        show_json({"folder": output, "layers": [place + 1 for place in kept]})
        return
    named = ", ".join(str(place + 1) for place in kept)
    click.echo(f"{output} holds layers {named} of {base}: name it as the base of a plan.")
