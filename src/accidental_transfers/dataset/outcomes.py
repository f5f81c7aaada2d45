"""The companion about outcomes: what came of accidents, and when it was known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.columns import dates, transaction_id_text, transaction_ids
from accidental_transfers.dataset.csv_text import (
    Field,
    Piece,
    Vocabulary,
    dollars,
    times_of_day,
    vocabulary,
)
from accidental_transfers.model.aftermath_tables import OUTCOMES, rules
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.noticing import NEVER

_OUTCOME_TEXTS = vocabulary(OUTCOMES, lasts=True)
_NOTHING = vocabulary([""], lasts=True)


def _times(block: Block, second: Int) -> list[Piece]:
    """Write times as in the dataset, which may lie after its last day, or nothing."""
    day, of_day = np.divmod(second, SECONDS_PER_DAY)
    bits = int(day.max(initial=0) + 1).bit_length()
    clock = times_of_day(of_day)
    never = second == NEVER
    return [
        Field((_NOTHING, _days(block.first_day, bits)), np.where(never, 0, day + 1)),
        Field((_NOTHING, *clock.parts), np.where(never, 0, of_day + 1)),
    ]


@lru_cache(maxsize=8)
def _days(first: date, bits: int) -> Vocabulary:
    """Write days, and what stands between a day and a time."""
    return Vocabulary(np.strings.add(dates(first, bits, "extended").texts, b" "), lasts=True)


@cache
def _reason_texts() -> Vocabulary:
    return vocabulary(rules().reasons, lasts=True)


def _follow_ups(block: Block) -> list[Piece]:
    """Write the ids of the payments that followed, or nothing."""
    followed = np.flatnonzero(block.outcomes.follow_up != NEVER)
    ids = transaction_ids(block, block.outcomes.follow_up[followed])
    codes = np.zeros(len(block.outcomes), np.int64)
    codes[followed] = 1 + np.arange(len(followed))
    return [Field((_NOTHING, Vocabulary(ids)), codes)]


OUTCOME_TEXTS: dict[str, Callable[[Block], list[Piece]]] = {
    "transaction_id": lambda block: transaction_id_text(block, block.outcomes.row),
    "reason": lambda block: [Field((_reason_texts(),), block.outcomes.reason)],
    "noticed_at": lambda block: _times(block, block.outcomes.noticed),
    "reported_at": lambda block: _times(block, block.outcomes.reported),
    "label_known_at": lambda block: _times(block, block.outcomes.known),
    "outcome": lambda block: [Field((_OUTCOME_TEXTS,), block.outcomes.outcome)],
    "resolved_at": lambda block: _times(block, block.outcomes.resolved),
    "recovered_amount": lambda block: dollars(block.outcomes.recovered),
    "follow_up_transaction_id": _follow_ups,
}
"""Of each column: the text of the rows that a block's outcomes are about."""
OUTCOME_COLUMNS = tuple(OUTCOME_TEXTS)
