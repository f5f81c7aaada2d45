"""The table of transactions: what a user gets as frames, as files and as a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.blocks import Blocks
from accidental_transfers.dataset.frame import frame_of
from accidental_transfers.spec import DatasetSpec

# What only notebooks need is imported where it is called, since functions on AWS load this as well.
if TYPE_CHECKING:
    import pandas as pd

    from accidental_transfers.dataset.splitting import By


class Table(Blocks):
    """Labelled transactions, in order of customer and time, with what is known about them.

    They are made when they are asked for. `to_frame`, `split`, `len` and the summary that a
    notebook shows keep them, about 60 bytes a row. All others take those, or make them anew and
    keep none, so that the dataset may be larger than memory.

    Parameters
    ----------
    blocks
        Of consecutive customers of one dataset, one at least.
    spec
        The specification of the whole dataset.

    Examples
    --------
    >>> from accidental_transfers import generate
    >>> table = generate(customers=5, seed=7, end_date="2024-01-31")
    >>> print(str(table).splitlines()[0])
    1,463 transactions of 5 customers, 2024-01-01 to 2024-01-31 (dataset version 2)
    """

    def __init__(self, blocks: Iterable[Block], spec: DatasetSpec) -> None:
        super().__init__(blocks, spec.accidents)
        self.spec = spec

    def __repr__(self) -> str:
        from accidental_transfers.dataset.summary import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from accidental_transfers.dataset.summary import as_html

        return as_html(self)

    def to_frame(self) -> pd.DataFrame:
        """Give the dataset as a pandas DataFrame, with categories where values repeat.

        Returns
        -------
        (rows, columns), numbered from 0, with README's columns: ``timestamp`` by the local clock,
        ``amount`` in dollars, labels as truth values. Recipient and intended recipient have the
        same categories.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> frame = generate(customers=5, seed=7, end_date="2024-01-31").to_frame()
        >>> int((frame.recipient_entity != frame.original_recipient_entity).sum())
        4
        """
        return frame_of(self.blocks, self.columns)

    def iter_frames(self) -> Iterator[pd.DataFrame]:
        """Give the dataset some customers at a time, for datasets larger than memory.

        Yields
        ------
        As `to_frame`, of about 50,000 rows or of one customer. Their index goes on, and each has
        categories of its own.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> sum(len(frame) for frame in generate(customers=5, end_date="2024-01-31").iter_frames())
        2000
        """
        start = 0
        for block in self.iter_blocks():
            frame = frame_of([block], self.columns)
            frame.index += start
            start += len(frame)
            yield frame

    def accidents(self) -> pd.DataFrame:
        """Give the truth about accidents, honest look-alikes and what was sent again.

        Returns
        -------
        A row for each of their transactions, to be joined on ``transaction_id``, with the columns
        of ``….accidents.csv``; ``intended_amount`` in dollars.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> table = generate(customers=5, seed=7, end_date="2024-01-31")
        >>> known = table.to_frame().merge(table.accidents(), on="transaction_id")
        >>> len(known) == len(table.accidents())
        True
        """
        from accidental_transfers.dataset.companion_frames import companion_frame

        return companion_frame(self, "accidents")

    def customers(self) -> pd.DataFrame:
        """Give every customer's home, own number and true parameters.

        Returns
        -------
        A row for each customer, to be joined on ``customer_id``, with the columns of
        ``….customers.csv``.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> generate(customers=5, seed=7, end_date="2024-01-31").customers().home_state.tolist()
        ['PA', 'MO', 'PA', 'DC', 'CA']
        """
        from accidental_transfers.dataset.companion_frames import companion_frame

        return companion_frame(self, "customers")

    def outcomes(self) -> pd.DataFrame:
        """Give what came of accidents, and of the honest payments that were taken for one.

        Returns
        -------
        A row for each of their transactions, to be joined on ``transaction_id``, with the columns
        of ``….outcomes.csv``: times by the local clock, not there where nothing happened;
        ``recovered_amount`` in dollars.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> outcomes = generate(customers=5, seed=7, end_date="2024-01-31").outcomes()
        >>> known = outcomes[outcomes.label_known_at < "2024-02-01"]  # labels to train on that day
        """
        from accidental_transfers.dataset.companion_frames import companion_frame

        return companion_frame(self, "outcomes")

    def split(self, by: By = "time", test: float = 1 / 3) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give rows to train on and rows to test with.

        An accident or look-alike is on one side with all its transactions.

        Parameters
        ----------
        by
            ``"time"``: the test rows are those of the last days, and no other row is as late.
            ``"customer"``: those of the last customers, who are as good as any.
        test
            Share of the days or customers that is for testing, above 0 and below 1.

        Returns
        -------
        Two parts of `to_frame` with its index, the first one to train on.

        Raises
        ------
        SplitError
            If one of the parts would have no day or no customer.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> train, held_out = generate(customers=5, seed=7).split(by="time", test=0.25)
        >>> train.timestamp.max() < held_out.timestamp.min()
        True
        """
        from accidental_transfers.dataset.splitting import split

        return split(self, by, test)

    def to_csv(self, path: Path | str, companions: bool = False) -> None:
        """Write the dataset to a CSV file: the same bytes as the job's.

        Parameters
        ----------
        path
            Of the file. It appears when everything is written, and replaces what was there.
        companions
            Whether its companions are written beside it: ``data.accidents.csv`` and the like.

        Raises
        ------
        OutputError
            If a file cannot be written.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> generate(customers=5, seed=7).to_csv("five.csv", companions=True)
        """
        from accidental_transfers.dataset.files import write_csv_files

        write_csv_files(self, Path(path), companions)

    def to_parquet(self, path: Path | str, companions: bool = False) -> None:
        """Write the dataset to a Parquet file, which is faster to read and keeps the types.

        Rows in the order of the CSV, compressed by zstd, 262,144 in a group. ``timestamp`` is a
        time without a zone, ``amount`` a floating-point number of dollars, the specification and
        the dataset version are in the metadata. The same version of pyarrow gives the same bytes.

        Parameters
        ----------
        path
            Of the file. It appears when everything is written, and replaces what was there.
        companions
            Whether its companions are written beside it: ``data.accidents.parquet`` and the like.

        Raises
        ------
        MissingDependencyError
            If pyarrow is not installed.
        OutputError
            If a file cannot be written.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> generate(customers=5, seed=7).to_parquet("five.parquet", companions=True)
        """
        from accidental_transfers.dataset.parquet import write_parquet_files

        write_parquet_files(self, self.spec, Path(path), companions)
