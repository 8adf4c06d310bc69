"""Laws of who decides where a subject belongs, and which of several rules."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT

from headway.domain.evidence.rules.placing import (
    Condition,
    Decision,
    PlacedBy,
    RuleFacts,
    Standing,
    Told,
    as_pattern,
    decide,
    fits,
    in_force,
    is_whole,
    own_tags,
    prefix_of,
    said,
    tag_in,
)

FRAUD, OCR, CHURN = UUID(int=1), UUID(int=2), UUID(int=3)

NAMES = st.text(max_size=30)


def a_rule(project: UUID | None = FRAUD, order: int = 0, age: int = 0, **asked: str) -> RuleFacts:
    condition = Condition(**asked)
    return RuleFacts(
        id=uuid4(),
        workspace_id=UUID(int=9),
        key=condition.key,
        condition=condition,
        project_id=project,
        project="",
        is_scratch=project is None,
        order=order,
        reason="",
        author="bob",
        made_at=AT - timedelta(hours=age),
        version=1,
    )


def a_run(**told: object) -> Told:
    values: dict[str, object] = {"source": "mlflow:ml", "thing": "run:ml/1", "is_run": True}
    return Told(**{**values, **told})  # type: ignore[arg-type]


NOWHERE = Standing(None, False, "")


class TestPatterns:
    @given(NAMES)
    def test_a_name_made_a_pattern_fits_itself(self, name: str) -> None:
        assert fits(Condition(group=as_pattern(name)), a_run(group=name))

    @given(NAMES, NAMES)
    def test_and_no_other_unless_it_held_control_signs(self, name: str, other: str) -> None:
        pattern = as_pattern(name)
        if name and name != other and is_whole(pattern):
            assert not fits(Condition(group=pattern), a_run(group=other))

    @given(NAMES, NAMES)
    def test_whatever_fits_begins_with_the_patterns_prefix(self, name: str, rest: str) -> None:
        pattern = as_pattern(name) + "*"
        if fits(Condition(group=pattern), a_run(group=name + rest)):
            assert (name + rest).startswith(prefix_of(pattern))

    @given(NAMES)
    def test_a_pattern_survives_a_form_that_cuts_blanks_off(self, name: str) -> None:
        pattern = as_pattern(name)
        assert pattern.strip(" ") == pattern
        assert not any(ord(sign) < 32 for sign in pattern)

    def test_a_pattern_is_said_without_its_escapes(self) -> None:
        assert said(as_pattern("fraud [1]* ")) == "fraud [1]* "
        assert "‘fraud*’" in Condition(group="fraud*").words

    @pytest.mark.parametrize(
        ("asked", "told", "is_one"),
        [
            ({"group": "fraud-*"}, {"group": "fraud-x"}, True),
            ({"group": "fraud-*"}, {"group": "Fraud-x"}, False),
            ({"tag": "team"}, {"tags": {"team": ""}}, True),
            ({"tag": "team"}, {"tags": {}}, False),
            ({"tag": "team", "tag_value": "risk"}, {"tags": {"team": "risky"}}, False),
            ({"source": "mlflow:ml"}, {}, True),
            ({"subject": "run:ml/*"}, {}, True),
            ({"group": "*"}, {"is_run": False}, False),
            ({"subject": "model:*"}, {"is_run": False, "thing": "model:a/b"}, True),
            ({"name": "a?c", "group": "g"}, {"name": "abc", "group": "h"}, False),
        ],
    )
    def test_every_condition_asked_must_hold(
        self, asked: dict[str, str], told: dict[str, object], is_one: bool
    ) -> None:
        assert fits(Condition(**asked), a_run(**told)) is is_one


class TestWhichRule:
    def test_the_one_that_asks_most_wins_however_they_are_listed(self) -> None:
        ladder = [
            a_rule(group="fraud-scoring", name="run-1"),
            a_rule(group="fraud-scoring", name="run-*"),
            a_rule(group="fraud-scoring"),
            a_rule(group="fraud-scor*"),
            a_rule(group="fraud-*", order=1),
            a_rule(group="frau?-*", order=2, age=5),
            a_rule(group="*", order=0),
        ]
        for turn in range(len(ladder)):
            assert in_force(ladder[turn:] + ladder[:turn]) == ladder
        assert in_force(list(reversed(ladder))) == ladder

    def test_of_equals_the_lower_order_then_the_older_wins(self) -> None:
        first, second, third = (
            a_rule(group="aa*", order=0, age=1),
            a_rule(group="a*a", order=0),
            a_rule(group="*aa", order=1, age=9),
        )
        assert in_force([third, second, first]) == [first, second, third]

    def test_the_key_is_of_the_condition_alone(self) -> None:
        assert a_rule(group="x").key == a_rule(None, group="x").key
        keys = {a_rule(**{name: "x"}).key for name in ("group", "name", "source", "subject")}
        assert len(keys) == 4
        assert all(len(key) == 12 for key in keys)


class TestWhoDecides:
    rule = a_rule(OCR, group="g")
    told = a_run(group="g")

    @pytest.mark.parametrize(
        ("standing", "placed_by", "project"),
        [
            (Standing(CHURN, False, "person", FRAUD, "tag"), PlacedBy.TAG, FRAUD),
            (Standing(CHURN, False, "person", FRAUD, "push"), PlacedBy.PERSON, CHURN),
            (Standing(None, False, "", FRAUD, "push"), PlacedBy.PUSH, FRAUD),
            (Standing(FRAUD, False, "source", FRAUD, "source"), PlacedBy.RULE, OCR),
            (Standing(None, False, ""), PlacedBy.RULE, OCR),
            (Standing(None, False, "person"), PlacedBy.RULE, OCR),  # its project was removed
        ],
    )
    def test_tag_then_person_then_push_then_rule(
        self, standing: Standing, placed_by: str, project: UUID
    ) -> None:
        made = decide(standing, self.told, [self.rule])
        assert (made.placed_by, made.project_id) == (placed_by, project)

    def test_without_a_rule_the_source_decides_and_without_it_nobody(self) -> None:
        mapped = Standing(None, False, "rule", FRAUD, "source")
        assert decide(mapped, self.told, []) == Decision(FRAUD, placed_by=PlacedBy.SOURCE)
        assert decide(NOWHERE, self.told, []) == Decision()
        assert decide(NOWHERE, None, [self.rule]) == Decision()

    def test_a_tag_of_a_project_that_is_not_there_decides_nothing(self) -> None:
        assert decide(Standing(None, False, "", None, "tag"), self.told, []) == Decision()

    @given(
        st.sampled_from([None, FRAUD, OCR]),
        st.booleans(),
        st.sampled_from(list(PlacedBy)),
        st.sampled_from([None, FRAUD]),
        st.sampled_from(["", "tag", "push", "source"]),
        st.lists(st.sampled_from(["g", "*", "h", "g*"]), max_size=4),
    )
    def test_deciding_twice_decides_the_same(  # noqa: PLR0913  one part of the standing each
        self,
        project: UUID | None,
        is_scratch: bool,
        by: PlacedBy,
        claim: UUID | None,
        claim_by: str,
        groups: list[str],
    ) -> None:
        rules = in_force([a_rule(CHURN, group=group) for group in groups])
        standing = Standing(None if is_scratch else project, is_scratch, by, claim, claim_by)
        once = decide(standing, self.told, rules)
        again = Standing(once.project_id, once.is_scratch, once.placed_by, claim, claim_by)
        assert decide(again, self.told, rules) == once


class TestTags:
    def test_only_peoples_own_tags_are_kept(self) -> None:
        tags = {"mlflow.source.name": "x", "headway.project": "y", "team": "risk"}
        assert own_tags(tags) == {"team": "risk"}

    @pytest.mark.parametrize(
        ("payload", "named"),
        [
            ({"tags": {"headway.project": " fraud "}}, "fraud"),
            ({"tags": {"headway.project": ""}}, ""),
            ({"tags": {}}, ""),
            ({"tags": None}, ""),
            ({}, ""),
        ],
    )
    def test_the_tag_is_read_out_of_a_payload(self, payload: dict[str, object], named: str) -> None:
        assert tag_in(payload) == named
