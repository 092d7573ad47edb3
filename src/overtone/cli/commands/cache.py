"""`overtone cache`: the work that is remembered between runs, and how to delete it."""

from dataclasses import asdict

import click

from overtone.cli.output import json_option, show_json, show_table

SETTINGS = """It lies in the folder that the environment's OVERTONE_CACHE names (else `overtone` in your cache folder)
and takes at most OVERTONE_CACHE_GIGABYTES (else 10); 0 remembers nothing."""


@click.group("cache", short_help="Show or clear what is remembered between runs.")
def command() -> None:
    """Work that does not change is remembered between runs: features, hidden states, reference likelihoods."""


@command.command("show", epilog=SETTINGS)
@json_option
def show(json_wanted: bool) -> None:
    """Show what is remembered: for each base and kind of work its rows, size, and rows served."""
    from overtone.engine.remember.catalogue import entries, total
    from overtone.engine.remember.settings import cache_folder, limit_bytes

    folder, limit, found = cache_folder(), limit_bytes(), entries(cache_folder())
    if json_wanted:
        listed = [asdict(entry) for entry in found]
        show_json({"folder": folder, "bytes": total(found), "limit_bytes": limit, "entries": listed})
        return
    if found:
        heads = ["base", "kind", "settings", "rows", "MB", "served", "computed"]
        show_table(
            heads,
            [
                [
                    entry.base,
                    entry.kind,
                    entry.settings,
                    entry.rows,
                    f"{entry.bytes / 1e6:.1f}",
                    entry.hits,
                    entry.misses,
                ]
                for entry in found
            ],
        )
    click.echo(f"{total(found) / 1e6:.1f} MB of at most {limit / 1e6:.0f} MB in {folder}.")


@command.command("clear")
@click.option("--base", help="Only what is remembered of this base.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@json_option
def clear(base: str | None, yes: bool, json_wanted: bool) -> None:
    """Delete what is remembered.

    It is computed again when it is needed. An unfinished run that goes on afterwards may differ in the last bits
    from one that was never interrupted.
    """
    from overtone.engine.remember.catalogue import clear, total
    from overtone.engine.remember.settings import cache_folder

    folder = cache_folder()
    if not yes:
        of = f" of {base}" if base else ""
        click.confirm(f"Delete all that is remembered{of} in {folder}?", abort=True, err=True)
    gone = clear(folder, base)
    if json_wanted:
        show_json({"folder": folder, "bytes": total(gone), "entries": len(gone)})
    else:
        click.echo(f"Deleted {total(gone) / 1e6:.1f} MB in {folder}.")
