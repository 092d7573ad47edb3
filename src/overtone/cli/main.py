"""The door: runs a command and turns what went wrong into a sentence and an exit code."""

import errno
import sys
import traceback
from collections.abc import Sequence

import click

from overtone import __version__
from overtone.cli.group import LazyGroup
from overtone.cli.output import visible
from overtone.core.errors import UserError

INTERRUPTED = 130  # as shells report a process ended by Ctrl-C
OF_THE_MACHINE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}  # no defect of ours
DEFECT = 70  # an internal error, apart from a slip (2) and a failed run (1)


@click.group(cls=LazyGroup, package="overtone.cli.commands", context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="overtone")
def overtone() -> None:
    """Decide by measurement whether to fine-tune a language model; then tune, prove and serve it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and leave with its exit code: 0 done, 1 a failed run, 2 a slip, 130 interrupted."""
    sys.exit(_outcome(arguments))


def _outcome(arguments: Sequence[str] | None) -> int:
    try:
        result = overtone.main(arguments, prog_name="overtone", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("Interrupted. A run goes on where it stopped when the same command is given again.")
        return INTERRUPTED
    except Exception as error:
        return _explain(error)


def _explain(error: Exception) -> int:
    """Tell a slip or a failed run in its own words; show the trace of anything else, for it is our defect."""
    if isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
        _say(f"Error: {error.filename or 'the disk'}: {error.strerror}.")
        return UserError.exit_code
    code: int | None = getattr(error, "exit_code", None)
    if code is None:
        traceback.print_exception(error)
        _say("This is a defect of Overtone. Please report the lines above, with what you ran, as an issue.")
        return DEFECT
    _say(visible(f"Error: {error}"))  # a slip quotes what a file holds
    return code


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
