"""The companions as frames, read from their own text: what they say is said in one place."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from accidental_transfers.dataset.column import TIMESTAMP
from accidental_transfers.dataset.companion_columns import companion_columns
from accidental_transfers.spec.files import CsvFile

if TYPE_CHECKING:
    import pandas as pd

    from accidental_transfers.dataset.table import Table


def companion_frame(table: Table, file: CsvFile) -> pd.DataFrame:
    """Give a companion as a frame; what is empty there is missing here."""
    import pandas as pd

    text = io.StringIO()
    table.write(file, text, header=False)
    text.seek(0)
    columns = companion_columns(file, table.spec.accidents)
    times = [column.name for column in columns if column.type is TIMESTAMP]
    frame = pd.read_csv(
        text,
        header=None,
        names=[column.name for column in columns],
        dtype={column.name: "str" if column.name in times else column.type.dtype
               for column in columns},
        keep_default_na=False,
        na_values=[""],
    )  # fmt: skip
    read = {name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in times}
    return frame.assign(**read)
