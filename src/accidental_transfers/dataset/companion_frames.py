"""The companions as frames, read from their own text: what they say is said in one place."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from accidental_transfers.dataset.companion_files import TIMES_OF_OUTCOMES
from accidental_transfers.spec.files import CsvFile

if TYPE_CHECKING:
    import pandas as pd

    from accidental_transfers.dataset.blocks import Blocks

TEXTS = (
    "transaction_id", "group", "follow_up_transaction_id", "customer_id", "own_number",
    "intended_recipient", *TIMES_OF_OUTCOMES,
)  # fmt: skip
CATEGORIES = ("kind", "typing_error", "reason", "outcome", "home_city", "home_state")
COUNTS = ("position",)
TYPES = {
    **dict.fromkeys(TEXTS, "str"),
    **dict.fromkeys(CATEGORIES, "category"),
    **dict.fromkeys(COUNTS, "int64"),
}
"""Of columns that are no floating-point numbers."""


def companion_frame(blocks: Blocks, file: CsvFile) -> pd.DataFrame:
    """Give a companion as a frame; what is empty there is missing here."""
    import pandas as pd

    text = io.StringIO()
    blocks.write(file, text)
    text.seek(0)
    columns = text.readline().rstrip("\n").split(",")
    frame = pd.read_csv(
        text,
        header=None,
        names=columns,
        dtype={name: TYPES.get(name, "float64") for name in columns},
        keep_default_na=False,
        na_values=[""],
    )
    times = {name: pd.to_datetime(frame[name]) for name in TIMES_OF_OUTCOMES if name in frame}
    return frame.assign(**{name: time.astype("datetime64[s]") for name, time in times.items()})
