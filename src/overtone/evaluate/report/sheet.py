"""A page of sections alone, for commands that find something without a whole run: `report.html`'s smaller sister."""

from collections.abc import Sequence

from overtone.evaluate.report.section import Section
from overtone.evaluate.report.templates import style_sheet, templates


def sheet(title: str, warnings: Sequence[str], sections: Sequence[Section]) -> str:
    """One HTML file: warnings first, then every section; all texts are escaped and nothing comes from outside."""
    template = templates(escape=True).get_template("sheet.html.jinja")
    return template.render(title=title, warnings=warnings, chapters=sections, style_sheet=style_sheet())
