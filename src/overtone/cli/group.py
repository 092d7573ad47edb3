"""A group of commands that imports each one only when it is named, so that `--help` stays fast."""

import pkgutil
from importlib import import_module
from typing import Any

import click

from overtone.core.errors import nearest


class LazyGroup(click.Group):
    """Finds its commands in a package: the module `cross_validate` holds `cross-validate` as `command`."""

    def __init__(self, *arguments: Any, package: str, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.package = package

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of the package's modules."""
        modules = pkgutil.iter_modules(import_module(self.package).__path__)
        return sorted(module.name.replace("_", "-") for module in modules)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in self.list_commands(context):
            return None
        command: click.Command = import_module(f"{self.package}.{name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is refused with the nearest known name."""
        name, known = arguments[0], self.list_commands(context)
        if name not in known and not name.startswith("-"):
            context.fail(f"no command is called '{name}'.{nearest(name, known)} Known: {', '.join(known)}.")
        return super().resolve_command(context, arguments)
