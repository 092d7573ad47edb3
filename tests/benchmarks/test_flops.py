"""The count of operations: by hand on small cases, and what sharing and remembering take away."""

import pytest

from benchmarks.engine.flops import Span, common_beginning, forward, shared, training, unshared
from benchmarks.engine.rows import Row
from benchmarks.engine.shapes import SHAPES, Shape

SMALL = Shape("small", hidden=8, layers=2, heads=2, key_heads=1, inner=16, vocabulary=10)


def test_a_layer_has_the_weights_of_its_seven_matrices():
    query, key, value, out, gate, up, down = 8 * 8, 8 * 4, 8 * 4, 8 * 8, 8 * 16, 8 * 16, 16 * 8
    assert SMALL.layer_weights == query + key + value + out + gate + up + down


def test_the_shapes_have_the_sizes_that_name_them():
    for name, millions in (("15M", 14.6), ("135M", 134.5), ("1B", 1235)):
        shape = SHAPES[name]
        total = shape.layers * shape.layer_weights + shape.vocabulary * shape.hidden
        assert total / 1e6 == pytest.approx(millions, rel=0.05)


def test_pairs_are_causal_and_see_what_stands_before():
    assert Span(3).pairs == 1 + 2 + 3
    assert Span(3, context=10).pairs == 11 + 12 + 13


def test_forward_counts_products_head_and_attention():
    products, attention = forward(SMALL, [Span(3)], supervised=1)
    assert products == 2 * 2 * SMALL.layer_weights * 3 + 2 * 8 * 10
    assert attention == 2 * 2 * 2 * 8 * 6  # layers, query-key and weights-value, two a product, hidden, pairs


def test_training_all_weights_costs_the_products_three_times_and_an_adapter_twice():
    products, attention = forward(SMALL, [Span(5)], 2)
    assert training(SMALL, [Span(5)], 2, full=True) == 3 * products + 3 * attention
    assert training(SMALL, [Span(5)], 2) == 2 * products + 3 * attention


def test_layers_below_the_learning_ones_cost_one_forward_pass_or_nothing():
    full, top = (training(SMALL, [Span(5)], 2, learning_layers=layers) for layers in (2, 1))
    remembered = training(SMALL, [Span(5)], 2, learning_layers=1, remembered=True)
    assert remembered < top < full
    assert top - remembered == sum(forward(SMALL, [Span(5)], 0, 1))


def test_a_reference_costs_one_more_forward_pass():
    more = training(SMALL, [Span(5)], 2, reference=True) - training(SMALL, [Span(5)], 2)
    assert more == sum(forward(SMALL, [Span(5)], 2))


def test_a_common_beginning_is_computed_once():
    rows = [Row((1, 2, 3), (4,)), Row((1, 2, 3), (5, 6)), Row((9,), (9, 9))]
    assert sorted((span.tokens, span.context) for span in shared(rows)) == [(2, 3), (3, 0), (4, 0)]
    assert sum(span.tokens for span in unshared(rows)) == sum(row.tokens for row in rows)


def test_a_pair_shares_its_prompt():
    pair = [Row((1, 2, 3), (4, 4), rejected=(5,))]
    assert [span.tokens for span in unshared(pair)] == [5, 4]
    assert [span.tokens for span in shared(pair)] == [5, 1]


def test_sequences_without_anything_in_common_share_nothing():
    assert common_beginning((), (1, 2)) == 0
    assert common_beginning((1, 2), (1, 2, 3)) == 2
    assert common_beginning((1, 3), (1, 2)) == 1
