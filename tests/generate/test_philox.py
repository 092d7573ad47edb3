import pytest

from overtone.generate.philox import philox, uniform

# Known answers of the reference implementation, Random123 1.14, file kat_vectors, philox4x32 with 10 rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "wanted"), KNOWN)
def test_words_equal_the_published_ones(counter, key, wanted):
    assert philox(counter, key) == wanted


def test_numbers_are_uniform_and_differ_by_seed_and_position():
    numbers = [uniform(seed, position) for seed in (0, 1, 2**40) for position in range(1000)]
    assert len(set(numbers)) == len(numbers) and min(numbers) >= 0 and max(numbers) < 1
    for low in range(10):
        share = sum(low / 10 <= number < (low + 1) / 10 for number in numbers) / len(numbers)
        assert share == pytest.approx(0.1, abs=0.02)
