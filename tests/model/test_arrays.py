"""What the model computes with: whole numbers divided as Python divides them."""

import numpy as np
import pytest

from accidental_transfers.model.arrays import constant, divided


@pytest.mark.parametrize("by", [7, constant(7), np.array([1, 2, 3, 7, 86_400, 5, 11])])
def test_numbers_are_divided_as_python_divides_them(by: int | np.ndarray) -> None:
    """Rounding down, also below zero, where times before a period lie."""
    numbers = np.array([-86_401, -8, -7, -1, 0, 6, 86_400])
    expected = [
        divmod(number, each)
        for number, each in zip(
            numbers.tolist(), np.broadcast_to(by, numbers.shape).tolist(), strict=True
        )
    ]
    quotient, rest = divided(numbers, by)
    assert list(zip(quotient.tolist(), rest.tolist(), strict=True)) == expected
