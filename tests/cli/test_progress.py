"""Progress: plain lines that are not too many, or bars, never both, never on standard output."""

import io

from overtone.cli.progress import Bars, Lines, _display, progress
from overtone.core.event import Event


def test_lines_tell_rate_and_time_left_every_few_seconds(capsys):
    clock = iter([0.0, 2.0, 4.0, 12.0, 20.0])
    watch = Lines(lambda: next(clock))
    for done in (0, 10, 20, 60, 100):
        watch(Event("train", done, 100, {"loss": 0.51234}))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "train  0/100  loss 0.5123",
        "train  60/100  5.0/s, 0:08 left  loss 0.5123",
        "train  100/100  5.0/s  loss 0.5123",
    ]


def test_a_message_is_always_told(capsys):
    watch = Lines(lambda: 0.0)
    watch(Event("read", 0, 0))
    watch(Event("read", message="12 rows dropped: no label"))
    assert capsys.readouterr().err == "read\nread  12 rows dropped: no label\n"


def test_without_a_terminal_there_are_lines(capsys):
    with progress() as watch:
        assert isinstance(watch, Lines)


def test_bars_show_phase_numbers_and_messages():
    from rich.console import Console

    display = _display()
    display.live.console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with display:
        watch = Bars(display)
        watch(Event("train [lora]", 5, 10, {"loss": 0.5}))
        watch(Event("train [lora]", 10, 10, {"loss": 0.25}, message="best so far"))
    shown = display.live.console.file.getvalue()
    assert "train [lora]" in shown
    assert "loss 0.25" in shown
    assert "10/10" in shown
