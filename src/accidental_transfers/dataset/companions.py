"""The dataset's companions: the truth about accidents, and the customers' true parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block, customer_ids, person_names
from accidental_transfers.dataset.columns import recipient_text, transaction_id_text
from accidental_transfers.dataset.csv_text import (
    Field,
    Piece,
    dollars,
    quoted,
    vocabulary,
)
from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.arrays import Codes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.parameters import Parameter
from accidental_transfers.model.slips import Slip

_KIND_TEXTS = vocabulary(KIND_NAMES, lasts=True)
_POSITION_TEXTS = vocabulary(map(str, range(10)), lasts=True)
_SLIP_TEXTS = vocabulary(("", *(slip.name.lower() for slip in list(Slip)[1:])), lasts=True)


def _ids(block: Block, rows: Codes) -> list[Piece]:
    return transaction_id_text(block, rows)


ACCIDENT_TEXTS: dict[str, Callable[[Block], list[Piece]]] = {
    "transaction_id": lambda block: _ids(block, block.truth.row),
    "kind": lambda block: [Field((_KIND_TEXTS,), block.truth.kind)],
    "group": lambda block: _ids(block, block.truth.group),
    "position": lambda block: [Field((_POSITION_TEXTS,), block.truth.position)],
    "intended_amount": lambda block: dollars(block.truth.intended_cents),
    "intended_recipient": lambda block: recipient_text(block, block.truth.intended_recipient),
    "typing_error": lambda block: [Field((_SLIP_TEXTS,), block.truth.slip)],
}
"""Of each column of the companion about accidents: the text of a block's accident rows."""
ACCIDENT_COLUMNS = tuple(ACCIDENT_TEXTS)
CUSTOMER_COLUMNS = (
    "customer_id",
    "home_city",
    "home_state",
    "own_number",
    "daily_transactions",
    "home_city_bias",
)


def customer_columns(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """Name the columns of the companion with every customer's true parameters."""
    return (*CUSTOMER_COLUMNS, *(parameter.field for parameter in parameters))


def customer_lines(customers: Customers, parameters: Sequence[Parameter]) -> Iterable[str]:
    """Write the lines of the companion with every customer's true parameters."""
    numbers = customers.population.number(customers.home.astype(np.int64), customers.rank)
    values = (
        customers.daily_rate,
        customers.home_bias,
        *(customers.own[parameter.field] for parameter in parameters),
    )
    columns = (
        customer_ids(customers.number).astype(str).tolist(),
        _home_texts()[customers.home].tolist(),
        person_names(numbers).astype(str).tolist(),
        *(value.tolist() for value in values),
    )
    line = "%s,%s,%s" + ",%.6g" * len(values) + "\n"
    return map(line.__mod__, zip(*columns, strict=True))


@cache
def _home_texts() -> npt.NDArray[np.str_]:
    return np.array([f"{quoted(city.name)},{city.state}" for city in reference().cities])
