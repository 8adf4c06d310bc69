"""Each tripwire trips on a plan that breaks it, stays silent on one that keeps it, and says why."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.plan import Estimate, Item, ItemKind, Link, LinkType, Plan
from headway.analysis.schedule.quality import RULES, Finding, Severity, check_plan

R = "estimate: [3, 5, 9]"
ONE_ML = "resources: {ml: {capacity: 1}}"
#: A plan that keeps every rule that it gives something to judge by.
SOUND = (
    f"id: A, {R}",
    "id: B, estimate: [2, 5, 12], after: A",
    "id: C, estimate: [4, 6, 8], after: A",
    "id: D, kind: milestone, after: [B, C]",
)


def found(plan: Plan, rule: str, as_of: date | None = None) -> Finding | None:
    return next((one for one in check_plan(plan, as_of).findings if one.rule == rule), None)


def chain(count: int, entry: str = R) -> tuple[str, ...]:
    first = f"id: I0, {entry}"
    return (first, *(f"id: I{n}, {entry}, after: I{n - 1}" for n in range(1, count)))


def test_a_sound_plan_has_nearly_all_its_points() -> None:
    answer = check_plan(dated(*SOUND, more="target: 2026-02-27"))
    assert answer.findings == ()
    assert (answer.score, answer.is_fit) == (100, True)
    assert answer.sentence == "The plan scores 100 of 100: every rule is kept."
    assert {*answer.passed, *answer.not_judged} == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "items", "plan"),
    [
        ("missing-successor", ("E",), dated(*SOUND, f"id: E, {R}, after: A")),
        (
            "missing-predecessor",
            ("A", "E"),
            dated(*SOUND, f"id: E, {R}", "id: F, kind: milestone, after: E"),
        ),
        ("dangling-finish", ("A",), dated(f"id: A, {R}", f"id: B, {R}, after: A SS")),
        ("dangling-start", ("B",), dated(f"id: A, {R}", f"id: B, {R}, after: A FF")),
        (
            "few-relations",
            ("I0", "I1", "I2", "I3", "I4", "I5", "I6"),
            dated(*chain(5), *(f"id: X{n}, {R}" for n in range(6))),
        ),
        ("leads", ("B",), dated(f"id: A, {R}", f"id: B, {R}, after: A -1")),
        ("lags", ("B",), dated(f"id: A, {R}", f"id: B, {R}, after: A +1")),
        ("long-lags", ("B",), dated(f"id: A, {R}", f"id: B, {R}, after: A +21")),
        ("long-lags", ("B",), dated(f"id: A, {R}", f"id: B, {R}, after: A +29e")),
        (
            "relation-types",
            ("I1",),
            dated(*chain(6)[:1], f"id: I1, {R}, after: [I0 SS, I0 FF]", *chain(6)[2:]),
        ),
        ("redundant-links", ("C",), dated(*chain(2), f"id: C, {R}, after: [I0, I1]")),
        ("lasting-milestones", ("A",), dated("id: A, kind: milestone, estimate: 2")),
        ("hard-constraints", ("A",), dated(f"id: A, {R}, pinned: 2026-01-12")),
        ("negative-float", ("A",), dated(f"id: A, {R}, deadline: 2026-01-08")),
        (
            "critical-path-length",
            ("A", "B"),
            dated(f"id: A, {R}", f"id: B, {R}, after: A", more="target: 2026-01-13"),
        ),
        (
            "critical-path-test",
            ("A",),
            dated("id: A, estimate: [20, 30, 40]", f"id: B, {R}, after: A, pinned: 2026-02-16"),
        ),
        (
            "high-float",
            ("B",),
            dated(
                "id: A, estimate: [60, 70, 80]",
                f"id: B, {R}",
                "id: C, kind: milestone, after: [A, B]",
                f"id: D, {R}, after: C",
            ),
        ),
        ("long-items", ("A",), dated("id: A, estimate: [40, 45, 50]")),
        ("missing-estimate", ("A",), dated("id: A", f"id: B, {R}, after: A")),
        ("single-number-estimates", ("A",), dated("id: A, estimate: 5", f"id: B, {R}, after: A")),
        ("one-shape-ranges", tuple(f"I{n}" for n in range(8)), dated(*chain(8))),
        ("independent-ranges", tuple(f"I{n}" for n in range(15)), dated(*chain(15))),
        ("experiments-tried-once", ("A",), dated(f"id: A, kind: experiment, {R}")),
        (
            "experiments-without-fallback",
            ("A",),
            dated("id: A, attempts: {success: 0.6, max: 2, each: [1, 2, 3]}"),
        ),
        ("no-risks", tuple(f"I{n}" for n in range(8)), dated(*chain(8))),
        ("no-target", ("A",), dated(f"id: A, {R}")),
        (
            "work-without-resources",
            ("I1", "I2"),
            dated(f"id: I0, {R}, needs: {{ml: 1}}", *chain(3)[1:], more=ONE_ML),
        ),
        (
            "over-capacity",
            ("A",),
            dated(f"id: A, {R}, needs: {{ml: 3}}", more="resources: {ml: {capacity: 2}}"),
        ),
    ],
)  # fmt: skip
def test_a_broken_rule_is_found_where_it_is_broken(
    rule: str, items: tuple[str, ...], plan: Plan
) -> None:
    one = found(plan, rule)
    assert one is not None
    if rule != "few-relations":  # which items are the loosest is a matter of order
        assert one.items == items
    assert one.points > 0
    assert one.sentence.endswith(".")
    is_of_all = rule in ("one-shape-ranges", "independent-ranges")
    assert is_of_all or any(item in one.sentence for item in items) or "plan" in one.sentence


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_is_quiet_on_the_sound_plan(rule: str) -> None:
    assert found(dated(*SOUND, more="target: 2026-02-27"), rule) is None


def test_what_happened_after_the_status_date_is_found() -> None:
    plan = dated(f"id: A, {R}, started: 2026-01-14")
    late = found(plan, "future-actuals", date(2026, 1, 13))
    assert late is not None
    assert "2026-01-13" in late.sentence
    assert found(plan, "future-actuals", date(2026, 1, 14)) is None
    assert found(plan, "future-actuals") is None


def test_work_out_of_sequence_names_both_ends() -> None:
    plan = dated(f"id: A, {R}", f"id: B, {R}, after: A, started: 2026-01-06")
    one = found(plan, "out-of-sequence")
    assert one is not None
    assert "B before A" in one.sentence


def test_a_fallback_waits_for_its_experiment_and_is_no_open_end() -> None:
    plan = dated(
        "id: A, attempts: {success: 0.6, max: 2, each: [1, 2, 3], else: F}",
        f"id: F, {R}",
        "id: M, kind: milestone, after: A",
        f"id: Z, {R}, after: M",
        f"id: Y, {R}, after: Z",
    )
    loose = found(plan, "missing-successor")
    assert loose is not None
    assert loose.items == ("F", "Y")
    assert found(plan, "missing-predecessor") is None


def test_started_work_with_a_remainder_does_not_fail_the_critical_path_test() -> None:
    plan = dated(
        f"id: A, {R}, started: 2026-01-05, remaining: [2, 3, 4]",
        f"id: B, {R}, after: A",
        f"id: C, {R}, after: B",
    )
    assert found(plan, "critical-path-test", date(2026, 1, 19)) is None


def test_sentences_call_items_as_they_are_asked_to() -> None:
    plan = dated(f"id: a/A, {R}", f"id: a/B, {R}, after: a/A +25")
    answer = check_plan(plan, names={"a/A": "Label", "a/B": "Train"})
    told = " ".join(one.sentence for one in answer.findings)
    assert "Label → Train" in told
    assert "a/A" not in told
    assert all(item.startswith("a/") for one in answer.findings for item in one.items)


def test_finished_work_is_not_judged() -> None:
    plan = dated("id: A, estimate: 5, finished: 2026-01-09", f"id: B, {R}, after: A")
    assert found(plan, "single-number-estimates") is None


def test_a_plan_that_makes_no_sense_scores_nothing_and_says_each_reason() -> None:
    loop = Plan(
        "P",
        (
            Item("A", estimate=Estimate(1, 2, 3), after=(Link("B"),)),
            Item("B", estimate=Estimate(3, 2, 1), after=(Link("A"),)),
        ),
    )
    answer = check_plan(loop)
    assert (answer.score, answer.is_fit) == (0, False)
    assert all(one.severity is Severity.ERROR for one in answer.findings)
    told = " ".join(one.sentence for one in answer.findings)
    assert "waits for itself" in told
    assert "out of order" in told


def test_an_item_without_an_estimate_makes_a_plan_unfit_whatever_its_score() -> None:
    items = [*chain(40), "id: Z, after: I39", "id: M, kind: milestone, after: Z"]
    answer = check_plan(dated(*items, more="target: 2027-06-01"))
    assert answer.score >= 60
    assert not answer.is_fit


def test_days_are_days_whatever_the_unit() -> None:
    entry = "estimate: [{0}, {0}, {1}]"
    for unit, length, more in (("hours", 45 * 8, 400), ("weeks", 9, 10)):
        text = f"unit: {unit}\ntarget: 2027-01-29"
        plan = dated(f"id: A, {entry.format(length, more)}", more=text)
        assert found(plan, "long-items") is not None
    assert found(numbers("id: A, estimate: [40, 45, 50]"), "long-items") is not None


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 14))
    items = []
    for number in range(count):
        low = draw(st.integers(0, 60))
        spread = draw(st.integers(0, 30))
        before = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        links = tuple(
            Link(str(one), draw(st.sampled_from(LinkType)), float(draw(st.integers(-3, 25))))
            for one in sorted(before)
        )
        estimate = Estimate(float(low), float(low), float(low + spread))
        kind = draw(st.sampled_from(ItemKind))
        items.append(Item(str(number), kind=kind, estimate=estimate, after=links))
    return Plan("P", tuple(items))


@settings(max_examples=60, deadline=None)
@given(plans())
def test_any_plan_has_a_score_and_its_lost_points_are_those_of_its_findings(plan: Plan) -> None:
    answer = check_plan(plan)
    lost = sum(one.points for one in answer.findings)
    assert answer.score == max(0, round(100 - lost))
    names = {*answer.passed, *answer.not_judged, *(one.rule for one in answer.findings)}
    assert names == {rule.id for rule in RULES}
    ids = {item.id for item in plan.items}
    for one in answer.findings:
        assert set(one.items) <= ids
        assert 0 < one.points <= 45


AGREED = {"A": date(2026, 1, 9), "B": date(2026, 1, 16), "C": date(2026, 3, 2)}


def _held(*states: str) -> set[str]:
    """Return what is found of a plan of three items against the baseline, on 19 January."""
    plan = dated(*(f"id: {name}, {R}{state}" for name, state in zip("ABC", states, strict=True)))
    answer = check_plan(plan, date(2026, 1, 19), baseline=AGREED)
    return {one.rule for one in answer.findings} & {"missed-tasks", "baseline-execution"}


def test_work_that_ended_by_the_day_of_the_baseline_missed_nothing() -> None:
    assert _held(", finished: 2026-01-09", ", finished: 2026-01-16", "") == set()


def test_work_that_ended_late_missed_and_was_executed() -> None:
    assert _held(", finished: 2026-01-12", ", finished: 2026-01-16", "") == {"missed-tasks"}


def test_work_that_should_have_ended_and_has_not_is_behind_the_baseline() -> None:
    found_here = _held(", finished: 2026-01-09", "", "")
    assert found_here == {"missed-tasks", "baseline-execution"}


def test_other_work_that_ended_early_makes_up_for_it_in_the_index() -> None:
    assert _held(", finished: 2026-01-09", "", ", finished: 2026-01-13") == {"missed-tasks"}


def test_without_a_baseline_or_a_status_date_neither_is_judged() -> None:
    plan = dated(f"id: A, {R}")
    assert {"missed-tasks", "baseline-execution"} <= set(check_plan(plan).not_judged)
    assert "missed-tasks" in check_plan(plan, baseline=AGREED).not_judged
