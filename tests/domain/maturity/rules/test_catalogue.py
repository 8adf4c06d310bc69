"""The models as data: their counts, their ids, and that every way leads to a probe."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from headway.analysis.repository.catalogue import BY_ID
from headway.domain.evidence.rules import KINDS
from headway.domain.maturity.rules import MODELS, all_models, criterion_of, model_of, probes

#: Kinds that follow from records instead of being one.
DERIVED = {"promise", "reproduction", "system"}


def test_the_models_have_the_levels_and_columns_that_are_published() -> None:
    assert [one.level for one in model_of("google").levels] == [0, 1, 2]
    assert [one.level for one in model_of("microsoft").levels] == [0, 1, 2, 3, 4]
    assert len(model_of("microsoft").columns) == 4
    assert [one.level for one in model_of("aws").levels] == [1, 2, 3, 4]
    assert len(model_of("mlts").criteria) == 28
    assert set(Counter(one.column for one in model_of("mlts").criteria).values()) == {7}


@pytest.mark.parametrize("name", MODELS)
def test_every_level_of_every_column_is_described_and_asks_something(name: str) -> None:
    model = model_of(name)
    for level in model.levels:
        assert all(level.says[column.id] for column in model.columns)
        asked = {one.column for one in model.criteria if one.level == level.level}
        assert level.level == 0 or asked == {column.id for column in model.columns}


def test_ids_are_unique_well_formed_and_found() -> None:
    criteria = [one for model in all_models() for one in model.criteria]
    assert len({one.id for one in criteria}) == len(criteria)
    assert all(re.fullmatch(r"[a-z]+:[a-z0-9-]+", one.id) for one in criteria)
    assert all(criterion_of(one.id) is one for one in criteria)
    assert criterion_of("mlts:data-8") is None


def test_every_criterion_says_how_who_and_how_long() -> None:
    for model in all_models():
        for one in model.criteria:
            assert one.how.endswith(".")
            assert one.owner
            for low, likely, high in (one.effort, one.by_hand):
                assert 0 < low <= likely <= high


def test_every_way_names_a_probe_and_every_probe_is_used() -> None:
    named = {
        probe
        for model in all_models()
        for one in model.criteria
        for way in one.any
        for probe in way
    }
    assert named == set(probes())


def test_every_audit_that_is_read_is_one_that_an_audit_gives() -> None:
    assert {name for probe in probes().values() for name in probe.audit} <= set(BY_ID)


def test_every_probe_reads_keys_that_its_kind_has() -> None:
    ours = {"monitor", "source", "role", "commit", "finite", "has_value"}
    for probe in probes().values():
        if probe.audit or probe.kind in DERIVED:
            continue
        keys = set(KINDS[probe.kind].model_fields) | ours
        assert {*probe.where, *probe.passes} <= keys, probe.id
