"""What customers differ in: numbers that each of them draws from a range of the spec."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from accidental_transfers.model.arrays import Float


class Range(BaseModel):
    """A closed interval from which every customer draws a value of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    min: float
    max: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self

    @property
    def mean(self) -> float:
        """The middle of the interval: the mean of a uniform draw."""
        return (self.min + self.max) / 2

    def uniform(self, chance: Float) -> Float:
        """Draw evenly over the interval by numbers within (0, 1)."""
        return self.min + chance * (self.max - self.min)


@dataclass(frozen=True, eq=False)
class Parameter:
    """A number of which every customer has a value of its own.

    Attributes
    ----------
    field
        Its name: of the spec's field with the range, and of the column with the values in the
        companion about customers.
    default
        The range where the spec gives none.
    lowest, highest
        The limits of what a spec may ask for.
    meaning
        What it is, as the tables of fields say it behind the limits.
    presets
        The range of each preset that has one of its own.
    """

    field: str
    default: Range
    lowest: float
    highest: float
    meaning: str
    presets: Mapping[str, Range] = dataclasses.field(default_factory=dict)

    def draw(self, given: Range, chance: Float) -> Float:
        """Draw each customer's value, (customers,), by numbers within (0, 1)."""
        return given.uniform(chance)

    def mean(self, given: Range) -> float:
        """Give the mean of what customers draw from a range."""
        return given.mean


class Probability(Parameter):
    """A probability: drawn evenly on a logarithmic axis, or 0 for everybody."""

    def draw(self, given: Range, chance: Float) -> Float:
        """Draw each customer's value, (customers,), by numbers within (0, 1)."""
        if given.max == 0:
            return np.zeros(len(chance))
        return given.min * np.exp(chance * np.log(given.max / given.min))

    @staticmethod
    def draw_usual(each: tuple[Probability, ...], chance: Float) -> Float:
        """Draw the values of several by their defaults, at once: of the shape of ``chance``.

        ``chance`` is (probabilities, customers).
        """
        least, width = _usual_ranges(each)
        return least * np.exp(chance * width)

    def mean(self, given: Range) -> float:
        """Give the mean of what customers draw from a range."""
        if given.min == given.max:
            return given.max
        # Of a range that hardly has a width, the ratio of its ends alone would be rounded away.
        width = given.max - given.min
        return width / float(np.log1p(width / given.min))

    def of_lookalike(self, name: str) -> Self:
        """Give the frequency of a look-alike, which is that of the default's accidents."""
        return replace(self, field=name, meaning="per payment", presets={})


@cache
def _usual_ranges(each: tuple[Probability, ...]) -> tuple[Float, Float]:
    """Give the least of each default, and its width on a logarithmic axis: (probabilities, 1)."""
    ranges = [probability.default for probability in each]
    least = np.array([[given.min] for given in ranges])
    width = np.array([[np.log(given.max / given.min) if given.max else 0] for given in ranges])
    return least, width
