"""The registry: every file of the folder, with all that others take from it."""

import math
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from accidental_transfers.model import accidents
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import (
    ACCIDENTS,
    KIND_NAMES,
    KINDS,
    LABEL_OF_KIND,
    LABELS,
    LOOKALIKES,
    PARAMETERS,
    SENT_AGAIN,
    frequencies_of,
)
from accidental_transfers.model.chance import QUARTERS
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.parameters import Range
from accidental_transfers.spec.dataset import PRESETS

FILES = sorted(path.stem for path in Path(accidents.__path__[0]).glob("[!_]*.py"))
by_name = pytest.mark.parametrize("accident", ACCIDENTS, ids=LABELS)


def test_every_file_of_the_folder_is_an_accident_in_their_order() -> None:
    package = accidents.__name__
    assert list(ACCIDENTS) == [import_module(f"{package}.{name}").ACCIDENT for name in FILES]


def test_nothing_has_the_name_of_another() -> None:
    looks = [accident.look for accident in ACCIDENTS]
    for names in (
        LABELS,
        KIND_NAMES,
        [accident.column for accident in ACCIDENTS],
        [accident.called for accident in ACCIDENTS],
        [parameter.field for parameter in (*PARAMETERS, *frequencies_of(ACCIDENTS))],
        [look.marker for look in looks],
        [look.light for look in looks],
        [look.dark for look in looks],
    ):
        assert len(set(names)) == len(names), names


def test_the_first_three_exclude_each_other_by_quarters() -> None:
    quarters = {each.name: each.quarter for each in ACCIDENTS if each.quarter is not None}
    assert quarters == {"burst": 0, "high_amount": 1, "mistyped": 2}
    assert set(quarters.values()) <= set(range(QUARTERS))


@by_name
def test_an_accident_has_a_range_for_every_preset(accident: Accident) -> None:
    probability = accident.probability
    if accident.is_optional:
        # No preset asks for it.
        assert (probability.default, probability.presets) == (Range(min=0, max=0), {})
        return
    assert probability.presets.keys() == PRESETS.keys() - {"default"}
    # A bank's accidents are rarer than the default's, and dense ones more frequent.
    bank, dense = probability.presets["bank"], probability.presets["dense"]
    assert bank.mean < probability.default.mean < dense.mean


@by_name
def test_ranges_are_within_their_limits(accident: Accident) -> None:
    probability = accident.probability
    for parameter in (probability, *accident.parameters):
        for given in (parameter.default, *parameter.presets.values()):
            assert parameter.lowest <= given.min <= given.max <= parameter.highest
    assert (probability.lowest, probability.highest) == (0, 1 / QUARTERS)


@by_name
def test_an_accident_says_what_it_is(accident: Accident) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", accident.name)
    assert re.fullmatch(r"is_[a-z_]+", accident.column)
    for kind in (*accident.kinds, *(each.kind for each in accident.lookalikes)):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.name)
        assert re.fullmatch(r"[A-Z].+\.", kind.meaning)
    for colour in (accident.look.light, accident.look.dark):
        assert re.fullmatch(r"#[0-9a-f]{6}", colour)
    assert not accident.meaning.endswith(".")


@by_name
def test_an_accident_and_its_lookalike_can_happen_somewhere(accident: Accident) -> None:
    ready = [accident.readiness(), *(each.readiness() for each in accident.lookalikes)]
    for readiness in ready:
        assert readiness.shape == (len(reference().entity_types),)
        assert ((readiness >= 0) & (readiness <= 1)).all()
        assert readiness.any()


@by_name
def test_every_kind_of_accident_has_a_lookalike_as_frequent_as_the_defaults(
    accident: Accident,
) -> None:
    resembled = [each.resembles for each in accident.lookalikes]
    assert sorted(resembled) == sorted(kind.name for kind in accident.kinds)
    for lookalike in accident.lookalikes:
        default = lookalike.frequency.default
        if accident.is_optional:
            # It has none by default, and look-alikes of a frequency of their own.
            assert 0 < default.min < default.max < 0.05
        else:
            assert default == accident.probability.default
        assert lookalike.per_accident >= 1
        assert math.isfinite(lookalike.factor)


def test_a_kind_has_the_label_of_its_accident_and_a_lookalike_none() -> None:
    assert len(LABEL_OF_KIND) == len(KINDS)
    named = {kind.name: label for kind, label in zip(KINDS, LABEL_OF_KIND, strict=True)}
    for label, accident in enumerate(ACCIDENTS, start=1):
        assert {named[kind.name] for kind in accident.kinds} == {label}
        assert {named[each.kind.name] for each in accident.lookalikes} == {0}
        first = accidents.first_kind(accident)
        assert KINDS[first : first + len(accident.kinds)] == accident.kinds
        for each in accident.lookalikes:
            assert KINDS[accidents.kind_code(each.kind.name)] == each.kind
    assert np.bincount(LABEL_OF_KIND)[0] == len(LOOKALIKES) + 1
    assert named[SENT_AGAIN.name] == 0
