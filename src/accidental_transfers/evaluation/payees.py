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


@dataclass(frozen=True)
class NearPayees:
    """Every two payees of one customer whose texts differ in one or two characters.

    Every array is (pairs,).

    Attributes
    ----------
    later, earlier
        The row in which each of the two was first paid.
    distance
        1 or 2 characters differ, or `TRANSPOSED`.
    """

    later: Int
    earlier: Int
    distance: Float


class Visits:
    """A customer's payments to a payee, looked up from any row.

    Parameters
    ----------
    customer
        (rows,) codes in ascending order, each customer's rows in order of time.
    code
        (rows,) the payee's, or whatever else payments are told apart by.
    """

    def __init__(self, customer: Int, code: Int) -> None:
        self._width = int(code.max(initial=0)) + 2  # an empty field is code -1
        self._rows = len(code)
        keys = (customer * self._width + code + 1) * self._rows + np.arange(self._rows)
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def _range(self, customer: Int, code: Int, row: Int) -> tuple[Int, Int, Int]:
        """Find the first visit, the first one that is not before a row, and the end."""
        group = (customer * self._width + code + 1) * self._rows
        ends = (group, group + row, group + self._rows)
        first, here, end = (np.searchsorted(self._keys, key) for key in ends)
        return first, here, end

    def before(self, customer: Int, code: Int, row: Int) -> Int:
        """Count the visits before a row."""
        first, here, _ = self._range(customer, code, row)
        return here - first

    def last(self, customer: Int, code: Int, row: Int) -> Int:
        """Give the row of the last visit before a row; -1 where there is none."""
        first, here, _ = self._range(customer, code, row)
        return np.where(here > first, self._order[np.maximum(here - 1, 0)], -1)

    def next(self, customer: Int, code: Int, row: Int) -> Int:
        """Give the row of the first visit from a row on; -1 where there is none."""
        _, here, end = self._range(customer, code, row)
        return np.where(here < end, self._order[np.minimum(here, self._rows - 1)], -1)

    def first(self, customer: Int, code: Int, row: Int) -> Int:
        """Give the row of the first visit of all, if it is before a row; else -1."""
        first, here, _ = self._range(customer, code, row)
        return np.where(here > first, self._order[np.minimum(first, self._rows - 1)], -1)

    def mean_before(self, customer: Int, code: Int, row: Int, values: Float) -> Float:
        """Give the mean of the visits' values before a row; NaN where there is none."""
        total = np.append(0.0, np.cumsum(np.nan_to_num(values[self._order])))
        first, here, _ = self._range(customer, code, row)
        with np.errstate(invalid="ignore"):
            return np.where(here > first, (total[here] - total[first]) / (here - first), np.nan)


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
    near = near_payees(customer, recipient)
    if not len(near.later):
        return result
    nearest = np.lexsort((near.earlier, near.distance, near.later))
    new, known = near.later[nearest], near.earlier[nearest]
    first = np.flatnonzero(np.append(True, new[1:] != new[:-1]))
    row, like = new[first], known[first]
    result.distance[row] = near.distance[nearest][first]
    result.similar[row] = np.diff(np.append(first, len(new)))
    result.familiar[row] = Visits(customer, code).before(customer[row], code[like], row)
    return result


def near_payees(customer: Int, recipient: pd.Series) -> NearPayees:
    """Find every two payees of one customer, of one length, that resemble each other.

    Parameters
    ----------
    customer, recipient
        See `resemblance`.
    """
    code = recipient.cat.codes.to_numpy().astype(np.int64)
    none = np.empty(0, np.int64)
    found = [(none, none, none.astype(np.float64))]
    if len(recipient.cat.categories):
        letters, lengths = letters_of(recipient)
        pairs = pd.DataFrame({"customer": customer, "code": code})
        first = np.flatnonzero(~pairs.duplicated().to_numpy() & (code >= 0))
        order = first[np.lexsort((first, lengths[code[first]], customer[first]))]
        keys = np.stack([customer[order], lengths[code[order]]])
        cuts = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
        for rows in np.split(order, cuts):
            if len(rows) > 1:
                new, known, distance = _near_pairs(letters[code[rows], : lengths[code[rows[0]]]])
                found.append((rows[new], rows[known], distance))
    return NearPayees(*map(np.concatenate, zip(*found, strict=True)))


def letters_of(recipient: pd.Series) -> tuple[npt.NDArray[np.uint32], Int]:
    """Give the categories' letters, (categories, longest), and their lengths."""
    texts = recipient.cat.categories.to_numpy().astype(np.str_)
    letters = texts.view(np.uint32).reshape(len(texts), -1)
    return letters, np.char.str_len(texts)


def _near_pairs(letters: npt.NDArray[np.uint32]) -> tuple[Int, Int, Float]:
    """Find pairs of a later and an earlier payee that differ in one or two characters."""
    found = [_near_earlier(letters, first) for first in range(0, len(letters), AT_A_TIME)]
    new, known, distance = (np.concatenate(part) for part in zip(*found, strict=True))
    distance[swapped(letters[new], letters[known])] = TRANSPOSED
    return new, known, distance


def _near_earlier(letters: npt.NDArray[np.uint32], first: int) -> tuple[Int, Int, Float]:
    """Compare some payees, from ``first`` on, with all earlier ones."""
    some = letters[first : first + AT_A_TIME]
    differing = np.zeros((len(some), first + len(some)), np.uint16)
    for column, earlier in zip(some.T, letters[: first + len(some)].T, strict=True):
        differing += column[:, None] != earlier[None, :]
    new, known = np.nonzero(np.tril((differing <= 2) & (differing > 0), first - 1))
    return new + first, known, differing[new, known].astype(np.float64)


def swapped(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> Bool:
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
