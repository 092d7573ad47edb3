"""The report as one HTML page that needs nothing from outside: style and pictures are in it."""

from overtone.evaluate.report.contents import Contents
from overtone.evaluate.report.heatmap import LARGEST, confused, heatmap
from overtone.evaluate.report.losses import losses
from overtone.evaluate.report.templates import style_sheet, templates
from overtone.evaluate.report.tradeoff import tradeoff
from overtone.evaluate.report.whiskers import whiskers


def page(contents: Contents) -> str:
    """The whole page. Every text of the contents is escaped; there is no script and no outside address."""
    table = contents.confusion
    return (
        templates(escape=True)
        .get_template("report.html.jinja")
        .render(
            report=contents,
            style_sheet=style_sheet(),
            scores={metric.name: whiskers(contents, metric) for metric in contents.metrics},
            losses=losses(contents),
            tradeoff=tradeoff(contents),
            heatmap=heatmap(table) if table else None,
            confused=confused(table) if table else (),
            too_many=len(table.labels) > LARGEST if table else False,
            largest=LARGEST,
        )
    )
