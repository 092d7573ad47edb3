"""`overtone serve`: finished runs over HTTP, the way OpenAI's clients ask."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json


@click.command("serve", short_help="Serve finished runs over HTTP.")
@click.argument("runs", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--key", envvar="OVERTONE_API_KEY", help="Key that clients must send; better given by the variable."
)
@click.option(
    "--filter/--no-filter",
    "filtered",
    default=None,
    help="Hold answers back until the output filter that `overtone safety` measured has judged them; where neither is "
    "given, as each run's plan says.",
)
@json_option
def command(
    runs: tuple[Path, ...], host: str, port: int, key: str | None, filtered: bool | None, json_wanted: bool
) -> None:
    """Serve the models of RUNS at /v1/chat/completions, /v1/completions and /v1/classify until Ctrl-C.

    Other machines reach it only where a key is set; give it in the variable OVERTONE_API_KEY.
    """
    from overtone import api

    def listening(url: str) -> None:
        names = [run.name for run in runs]
        if json_wanted:
            show_json({"url": f"{url}/v1", "models": names, "key_needed": key is not None})
        else:
            click.echo(f"Serving {', '.join(names)} at {url}/v1 until Ctrl-C.", err=True)

    api.serve(runs, host=host, port=port, key=key, listening=listening, filtered=filtered)
