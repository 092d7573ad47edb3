"""A section of a report in the terminal: its sentences and tables."""

from typing import TYPE_CHECKING

import click

from overtone.cli.output import show_table, visible

if TYPE_CHECKING:
    from overtone.evaluate.report.section import Section


def show_section(section: "Section") -> None:
    """Print a section; its plots are left to the page."""
    from overtone.evaluate.report.cells import written

    click.echo(f"\n{visible(section.title)}")
    for table in section.tables:
        if table.title:
            click.echo(visible(table.title))
        heads = [column.title for column in table.columns]
        show_table(heads, [[written(*cell) for cell in zip(row, table.columns)] for row in table.rows])
        if table.note:
            click.echo(visible(table.note))
    for sentence in section.sentences:
        click.echo(visible(sentence))
