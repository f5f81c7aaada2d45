"""The map of the cities, sized by the customers who live there."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from accidental_transfers.card.numbers import count
from accidental_transfers.card.svg import (
    LETTER,
    circle,
    line,
    path,
    picture,
    text,
)
from accidental_transfers.model.facts.reference import City, reference

HEIGHT = 262.0
LARGEST_RADIUS = 15.0
LABELLED = 10
BOLD = 1.15
"""Width of a bold letter over that of others."""
SOUTHERN, NORTHERN = math.radians(29.5), math.radians(45.5)
"""Standard parallels of the usual equal-area map of the United States."""
INSETS = {"AK": (28.0, 231.0), "HI": (84.0, 231.0)}
"""Where Alaska's and Hawaii's cities stand: below, as on most maps of the country."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """A city on the sheet."""

    name: str
    x: float
    y: float
    radius: float
    title: str


def city_map(by_city: Mapping[str, Mapping[str, int]]) -> tuple[Markup, list[str]]:
    """Draw the cities.

    Parameters
    ----------
    by_city
        Rows and home customers by ``"New York, NY"``, or the name alone.

    Returns
    -------
    The picture, and the names of cities whose place is not known.
    """
    known = {name: _found(name) for name in by_city}
    spots = _spots({name: city for name, city in known.items() if city}, by_city)
    unknown = [name for name, city in known.items() if city is None]
    land = [path(outline(), "land", closed=True), line(4, 214, 112, 214), line(112, 214, 112, 258),
            text(INSETS["AK"][0], 256, "Alaska", "middle"),
            text(INSETS["HI"][0], 256, "Hawaii", "middle")]  # fmt: skip
    dots = [circle(s.x, s.y, s.radius, s.title, "city") for s in spots]
    label = f"Map of the United States with {len(spots)} cities, sized by their customers"
    return picture(HEIGHT, [*land, *dots, *_labels(spots)], label), unknown


@cache
def _cities() -> dict[str, list[City]]:
    found: dict[str, list[City]] = {}
    for city in reference().cities:
        for name in (city.name, f"{city.name}, {city.state}"):
            found.setdefault(name, []).append(city)
    return found


def _found(name: str) -> City | None:
    """Find a city; a name that two cities share has no place of its own."""
    cities = _cities().get(name, [])
    return cities[0] if len(cities) == 1 else None


def _spots(cities: Mapping[str, City], by_city: Mapping[str, Mapping[str, int]]) -> Sequence[Spot]:
    """Place the cities, the largest first, so that the small ones lie on top."""
    size = {name: by_city[name]["home_customers"] for name in cities}
    largest = max(size.values(), default=0) or 1
    spots = []
    for name in sorted(cities, key=lambda name: (-size[name], name)):
        x, y = position(cities[name])
        radius = max(LARGEST_RADIUS * math.sqrt(size[name] / largest), 1.2)
        homes, rows = count(size[name]), count(by_city[name]["rows"])
        spots.append(Spot(name, x, y, radius, f"{name}: {homes} customers, {rows} transactions"))
    return spots


def position(city: City) -> tuple[float, float]:
    """Give a city's place on the sheet."""
    return INSETS.get(city.state) or projected(city.longitude, city.latitude)


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Project onto the sheet: Albers' equal-area conic projection."""
    cone = (math.sin(SOUTHERN) + math.sin(NORTHERN)) / 2
    constant = math.cos(SOUTHERN) ** 2 + 2 * cone * math.sin(SOUTHERN)

    def distance(parallel: float) -> float:
        return math.sqrt(constant - 2 * cone * math.sin(parallel)) / cone

    angle = cone * math.radians(longitude + 96)
    radius = distance(math.radians(latitude))
    east, north = radius * math.sin(angle), distance(math.radians(37.5)) - radius * math.cos(angle)
    return 203 + 525 * east, 130 - 525 * north


@cache
def outline() -> list[tuple[float, float]]:
    """Give the coarse outline of the 48 states, on the sheet."""
    drawn = files("accidental_transfers.card").joinpath("lower_48.csv").read_text("utf-8")
    rows = csv.DictReader(drawn.splitlines())
    return [projected(float(row["longitude"]), float(row["latitude"])) for row in rows]


def _labels(spots: Sequence[Spot]) -> list[Markup]:
    """Name the largest cities, each where its name covers no other."""
    taken: list[Box] = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius)
                        for s in spots[:LABELLED]]  # fmt: skip
    drawn = []
    for spot in spots[:LABELLED]:
        name = spot.name.rpartition(",")[0] or spot.name
        for x, anchor, box in _choices(spot, name):
            if not any(_overlap(box, other) for other in taken) and _on_sheet(box):
                taken.append(box)
                drawn.append(text(x, box[3] - 3, name, anchor, "name"))
                break
    return drawn


def _choices(spot: Spot, name: str) -> list[tuple[float, str, Box]]:
    width, gap = BOLD * LETTER * len(name) + 4, spot.radius + 2
    right, left = spot.x + gap, spot.x - gap
    above, below = spot.y - gap, spot.y + gap
    return [
        (right, "start", (right, spot.y - 7, right + width, spot.y + 7)),
        (left, "end", (left - width, spot.y - 7, left, spot.y + 7)),
        (spot.x, "middle", (spot.x - width / 2, below, spot.x + width / 2, below + 13)),
        (spot.x, "middle", (spot.x - width / 2, above - 13, spot.x + width / 2, above)),
    ]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _on_sheet(box: Box) -> bool:
    return box[0] >= 0 and box[2] <= 400 and box[1] >= 0 and box[3] <= HEIGHT
