"""The dataset's companions: the truth about accidents, and the customers' true parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from accidental_transfers.dataset.block import Block, customer_id, person_names
from accidental_transfers.dataset.columns import recipient_text, transaction_id_text
from accidental_transfers.dataset.csv_text import (
    Field,
    Piece,
    dollars,
    quoted,
    vocabulary,
)
from accidental_transfers.model.accidents import KIND_NAMES, PARAMETERS
from accidental_transfers.model.arrays import Codes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import reference
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
    *(parameter.field for parameter in PARAMETERS),
)


def customer_lines(customers: Customers) -> Iterable[str]:
    """Write the lines of the companion with every customer's true parameters."""
    cities = reference().cities
    numbers_ = customers.population.number(customers.home.astype(np.int64), customers.rank)
    names = person_names(numbers_).astype(str)
    for position, number in enumerate(customers.number):
        home = cities[customers.home[position]]
        values = (
            customers.daily_rate[position],
            customers.home_bias[position],
            *(customers.own[parameter.field][position] for parameter in PARAMETERS),
        )
        numbers = ",".join(f"{value:.6g}" for value in values)
        own = f"{customer_id(number)},{quoted(home.name)},{home.state},{names[position]}"
        yield f"{own},{numbers}\n"
