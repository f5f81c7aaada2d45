"""The companion about outcomes: what came of accidents, and when it was known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.columns import dates, transaction_id_text, transaction_ids
from accidental_transfers.dataset.csv_text import (
    Field,
    Piece,
    Text,
    Vocabulary,
    dollars,
    vocabulary,
)
from accidental_transfers.model.aftermath_tables import OUTCOMES, rules
from accidental_transfers.model.arrays import divided
from accidental_transfers.model.hours import MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from accidental_transfers.model.noticing import NEVER

_OUTCOME_TEXTS = vocabulary(OUTCOMES, lasts=True)
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR


def _times(block: Block) -> Iterator[list[Piece]]:
    """Write times as in the dataset, which may lie after its last day, or nothing."""
    told = block.outcomes
    second = np.array([told.noticed, told.reported, told.known, told.resolved])
    minute, second_of_minute = divided(second, SECONDS_PER_MINUTE)
    day, minute_of_day = divided(minute, MINUTES_PER_DAY)
    days = _days(block.first_day, int(day.max(initial=0)).bit_length())
    texts = np.empty(second.shape, [("day", days.dtype), ("minute", "S6"), ("second", "S2")])
    texts["day"] = days.take(day, mode="clip")
    texts["minute"] = _minutes().take(minute_of_day)
    texts["second"] = _seconds().take(second_of_minute)
    times = texts.view(f"S{texts.itemsize}")
    times[second == NEVER] = b""
    row = np.arange(len(told))
    return ([Field((Vocabulary(column),), row)] for column in times)


@lru_cache(maxsize=8)
def _days(first: date, bits: int) -> Text:
    """Write days, and what stands between a day and a time."""
    return np.strings.add(dates(first, bits, "extended").texts, b" ")


# Tables of minutes and of seconds stay in the processor's cache, one of all times would not.
@cache
def _minutes() -> Text:
    return np.array([b"%02d:%02d:" % divmod(minute, 60) for minute in range(MINUTES_PER_DAY)])


@cache
def _seconds() -> Text:
    return np.array([b"%02d" % second for second in range(SECONDS_PER_MINUTE)])


@cache
def _reason_texts() -> Vocabulary:
    return vocabulary(rules().reasons, lasts=True)


def _follow_ups(block: Block) -> list[Piece]:
    """Write the ids of the payments that followed, or nothing."""
    followed = np.flatnonzero(block.outcomes.follow_up != NEVER)
    if not len(followed):
        return []
    ids = transaction_ids(block, block.outcomes.follow_up[followed])
    texts = np.zeros(len(block.outcomes), ids.dtype)
    texts[followed] = ids
    return [Field((Vocabulary(texts),), np.arange(len(texts)))]


def outcome_texts(block: Block) -> list[list[Piece]]:
    """Give the text of each column, of the rows that a block's outcomes are about."""
    told = block.outcomes
    noticed, reported, known, resolved = _times(block)
    return [
        transaction_id_text(block, told.row),
        [Field((_reason_texts(),), told.reason)],
        noticed,
        reported,
        known,
        [Field((_OUTCOME_TEXTS,), told.outcome)],
        resolved,
        dollars(told.recovered),
        _follow_ups(block),
    ]
