from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.plans.rules import moves_between

STATES = st.dictionaries(
    st.sampled_from(["a/A", "a/B", "b/A", "risk R"]),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["N", "M"]), "owner": st.sampled_from([None, "Ann"])}
    ),
)


@given(STATES)
def test_nothing_moves_between_a_state_and_itself(state: dict[str, dict[str, object]]) -> None:
    assert moves_between(state, state) == []


@given(STATES, STATES)
def test_there_and_back_are_the_same_things_with_sides_changed(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]]
) -> None:
    there, back = moves_between(one, other), moves_between(other, one)
    words = {"added": "removed", "removed": "added"}
    assert {(move.thing, words.get(move.field, move.field)) for move in there} == {
        (move.thing, move.field) for move in back
    }


@pytest.mark.parametrize(
    ("field", "before", "after", "sentence"),
    [
        ("estimate", (3.0, 5.0, 9.0), (5.0, 5.0, 5.0), "Label: estimate 3/5/9 days → 5 days."),
        ("cost", Decimal("1200.50"), Decimal(0), "Label: cost 1,200.50 → 0."),
        ("probability", 0.2, 0.35, "“Label” went from 20 % to 35 %."),
        ("not_before", None, date(2026, 3, 1), "Label: not before none → 2026-03-01."),
        ("attempts", None, {"max": 3, "stop_by": None}, "Label: attempts none → max 3."),
        ("owner", "Ann", "", "Label: owner Ann → none."),
    ],
)
def test_a_move_is_a_sentence_with_both_values(
    field: str, before: object, after: object, sentence: str
) -> None:
    old, new = {"name": "Label", field: before}, {"name": "Label", field: after}
    assert [move.sentence for move in moves_between({"a/A": old}, {"a/A": new})] == [sentence]


def test_what_came_and_went_is_named_by_its_name() -> None:
    label = {"name": "Label", "estimate": (1.0, 2.0, 3.0)}
    assert [m.sentence for m in moves_between({}, {"a/A": label})] == [
        "Label was added: 1/2/3 days."
    ]
    assert [m.sentence for m in moves_between({"a/A": label}, {})] == ["Label was removed."]
    assert [m.sentence for m in moves_between({}, {"a/B": {}})] == ["a/B was added."]
