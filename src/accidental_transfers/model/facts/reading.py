"""Reading the files of facts, and saying what is wrong in them, all of it at once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from accidental_transfers.model.facts.aftermath import problems_of_aftermath
from accidental_transfers.model.facts.aftermath_files import AftermathFile
from accidental_transfers.model.facts.cross_references import (
    hours_without_payments,
    problems_between,
)
from accidental_transfers.model.facts.files import (
    PATTERNS,
    CitiesFile,
    CityRow,
    EntityTypesFile,
    MerchantsFile,
    PaymentFactsFile,
)
from accidental_transfers.model.facts.obligation_files import ObligationsFile, PlacesFile
from accidental_transfers.model.facts.occasion_files import HolidaysFile, PricesFile
from accidental_transfers.model.facts.owed import problems_of_obligations
from accidental_transfers.model.facts.places import problems_of_places, problems_with_places
from accidental_transfers.model.facts.rules import (
    AFTERMATH,
    CITIES,
    ENTITY_TYPES,
    HOLIDAYS,
    LONGEST_SHOWN,
    MERCHANTS,
    OBLIGATIONS,
    PAYMENT_FACTS,
    PLACES,
    PRICES,
    Location,
    Problem,
    problems_within,
    shown,
)
from accidental_transfers.model.facts.times import (
    problems_of_holidays,
    problems_of_prices,
    problems_with_times,
)

FILES: dict[str, type[BaseModel]] = {
    ENTITY_TYPES: EntityTypesFile,
    MERCHANTS: MerchantsFile,
    PAYMENT_FACTS: PaymentFactsFile,
    CITIES: CitiesFile,
    PLACES: PlacesFile,
    OBLIGATIONS: ObligationsFile,
    HOLIDAYS: HolidaysFile,
    PRICES: PricesFile,
    AFTERMATH: AftermathFile,
}
WITHIN: dict[str, Callable[[Mapping[str, Any]], Iterable[Problem]]] = {
    PLACES: problems_of_places,
    OBLIGATIONS: problems_of_obligations,
    HOLIDAYS: problems_of_holidays,
    PRICES: problems_of_prices,
    AFTERMATH: problems_of_aftermath,
}
NAMED = {ENTITY_TYPES, MERCHANTS, CITIES}
"""Files whose names others use: while something is wrong in them, much else would seem to be."""
CONTAINERS = {"transaction_types", "entity_types", "cities", "obligations", "holidays"}
"""What need not be said on the way to an entry, because the file's name says it."""


class Facts(NamedTuple):
    """The files, each of them as it should be."""

    entity_types: EntityTypesFile
    merchants: MerchantsFile
    payment_facts: PaymentFactsFile
    cities: CitiesFile
    places: PlacesFile
    owed: ObligationsFile
    holidays: HolidaysFile
    prices: PricesFile
    aftermath: AftermathFile


def read_facts(folder: Path | None = None) -> tuple[Facts | None, list[str]]:
    """Read the files and check them.

    Parameters
    ----------
    folder
        Where to look first; what is not there is taken from the package.

    Returns
    -------
    The facts, or None where something is wrong, and everything that is: each problem names the
    file, the entry, the field, what was given and what is allowed.
    """
    documents: dict[str, Any] = {}
    unreadable: list[str] = []
    for name in FILES:
        try:
            documents[name] = _parsed(name, _bytes(name, folder))
        except OSError as error:
            unreadable.append(f"{name}: got a file that cannot be read: {error.strerror}")
        except ValueError as error:
            unreadable.append(f"{name}: {error}")
    models, problems = _checked(documents)
    said = unreadable + [_said(problem, documents[problem.file]) for problem in problems]
    return (None if said else Facts(*models.values())), said


def files_in(folder: Path) -> list[str]:
    """Name the files of facts that a folder holds."""
    return [name for name in FILES if (folder / name).is_file()]


def _bytes(name: str, folder: Path | None) -> bytes:
    place: Traversable = files("accidental_transfers.model") / "data"
    if folder is not None and (folder / name).is_file():
        place = folder
    return (place / name).read_bytes()


def _parsed(name: str, content: bytes) -> Any:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line}: got bytes that are no text; allowed is UTF-8") from error
    return _rows(text) if name == CITIES else _json(text)


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=without_repeated_keys)
    except json.JSONDecodeError as error:
        given = shown(text[error.pos : error.pos + LONGEST_SHOWN].partition("\n")[0])
        raise ValueError(
            f"line {error.lineno}, column {error.colno}: got {given}; allowed is JSON: {error.msg}"
        ) from error
    except RecursionError as error:
        raise ValueError("got objects within objects, too deep to be read") from error


def without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON's pairs; refuse what Python would read as its last value, in silence.

    Raises
    ------
    ValueError
        Naming the keys that are given twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"got {', '.join(repeated)} twice in one object; allowed is a key once")
    return found


def _rows(text: str) -> dict[str, Any]:
    """Read lines of CSV; ``more`` holds what stands beyond the last column."""
    reader = csv.DictReader(text.splitlines(), restkey="more")
    columns = list(CityRow.model_fields)
    try:
        if reader.fieldnames != columns:
            given = ",".join(reader.fieldnames or ())
            raise ValueError(f"line 1: got {given!r}; allowed is {','.join(columns)}")
        return {"cities": list(reader)}
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: got no CSV: {error}") from error


def _checked(documents: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Validate documents by their files' models and then by the rules."""
    models: dict[str, Any] = {}
    sound: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, document in documents.items():
        try:
            models[name] = FILES[name].model_validate(document)
            sound[name] = document
        except ValidationError as error:
            found = error.errors(include_url=False)
            problems += [Problem(name, _place(each), _reason(name, each)) for each in found]
            sound[name] = _without_wrong_types(document, found)
        problems += problems_within(name, sound[name])
        problems += WITHIN[name](sound[name]) if name in WITHIN else ()
    if len(sound) == len(FILES):
        problems += problems_between(sound)
        if NAMED.isdisjoint(problem.file for problem in problems):
            problems += [*problems_with_places(sound), *problems_with_times(sound)]
    if not problems and len(models) == len(FILES):
        problems += hours_without_payments(models[ENTITY_TYPES], models[PAYMENT_FACTS])
    return models, problems


def _place(problem: Any) -> Location:
    """Give the way to a value, or to the key that is refused."""
    return tuple(key for key in problem["loc"] if key != "[key]")


def _without_wrong_types(document: Any, found: list[Any]) -> Any:
    """Leave out what the rules could not even look at."""
    if not isinstance(document, dict):
        return {}
    remaining = deepcopy(document)
    for each in found:
        if each["type"].endswith("_type") or each["type"] == "extra_forbidden":
            _leave_out(remaining, _place(each))
    return remaining


def _leave_out(document: Any, location: Location) -> None:
    *parents, last = location
    for key in parents:
        document = document[key]
    if isinstance(document, list):
        document[int(last)] = None  # the others keep their places
    else:
        document.pop(last)


def _said(problem: Problem, document: Any) -> str:
    """Say what is wrong as ``file: entry: field: what``."""
    *entry, field = _names(problem.location, document) or [""]
    place = [" / ".join(entry), field]
    return ": ".join([problem.file, *filter(None, place), problem.text])


def _names(location: Location, document: Any) -> list[str]:
    """Name what lies on the way to a place: an entity type by its name, a city by its line."""
    names, here = [], document
    for depth, key in enumerate(location, start=1):
        here = _child(here, key)
        if depth == len(location) or key not in CONTAINERS:
            names.append(_name(key, here))
    return names


def _child(parent: Any, key: str | int) -> Any:
    try:
        return parent[key]
    except (LookupError, TypeError):
        # What is missing has no children either.
        return None


def _name(key: str | int, element: Any) -> str:
    if isinstance(key, str):
        return key
    known = element if isinstance(element, dict) else {}
    if "city" in known:
        return f"line {key + 2} ({known['city']}, {known.get('state')})"
    return str(known.get("name", f"number {key + 1}"))


def _reason(file: str, problem: Any) -> str:
    """Say what was given and what is allowed."""
    match problem["type"]:
        case "missing":
            return "got nothing; allowed is a value: the field is required"
        case "extra_forbidden":
            allowed = ", ".join(_fields_at(FILES[file], problem["loc"][:-1]))
            return f"got {shown(problem['input'])}; unknown, allowed are {allowed}"
        case "string_pattern_mismatch":
            allowed = PATTERNS[problem["ctx"]["pattern"]]
            return f"got {shown(problem['input'])}; allowed is {allowed}"
    message = problem["msg"].removeprefix("Value error, ").replace("Input should be", "allowed is")
    message = message.replace("valid dictionary", "JSON object")
    return f"got {shown(problem['input'])}; {message[:1].lower()}{message[1:]}"


def _fields_at(model: Any, location: Location) -> Iterator[str]:
    """Name the fields of the object at a place that the models know."""
    for key in location:
        fields = _fields(model)
        model = fields[str(key)].annotation if fields else get_args(model)[-1]
    yield from _fields(model)


def _fields(model: Any) -> dict[str, Any]:
    optional = [each for each in get_args(model) if hasattr(each, "model_fields")]
    if type(None) in get_args(model) and optional:
        (model,) = optional
    known = getattr(model, "model_fields", {})
    return {field.alias or name: field for name, field in known.items()}
