"""The command line: parse, call the API, show. Each command is a file in `commands/`, imported when named."""

from overtone.cli.main import main

__all__ = ["main"]
