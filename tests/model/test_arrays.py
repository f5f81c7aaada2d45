"""What the model computes with: whole numbers divided as Python divides them."""

import numpy as np
import pytest

from accidental_transfers.model.arrays import constant, divided, looked_up


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


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_two_axes_are_looked_up_as_numpy_does(dtype: type[np.integer]) -> None:
    """Also by bytes, which the positions of 250 rows of 92 columns would not fit into."""
    table = np.arange(250 * 92).reshape(250, 92)
    row, column = np.array([0, 3, 249, 249], dtype), np.array([91, 0, 1, 91], dtype)
    assert looked_up(table, row, column).tolist() == table[row, column].tolist()


def test_a_table_that_does_not_lie_row_by_row_is_looked_up_as_well() -> None:
    table = np.arange(12).reshape(3, 4).T
    row, column = np.array([0, 3]), np.array([2, 1])
    assert looked_up(table, row, column).tolist() == [8, 7]
