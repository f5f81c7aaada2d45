"""Distances between cities, for tests to compare with."""

import math

from accidental_transfers.model.facts.reference import City, reference

EARTH_RADIUS_KM = 6_371
CITIES = reference().cities


def kilometres(one: City, other: City) -> float:
    """By the spherical law of cosines."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(one.longitude - other.longitude)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(east)
    return EARTH_RADIUS_KM * math.acos(min(cosine, 1))
