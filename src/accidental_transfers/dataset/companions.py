"""The dataset's companions: the truth about accidents, and the customers' true parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.parameters import Parameter
from accidental_transfers.model.slips import Slip

_KIND_TEXTS = vocabulary(KIND_NAMES, lasts=True)
_POSITION_TEXTS = vocabulary(map(str, range(10)), lasts=True)
_SLIP_TEXTS = vocabulary(("", *(slip.name.lower() for slip in list(Slip)[1:])), lasts=True)


def accident_texts(block: Block) -> list[list[Piece]]:
    """Give the text of each column of the companion about accidents, of a block's rows there."""
    truth = block.truth
    return [
        transaction_id_text(block, truth.row),
        [Field((_KIND_TEXTS,), truth.kind)],
        transaction_id_text(block, truth.group),
        [Field((_POSITION_TEXTS,), truth.position)],
        dollars(truth.intended_cents),
        recipient_text(block, truth.intended_recipient),
        [Field((_SLIP_TEXTS,), truth.slip)],
    ]


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
