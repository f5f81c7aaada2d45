"""A block as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import POSITION_DIGITS, Block, customer_id
from accidental_transfers.dataset.columns import LABEL_COLUMNS, person_names
from accidental_transfers.model.facts import reference
from accidental_transfers.model.recipients import recipients

if TYPE_CHECKING:
    import pandas as pd


def block_frame(block: Block) -> pd.DataFrame:
    """Spell out a block; columns whose values repeat are categories."""
    import pandas as pd

    facts = reference()
    ids = [customer_id(number) for number in block.customers.number]
    positions = pd.Series(block.position).astype(str).str.zfill(POSITION_DIGITS)
    types = np.array([entity.transaction_type for entity in facts.entity_types])
    people = [name.decode("ascii") for name in person_names(block.number)]
    names = [*recipients().names, *people]
    labels = {column: block.label == label for label, column in enumerate(LABEL_COLUMNS, start=1)}
    return pd.DataFrame(
        {
            "customer_id": _categories(ids, block.customer),
            "transaction_id": pd.Series(np.array(ids)[block.customer]) + "-" + positions,
            "timestamp": np.datetime64(block.first_day, "s") + block.second,
            "transaction_type": _categories(
                [type_.name for type_ in facts.transaction_types],
                types[block.entity],
            ),
            "amount": block.cents / 100,
            **labels,
            "city": _categories([city.name for city in facts.cities], block.city),
            "entity_type": _categories(
                [entity.name for entity in facts.entity_types], block.entity
            ),
            "recipient_entity": _categories(names, block.recipient),
            "original_recipient_entity": _categories(names, block.original),
        }
    )


def joined_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put frames of several blocks one below the other, keeping the categories."""
    import pandas as pd

    if len(frames) == 1:
        return frames[0]
    return pd.DataFrame(
        {
            name: pd.api.types.union_categoricals([frame[name] for frame in frames])
            if isinstance(column.dtype, pd.CategoricalDtype)
            else pd.concat([frame[name] for frame in frames], ignore_index=True)
            for name, column in frames[0].items()
        }
    )


def _categories(names: Sequence[str], codes: npt.NDArray[np.integer]) -> pd.Categorical[str]:
    import pandas as pd

    used, compact = np.unique(codes, return_inverse=True)
    # Two codes may have one text: cities of the same name, a number mistyped twice alike.
    category, texts = pd.factorize(np.array([names[code] for code in used], object))
    return pd.Categorical.from_codes(category[compact], pd.Index(texts))
