"""A stream holds exactly the rows it was made of, and what they share stands in it once."""

import random

import pytest

from overtone.engine.pack import pack
from overtone.engine.stream import Segment, Stream

DRAW = random.Random(0)


def tokens(count: int) -> list[int]:
    return [DRAW.randrange(3, 200) for _ in range(count)]


SYSTEM, DOCUMENT = tokens(40), tokens(30)
ROWS = [
    tokens(9),
    SYSTEM + DOCUMENT + tokens(5),
    SYSTEM + DOCUMENT + tokens(5),
    SYSTEM + tokens(7),
    SYSTEM + DOCUMENT,
    SYSTEM,
    SYSTEM,
    tokens(1),
    SYSTEM + DOCUMENT + tokens(3),
]


def read_back(stream: Stream) -> list[list[int]]:
    return [[int(stream.tokens[place]) for place in places] for places in stream.places]


@pytest.mark.parametrize("share", [True, False])
def test_every_row_is_read_back_with_its_positions(share: bool) -> None:
    stream = pack(ROWS, share)
    assert read_back(stream) == ROWS
    for places in stream.places:
        assert stream.positions[places].tolist() == list(range(len(places)))


@pytest.mark.parametrize("seed", range(20))
def test_any_rows_are_read_back(seed: int) -> None:
    draw = random.Random(seed)
    stems = [[draw.randrange(2) for _ in range(draw.randrange(60))] for _ in range(4)]
    rows = [
        draw.choice(stems)[: draw.randrange(1, 60)] + [draw.randrange(2) for _ in range(draw.randrange(1, 9))]
        for _ in range(40)
    ]
    stream = pack(rows)
    assert read_back(stream) == rows
    assert len(stream.tokens) < sum(map(len, rows))


def test_common_beginnings_stand_once_over_several_levels() -> None:
    stream = pack(ROWS)
    assert len(stream.tokens) == 40 + 30 + 9 + 1 + 7 + 3 + 5 + 5
    system = stream.ends[5]
    assert stream.ends[6] == system  # equal rows end with one segment
    document = stream.ends[4]
    assert stream.segments[document].parent == system
    assert [stream.segments[stream.ends[row]].parent for row in (1, 2, 3, 8)] == [
        document,
        document,
        system,
        document,
    ]


def test_segments_stand_in_depth_first_order_and_siblings_by_length() -> None:
    stream = pack(ROWS)
    for index, segment in enumerate(stream.segments):
        assert segment.parent is None or segment.parent < index
        assert segment.start == (stream.segments[index - 1].end if index else 0)
    for index, last in enumerate(stream.last_descendants):
        for inside in range(index + 1, last + 1):
            assert index in stream.chain(inside)
    leaves = [segment.end - segment.start for segment in pack(ROWS, share=False).segments]
    assert leaves == sorted(leaves)


def test_nothing_is_shared_where_joining_costs_more() -> None:
    begin = [1]
    rows = [begin + tokens(50) for _ in range(20)]  # saves 19 tokens, joins 1,000
    assert all(segment.parent is None for segment in pack(rows).segments)
    rows = [tokens(10)] * 2
    assert pack(rows).segments == (Segment(0, 10),)  # equal rows cost no call


def test_without_sharing_each_row_stands_alone() -> None:
    stream = pack(ROWS, share=False)
    assert len(stream.tokens) == sum(map(len, ROWS))
    assert sorted(stream.ends) == list(range(len(ROWS)))


def test_the_order_of_equal_lengths_is_the_callers() -> None:
    rows = [[9, 9, 9], [1, 1, 1], [5, 5, 5]]
    assert pack(rows).ends == pack(rows, share=False).ends == (0, 1, 2)
