"""What customers differ in: drawn as the ranges say, with the means that are promised."""

import dataclasses
import sys
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from accidental_transfers.model.parameters import Parameter, Probability, Range
from accidental_transfers.model.streams import unit

EVERY_LANE = unit(np.arange(65_536, dtype=np.uint16))
CHANCE = Probability(
    field="chance",
    default=Range(min=0.001, max=0.008),
    lowest=0,
    highest=0.25,
    meaning="chance",
    presets={"dense": Range(min=0.1, max=0.2)},
)
FACTOR = Parameter(field="factor", default=Range(min=2, max=4), lowest=1, highest=9, meaning="of")
ENDS = st.floats(1e-6, 0.25)


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    low, high = sorted((draw(ENDS), draw(ENDS)))
    return Range(min=low, max=high)


@pytest.mark.slow
@given(ranges())
def test_a_uniform_draw_is_numpys(given: Range) -> None:
    exact = np.linspace(given.min, given.max, 2 * 65_536 + 1)[1::2]  # the middles of equal steps
    for drawn in (given.uniform(EVERY_LANE), FACTOR.draw(given, EVERY_LANE)):
        np.testing.assert_allclose(drawn, exact, rtol=1e-12)
        assert drawn.mean() == pytest.approx(FACTOR.mean(given), rel=1e-9)


@pytest.mark.slow
@given(ranges())
def test_a_probability_is_drawn_evenly_on_a_logarithmic_axis(given: Range) -> None:
    drawn = CHANCE.draw(given, EVERY_LANE)
    exact = np.geomspace(given.min, given.max, 2 * 65_536 + 1)[1::2]
    np.testing.assert_allclose(drawn, exact, rtol=1e-9)
    assert CHANCE.mean(given) == pytest.approx(drawn.mean(), rel=1e-6)


def test_the_mean_of_a_probability_is_that_of_chance() -> None:
    """A million numbers of numpy's own: their mean has an error of 0.06 %."""
    exponent = np.random.default_rng(1).uniform(np.log(0.001), np.log(0.008), 1_000_000)
    assert CHANCE.mean(CHANCE.default) == pytest.approx(np.exp(exponent).mean(), rel=0.0025)


def test_none_is_none_for_everybody() -> None:
    never = Range(min=0, max=0)
    assert not CHANCE.draw(never, EVERY_LANE).any()
    assert CHANCE.mean(never) == 0
    always = Range(min=0.1, max=0.1)
    np.testing.assert_allclose(CHANCE.draw(always, EVERY_LANE), 0.1)
    assert CHANCE.mean(always) == 0.1


@pytest.mark.parametrize(
    "ends",
    [{"min": 2, "max": 1}, {"min": 0}, {"min": float("nan"), "max": 1}, {"min": "0", "max": 1}],
)
def test_a_range_has_two_ends_in_order(ends: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Range.model_validate(ends)


def test_a_lookalikes_frequency_is_the_defaults_whatever_presets_say() -> None:
    frequency = CHANCE.of_lookalike("honest")
    assert (frequency.field, frequency.default) == ("honest", CHANCE.default)
    assert not frequency.presets


def test_no_dataclass_of_the_model_has_a_mapping_as_a_default() -> None:
    """Python 3.11 refuses to define such a class, as it does not hash mappings of any kind."""
    package = "accidental_transfers."
    modules = [module for name, module in sys.modules.items() if name.startswith(package)]
    every = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    found = [each for each in every if dataclasses.is_dataclass(each)]
    assert Parameter in found
    for each in found:
        assert not any(isinstance(f.default, Mapping) for f in dataclasses.fields(each)), each
