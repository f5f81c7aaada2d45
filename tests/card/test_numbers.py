"""Numbers and names as people read them."""

import pytest

from accidental_transfers.card.numbers import FILTERS


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("count", 949488, "949,488"),
        ("count", 0.6, "1"),
        ("short", 500, "500"),
        ("short", 20_000, "20k"),
        ("short", 1_500_000, "1.5M"),
        ("percent", 0, "0 %"),
        ("percent", 1, "100 %"),
        ("percent", 0.0128, "1.28 %"),
        ("percent", 0.00004, "0.00400 %"),
        ("money", 123456, "$1,234.56"),
        ("size", 999, "999 B"),
        ("size", 131_234_567, "131 MB"),
        ("words", "high_amount", "high amount"),
    ],
)
def test_a_filter(name: str, given: float | str, shown: str) -> None:
    assert FILTERS[name](given) == shown
