"""The specification's fields as keywords, in ``spec/keywords.py``.

Editors and type checkers read them and cannot ask a registry. So they are made from the models that
validate, and are never edited by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from accidental_transfers.model.parameters import Range
from accidental_transfers.spec import DatasetSpec, JobSpec

FILE = Path(__file__).resolve().parents[2] / "spec" / "keywords.py"
WORDS: dict[type, str] = {
    bool: "bool",
    str: "str",
    int: "Whole",
    float: "Number",
    date: "Day",
    datetime: "datetime | str",
    Range: "Interval",
    NoneType: "None",
}
"""What is taken for a field of each type: `accidental_transfers.spec.plain` has the names."""

HEAD = '''\
"""The fields of a specification, as editors and type checkers know them; `make docs` writes this.

Every field is optional.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

from accidental_transfers.spec.plain import Day, Interval, Number, Whole


class DatasetKeywords(TypedDict, total=False):
    """What a `DatasetSpec` is made from."""

'''
BETWEEN = '''

class JobKeywords(DatasetKeywords, total=False):
    """What a `JobSpec` is made from."""

'''


def text() -> str:
    """Give the text of ``spec/keywords.py``."""
    of_dataset = list(DatasetSpec.model_fields)
    of_job = [name for name in JobSpec.model_fields if name not in of_dataset]
    return HEAD + _lines(of_dataset) + BETWEEN + _lines(of_job)


def _lines(names: Iterable[str]) -> str:
    fields = JobSpec.model_fields
    return "".join(f"    {name}: {written(fields[name].annotation)}\n" for name in names)


def written(annotation: Any) -> str:
    """Write what is taken for a field.

    Examples
    --------
    >>> written(int | None)
    'Whole | None'
    """
    if get_origin(annotation) is Annotated:
        return written(get_args(annotation)[0])
    if get_origin(annotation) is tuple:
        one = written(get_args(annotation)[0])
        return f"{one} | Sequence[{one}]"
    if get_origin(annotation) in {Union, UnionType}:
        return " | ".join(map(written, get_args(annotation)))
    if get_origin(annotation) is Literal:
        return f"Literal[{', '.join(map(json.dumps, get_args(annotation)))}]"
    return WORDS[annotation]
