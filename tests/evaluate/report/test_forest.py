"""The picture of differences with their intervals."""

import re

from overtone.evaluate.report.forest import LEFT, RIGHT, WIDTH, forest_picture
from overtone.evaluate.report.section import Difference, Forest


def drawn(*differences: Difference) -> str:
    return str(forest_picture(Forest("gains", differences)))


def test_a_gain_lies_right_of_no_difference_and_a_loss_left() -> None:
    found = drawn(Difference("more", 0.05, 0.02, 0.08), Difference("less", -0.05, -0.08, -0.02))
    dots = [float(x) for x in re.findall(r'cx="([\d.]+)"', found)]
    middle = (LEFT + WIDTH - RIGHT) / 2
    assert dots[0] > middle > dots[1] and abs(dots[0] + dots[1] - 2 * middle) < 0.1
    assert 'class="dot tuned"' in found and 'class="dot rival"' in found
    assert "+5.0 [+2.0, +8.0]" in found


def test_what_is_not_shown_has_no_colour() -> None:
    assert 'class="dot "' in drawn(Difference("perhaps", 0.01, -0.02, 0.04))


def test_a_large_difference_is_an_arrow_and_leaves_room_for_the_others() -> None:
    found = drawn(Difference("huge", 0.4, 0.39, 0.41), Difference("small", 0.01, 0.005, 0.015))
    assert found.count("<circle") == 1 and found.count("<polyline") == 1
    assert "+40.0 [+39.0, +41.0]" in found


def test_names_are_text_and_no_markup() -> None:
    assert "<b>" not in drawn(Difference("<b>", 0.0, 0.0, 0.0))
