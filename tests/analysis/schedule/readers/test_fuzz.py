"""Files are untrusted: whatever they hold, the answer is a plan or a sentence."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.readers.test_yaml_plan import FULL

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.readers.yaml_plan import (
    ATTEMPT_KEYS,
    ITEM_KEYS,
    PLAN_KEYS,
    RISK_KEYS,
)
from headway.errors import Invalid

KEYS = sorted({*PLAN_KEYS, *ITEM_KEYS, *ATTEMPT_KEYS, *RISK_KEYS, "A", "B", "rho"})
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10),
    st.floats(),
    st.sampled_from(["A", "B", "B +2", "A SS -1", "2026-01-05", "1e400", "none", "weekdays", ""]),
    st.text(max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=30,
)
plans = st.fixed_dictionaries(
    {},
    optional={key: values for key in PLAN_KEYS}
    | {
        "items": st.lists(
            st.dictionaries(st.sampled_from(ITEM_KEYS), values, max_size=8), max_size=4
        )
    },
)


def _survives(data: bytes, name: str) -> None:
    with suppress(Invalid):
        assert isinstance(read_plan(data, name), Plan)


@settings(max_examples=200)
@given(plans)
def test_any_tree_is_read_or_refused(tree: dict[str, object]) -> None:
    _survives(json.dumps(tree).encode(), "plan.yaml")


@settings(max_examples=200)
@given(st.integers(0, len(FULL)), st.integers(0, 12), st.text(max_size=4))
def test_any_damage_to_a_good_file_is_read_or_refused(at: int, cut: int, added: str) -> None:
    _survives((FULL[:at] + added + FULL[at + cut :]).encode("utf-8", "replace"), "plan.yaml")


@given(st.binary(max_size=80), st.sampled_from(["p.yaml", "p.csv"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    _survives(data, name)


@given(st.lists(st.lists(scalars.map(str), max_size=7), max_size=5))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    header = "id,name,optimistic,most_likely,pessimistic,after"
    text = "\n".join([header, *(",".join(row) for row in rows)])
    _survives(text.encode("utf-8", "replace"), "plan.csv")
