"""How much a customer's new payee resembles those the customer knows already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from accidental_transfers.model.arrays import Bool, Float, Int

FAR = 9.0
"""The distance of a payee who resembles nobody: three or more characters differ."""
TRANSPOSED = 1.5
"""Two neighbours swapped: less than two wrong characters, as one slip makes it."""
AT_A_TIME = 1024
"""So many payees are compared with all others at once, to bound the memory."""


@dataclass(frozen=True)
class Resemblance:
    """What each row's payee has in common with those whom the customer paid before.

    Every array is (rows,). Payees whom the customer knows resemble nobody but themselves.

    Attributes
    ----------
    distance
        To the most similar known payee: 1 or 2 characters differ, `TRANSPOSED`, or `FAR`.
    similar
        Number of known payees that near.
    familiar
        Earlier payments to the most similar one.
    """

    distance: Float
    similar: Float
    familiar: Float


def resemblance(customer: Int, recipient: pd.Series) -> Resemblance:
    """Compare each customer's new payees with earlier ones of the same length.

    Parameters
    ----------
    customer
        (rows,) codes in ascending order, each customer's rows in order of time.
    recipient
        (rows,) categories.
    """
    code = recipient.cat.codes.to_numpy().astype(np.int64)
    count = len(code)
    result = Resemblance(np.full(count, FAR), np.zeros(count), np.zeros(count))
    if not len(recipient.cat.categories):
        return result
    texts = recipient.cat.categories.to_numpy().astype(np.str_)
    letters = texts.view(np.uint32).reshape(len(texts), -1)
    lengths = np.char.str_len(texts)
    pairs = pd.DataFrame({"customer": customer, "code": code})
    first = np.flatnonzero(~pairs.duplicated().to_numpy() & (code >= 0))
    payments = _Payments(customer, code)
    order = first[np.lexsort((first, lengths[code[first]], customer[first]))]
    keys = np.stack([customer[order], lengths[code[order]]])
    cuts = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    for rows in np.split(order, cuts):
        if len(rows) > 1:
            _compare(rows, letters[code[rows], : lengths[code[rows[0]]]], payments, result)
    return result


class _Payments:
    """Counts a customer's payments to a payee before a row."""

    def __init__(self, customer: Int, code: Int) -> None:
        self._customer, self._code = customer, code
        self._width = int(code.max(initial=0)) + 1
        self._rows = len(code)
        self._keys = np.sort((customer * self._width + code) * self._rows + np.arange(self._rows))

    def before(self, row: Int, known: Int) -> Int:
        """Count those to the payee of the rows ``known`` made before the rows ``row``."""
        group = (self._customer[row] * self._width + self._code[known]) * self._rows
        return np.searchsorted(self._keys, group + row) - np.searchsorted(self._keys, group)


def _compare(
    rows: Int, letters: npt.NDArray[np.uint32], payments: _Payments, result: Resemblance
) -> None:
    """Compare payees of one length, in order of their first rows, and note the results."""
    new, known, distance = _near_pairs(letters)
    if not len(new):
        return
    nearest = np.lexsort((known, distance, new))
    new, known, distance = new[nearest], known[nearest], distance[nearest]
    first = np.flatnonzero(np.append(True, new[1:] != new[:-1]))
    row = rows[new[first]]
    result.distance[row] = distance[first]
    result.similar[row] = np.diff(np.append(first, len(new)))
    result.familiar[row] = payments.before(row, rows[known[first]])


def _near_pairs(letters: npt.NDArray[np.uint32]) -> tuple[Int, Int, Float]:
    """Find pairs of a later and an earlier payee that differ in one or two characters."""
    found = [_near_earlier(letters, first) for first in range(0, len(letters), AT_A_TIME)]
    new, known, distance = (np.concatenate(part) for part in zip(*found, strict=True))
    distance[_swapped(letters[new], letters[known])] = TRANSPOSED
    return new, known, distance


def _near_earlier(letters: npt.NDArray[np.uint32], first: int) -> tuple[Int, Int, Float]:
    """Compare some payees, from ``first`` on, with all earlier ones."""
    some = letters[first : first + AT_A_TIME]
    differing = np.zeros((len(some), first + len(some)), np.uint16)
    for column, earlier in zip(some.T, letters[: first + len(some)].T, strict=True):
        differing += column[:, None] != earlier[None, :]
    new, known = np.nonzero(np.tril((differing <= 2) & (differing > 0), first - 1))
    return new + first, known, differing[new, known].astype(np.float64)


def _swapped(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> Bool:
    """Tell which pairs differ by two neighbours that changed places."""
    differs = one != other
    place = differs.argmax(axis=1)
    following = np.minimum(place + 1, one.shape[1] - 1)
    pair = np.arange(len(one))
    return (
        (differs.sum(axis=1) == 2)
        & (one[pair, place] == other[pair, following])
        & (one[pair, following] == other[pair, place])
    )
