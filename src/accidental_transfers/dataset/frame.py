"""Blocks as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.column import Coded, Column, Values

if TYPE_CHECKING:
    import pandas as pd


def frame_of(blocks: Sequence[Block], columns: Sequence[Column]) -> pd.DataFrame:
    """Spell out columns of blocks, of which there is one at least; text that repeats is a category.

    Columns that share their categories can be compared with each other.
    """
    import pandas as pd

    made: dict[str, pd.Series | pd.Categorical[str]] = {}
    for names in _with_equal_categories(columns):
        values = {
            column.name: [column.values(block) for block in blocks]
            for column in columns
            if column.name in names
        }
        coded = {name: _coded(of_blocks) for name, of_blocks in values.items()}
        made |= _categories({name: found for name, found in coded.items() if found})
        made |= {name: _joined(values[name]) for name, found in coded.items() if not found}
    return pd.DataFrame({column.name: made[column.name] for column in columns})


def _with_equal_categories(columns: Sequence[Column]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for column in columns:
        groups.setdefault(column.categories or column.name, []).append(column.name)
    return list(groups.values())


def _coded(of_blocks: Sequence[Values]) -> list[Coded]:
    return [values for values in of_blocks if isinstance(values, Coded)]


def _joined(of_blocks: Sequence[Values]) -> pd.Series:
    """Put the blocks' values one below the other; bytes are text."""
    import pandas as pd

    arrays = [np.asarray(values) for values in of_blocks]
    texts = (array.astype(np.str_) if array.dtype.kind == "S" else array for array in arrays)
    return pd.concat([pd.Series(text) for text in texts], ignore_index=True)


def _categories(columns: Mapping[str, Sequence[Coded]]) -> dict[str, pd.Categorical[str]]:
    """Give columns the same categories: every text that occurs in one of them, once."""
    import pandas as pd

    # Two codes may have one text: cities of the same name, a number mistyped twice alike.
    category: dict[str, int] = {}
    codes: dict[str, list[np.ndarray]] = {name: [] for name in columns}
    for of_block in zip(*columns.values(), strict=True):
        used = np.unique(np.concatenate([coded.codes for coded in of_block]))
        names = of_block[0].names
        known = [category.setdefault(names[code], len(category)) for code in used]
        for name, coded in zip(columns, of_block, strict=True):
            codes[name].append(np.array(known, np.int64)[np.searchsorted(used, coded.codes)])
    index = pd.Index(list(category))
    return {
        name: pd.Categorical.from_codes(np.concatenate(parts), index)
        for name, parts in codes.items()
    }
