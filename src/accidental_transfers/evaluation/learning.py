"""Columns to learn from and what is to be learned, of a table or of any frame like it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from accidental_transfers.dataset.columns import LABEL_COLUMNS
from accidental_transfers.dataset.table import Table
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.features import (
    history_columns,
    lookahead_columns,
    raw_columns,
)


def features_and_labels(
    transactions: Table | pd.DataFrame, train: pd.Index | None = None, lookahead: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the columns that this project's own models learn from, and the labels.

    No column is made of the ground truth, and none but those of ``lookahead`` of a later row.

    Parameters
    ----------
    transactions
        A table, or a frame with its columns; other columns are ignored.
    train
        Index of the rows to train on, such as that of the first part of `Table.split`: which cities
        and recipients are frequent is counted in these alone. All rows, if it is not given.
    lookahead
        Whether there are columns about the five minutes after a row, too, for who may hold a
        payment back so long.

    Returns
    -------
    Two frames in the order of customer and time, with the index of `transactions`:

    - features, numbers (float32): amounts in dollars, times in seconds, counts, and shares. What is
      not known, such as the time since the first payment, is missing;
    - labels: a truth value in each of the dataset's label columns.

    Raises
    ------
    DatasetFileError
        Naming the columns that a frame lacks, or the first value that cannot be read.

    Examples
    --------
    >>> from accidental_transfers import generate
    >>> table = generate(customers=5, seed=7)
    >>> train, held_out = table.split(by="time")
    >>> features, labels = features_and_labels(table, train=train.index)
    >>> features.loc[train.index].shape, int(labels.loc[held_out.index].any(axis=1).sum())
    ((2957, 45), 20)
    """
    frame = transactions.to_frame() if isinstance(transactions, Table) else transactions
    data = dataset(frame)
    index = frame.index[data.rows["file_row"].to_numpy()]
    counted = np.ones(len(index), np.bool_) if train is None else index.isin(train)
    parts = [raw_columns(data, counted).drop(columns="customer"), history_columns(data)]
    if lookahead:
        parts.append(lookahead_columns(data))
    labels = frame.loc[index, [name for name in LABEL_COLUMNS if name in frame]]
    return pd.concat(parts, axis=1).set_axis(index), labels.astype("bool")
