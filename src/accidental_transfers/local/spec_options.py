"""The fields of a specification as options of a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from accidental_transfers.errors import SpecError
from accidental_transfers.local.files import read_json
from accidental_transfers.local.parser import did_you_mean
from accidental_transfers.model.parameters import Range
from accidental_transfers.spec import JobSpec


def add_spec_options(parser: argparse.ArgumentParser, without: Collection[str] = ()) -> None:
    """Add ``--spec FILE`` and an option for every field of the specification.

    Parameters
    ----------
    without
        Fields for which the command has an option of its own.
    """
    names = [name for name in JobSpec.model_fields if name not in without]
    parser.set_defaults(fields=names)
    parser.add_argument("--spec", type=Path, metavar="FILE", help="a JSON file with fields")
    group = parser.add_argument_group("fields of the specification, before those of the file")
    for name in names:
        field = JobSpec.model_fields[name]
        group.add_argument(f"--{name.replace('_', '-')}", **_argument(field))


def spec_of(options: argparse.Namespace) -> JobSpec:
    """Make the specification of parsed options.

    A period is counted from this machine's day, unless there is a ``scheduled_time``; its dates
    are told on standard error.

    Raises
    ------
    InputFileError
        If the file of ``--spec`` cannot be read as JSON.
    SpecError
        If it holds no JSON object, or a field is not acceptable.
    """
    fields = given_fields(options)
    try:
        spec = JobSpec.parse(fields, datetime.now().astimezone().date())
    except SpecError as error:
        raise SpecError(f"{error}{_hints(fields)}") from error
    if fields.get("period") and not options.quiet:
        sys.stderr.write(f"{fields['period']}: {spec.start_date} to {spec.end_date}\n")
    return spec


def given_fields(options: argparse.Namespace) -> dict[str, Any]:
    """Collect the fields that were given, as they were given; an option overrides the file.

    Raises
    ------
    InputFileError
        If the file of ``--spec`` cannot be read as JSON.
    SpecError
        If it holds no JSON object.
    """
    of_file = _fields_of_file(options.spec) if options.spec else {}
    return {**of_file, **_fields_of_options(options)}


def _hints(fields: Mapping[str, Any]) -> str:
    """Say which fields may have been meant by those that there are not."""
    unknown = (name for name in fields if name not in JobSpec.model_fields)
    return "".join(did_you_mean(name, JobSpec.model_fields) for name in unknown)


def _argument(field: FieldInfo) -> dict[str, Any]:
    """What argparse is to know about a field."""
    text = f"{field.description} (default: {_shown(field.default)})".replace("%", "%%")
    if isinstance(field.default, Range):
        return {"help": text, "nargs": 2, "type": float, "metavar": ("MIN", "MAX")}
    if isinstance(field.default, bool):
        return {"help": text, "action": argparse.BooleanOptionalAction}
    if isinstance(field.default, tuple):
        return {"help": text, "nargs": "+", "metavar": "VALUE"}
    return {"help": text, "type": _converter(field), "metavar": "VALUE"}


def _converter(field: FieldInfo) -> Callable[[str], Any]:
    types = _plain_types(field)
    if int in types:
        return _whole_number
    return float if types == {float} else str


def _plain_types(field: FieldInfo) -> set[Any]:
    """Collect the plain types that a field may have, through unions and annotations."""
    pending, found = [field.annotation], set()
    while pending:
        each = pending.pop()
        pending.extend(get_args(each))
        found.add(each)
    return found & {int, float, str}


def _whole_number(text: str) -> int | str:
    """Read digits as a number; anything else is left to the specification to judge."""
    return int(text) if text.isdecimal() else text


def _shown(default: object) -> str:
    if isinstance(default, Range):
        return f"{default.min:g} {default.max:g}"
    if isinstance(default, tuple):
        return " ".join(default)
    return "none" if default is None else str(default)


def _fields_of_file(path: Path) -> dict[str, Any]:
    fields = read_json(path, "--spec")
    if not isinstance(fields, dict):
        raise SpecError(f"--spec: got {path}; allowed is a file with one JSON object")
    return fields


def _fields_of_options(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in options.fields}
    return {name: _given(name, value) for name, value in given.items() if value is not None}


def _given(name: str, value: Any) -> Any:
    """Take the two numbers of a range, which argparse gives as a list, for its ends."""
    is_range = isinstance(JobSpec.model_fields[name].default, Range)
    return dict(zip(("min", "max"), value, strict=True)) if is_range else value
