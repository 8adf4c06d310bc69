"""The plan file in YAML: what it says, and every way it can be wrong, with item and line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.analysis.schedule.plans import plan_of

from headway.analysis.documents import text as document
from headway.analysis.quantities import Money
from headway.analysis.schedule.plan import (
    Correlation,
    Distribution,
    Estimate,
    ItemKind,
    LagUnit,
    LinkType,
    Mitigation,
    Rate,
    Unit,
)
from headway.analysis.schedule.readers import read_plan
from headway.errors import Invalid

FULL = """
plan: Fraud model v3
start: 2026-01-05
unit: days
calendar: weekdays
distribution: pert
target: 2026-06-30
budget: {amount: 250000, currency: USD}
resources:
  data scientist: {capacity: 2, rate: 95/hour}
  gpu-a100: {capacity: 8, rate: 2.10/hour, kind: compute}
items:
  - id: A
    name: Label 20k transactions
    kind: annotation
    estimate: [5, 5, 7]
    after: [B, C +2, D SS +1]
    needs: {data scientist: 1, gpu-a100: 4}
    cost: 4000
    attempts: {success: 0.6, feasible: 0.9, max: 3, each: [3, 5, 9], cost: 800, stop_by: 2026-04-30, else: F}
    not_before: 2026-02-01
    deadline: 2026-03-15
    started: 2026-01-12
    remaining: [2, 3, 6]
  - {id: B, estimate: 2}
  - {id: C, estimate: [1, 2, 3], distribution: uniform, finished: 2026-01-08}
  - {id: D, kind: milestone, after: B}
  - {id: E, estimate: 1}
  - {id: F, estimate: 1}
risks:
  - {id: R1, name: Vendor late, probability: 0.3, delays: [A], delay: [2, 5, 15], cost: [0, 2000, 8000], mitigated: {probability: 0.1, cost: 3000}}
correlations:
  - {items: [A, E], rho: 0.5}
"""  # noqa: E501


def _problems(text: str, name: str = "plan.yaml") -> str:
    with pytest.raises(Invalid) as caught:
        plan_of(text, name)
    return "\n".join(
        [str(caught.value), *(f"{p.where}: {p.sentence}" for p in caught.value.problems)]
    )


def _item(fields: str) -> str:
    return (
        f"plan: P\nstart: 2026-01-05\nitems:\n  - {{id: Z, estimate: 1}}\n  - {{id: A, {fields}}}\n"
    )


def test_every_key_of_the_contract_is_read() -> None:
    plan = plan_of(FULL)
    item, risk = plan.items[0], plan.risks[0]
    assert (plan.name, plan.start, plan.unit) == ("Fraud model v3", date(2026, 1, 5), Unit.DAYS)
    assert (plan.target, plan.budget) == (date(2026, 6, 30), Money(Decimal(250000), "USD"))
    assert plan.resources[1].rate == Rate(Decimal("2.10"), "hour")
    assert plan.resources[1].kind == "compute"
    assert (item.name, item.kind, item.line) == (
        "Label 20k transactions",
        ItemKind.ANNOTATION,
        13,
    )
    assert [link.predecessor for link in item.after] == ["B", "C", "D"]
    assert (item.after[2].type, item.after[2].lag) == (LinkType.SS, 1.0)
    assert item.needs == {"data scientist": 1.0, "gpu-a100": 4.0}
    assert item.attempts is not None
    assert (item.attempts.fallback, item.attempts.stop_by) == ("F", date(2026, 4, 30))
    assert item.attempts.success == Estimate.certain(0.6)
    assert (item.deadline, item.started) == (date(2026, 3, 15), date(2026, 1, 12))
    assert item.remaining == Estimate(2, 3, 6)
    assert plan.items[2].estimate == Estimate(1, 2, 3, Distribution.UNIFORM)
    assert risk.mitigated == Mitigation(0.1, cost=Decimal(3000))
    assert risk.impact == Estimate(0, 2000, 8000)
    assert plan.correlations == (Correlation(("A", "E"), 0.5, 33),)


def test_ids_that_yaml_would_turn_into_something_else_stay_text() -> None:
    plan = plan_of(
        "plan: on\ncalendar: none\nitems:\n"
        "  - {id: no, estimate: 1}\n  - {id: 1:30, estimate: 1, after: [no]}\n"
        "  - {id: 007, estimate: 1, after: 1:30}\n"
        "  - {id: 2026-01-05, estimate: 1, after: 007 +1e}\n"
    )
    assert plan.name == "on"
    assert [item.id for item in plan.items] == ["no", "1:30", "007", "2026-01-05"]
    assert plan.items[3].after[0].unit is LagUnit.ELAPSED


def test_a_plan_without_start_counts_from_zero() -> None:
    assert plan_of("plan: P\nitems: [{id: A, estimate: 1}]").calendar is None


def test_a_calendar_of_ones_own_is_read() -> None:
    plan = plan_of(
        "plan: P\nstart: 2026-01-05\ncalendar: lab\n"
        "calendars:\n  lab: {weekdays: [mon, Tuesday, wed], hours: ['8:30-12:00', '13-16'],"
        " holidays: [2026-01-06]}\nitems: [{id: A, estimate: 1}]"
    )
    assert plan.calendar is not None
    assert plan.calendar.weekdays == (0, 1, 2)
    assert plan.calendar.windows == ((8.5, 12.0), (13.0, 16.0))
    assert plan.calendar.holidays == (date(2026, 1, 6),)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            "estimate: [9, 5, 7]",
            "item A, line 5: Item 'A': estimate [9.0, 5.0, 7.0] is out of",
        ),
        ("estimate: [1, 2]", "item A, line 5: `estimate` is a list of 2"),
        ("estimate: [1, 2, .nan]", "item A, line 5: `estimate` is '.nan'"),
        ("estimate: [1, 2, 1e999]", "`estimate` is '1e999'; it has to be a finite number"),
        ("estimate: five", "`estimate` is 'five'"),
        ("estimate: {a: 1}", "`estimate` is a mapping"),
        ("estimate: -3", "Item 'A': estimate [-3.0, -3.0, -3.0] has to lie between 0"),
        ("estimate: 1, after: [Q +2]", "item A, line 5: Item 'A' names 'Q' under `after`"),
        ("estimate: 1, after: [A]", "Item 'A' waits for itself: A → A"),
        (
            "estimate: 1, afer: Z",
            "item A, line 5: The key 'afer' is unknown; did you mean 'after'",
        ),
        ("estimate: 1, estimate: 2", "The key 'estimate' is written twice"),
        ("estimate: 1, kind: taks", "`kind` is 'taks'; choose one of task, experiment"),
        ("estimate: 1, deadline: 30/06/2026", "`deadline` is '30/06/2026'; it has to be a date"),
        ("estimate: 1, deadline: 2026-02-30", "`deadline` is '2026-02-30'; it has to be a date"),
        ("estimate: 1, cost: 4k", "`cost` is '4k'"),
        ("estimate: 1, needs: {x: 1}", "needs 'x', which is not under `resources`"),
        ("estimate: 1, needs: x", "`needs` is 'x'; write a mapping"),
        ("attempts: {success: 0.5, each: 1}", "`attempts` lacks `max`"),
        ("attempts: {success: 0.5, each: 1, max: 2.5}", "`max` is 2.5; it has to be a whole"),
        ("attempts: {success: 1.5, each: 1, max: 2}", "has to lie between 0 and 1"),
        ("estimate: 1, name: [x]", "`name` is a list; write one value"),
    ],
)
def test_a_wrong_field_is_named_with_item_and_line(fields: str, sentence: str) -> None:
    assert sentence in _problems(_item(fields))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it has to be a mapping"),
        ("- a\n- b", "it has to be a mapping"),
        ("plan: [", "is not YAML: line 1"),
        ("plan: P\n\titems: 1", "is not YAML: line 2"),
        ("plan: P", "The plan has no items"),
        ("plan: P\nitems: [5]", "`items` holds '5'; each item is a mapping with an `id`"),
        ("plan: P\nitems: [{estimate: 1}]", "This item has no `id`"),
        ("plan: P\nitems: [{id: [1], estimate: 1}]", "This item has no `id`"),
        ("plan: P\ncalendar: lunar\nitems: []", "`calendar` is 'lunar'; use weekdays, none"),
        ("plan: P\ncalendar: weekdays\nitems: [{id: A}]", "has a calendar and no `start`"),
        ("plan: P\nbudget: 5\nitems: []", "`budget` is '5'; write a mapping"),
        ("plan: P\nbudget: {amount: 5, currency: Dollar}\nitems: []", "`budget` wants an amount"),
        ("plan: P\nresources: {x: {rate: 5}}\nitems: []", "resource x, line 2: A resource lacks"),
        ("plan: P\nresources: {x: {capacity: 1, rate: 5}}\nitems: []", "`rate` is '5'; write a"),
        ("plan: P\nrisks: [{id: R}]\nitems: []", "risk R, line 2: A risk lacks `probability`"),
        ("plan: P\ncorrelations: [{items: [A]}]\nitems: []", "A correlation lacks `rho`"),
        ("plan: P\ncorrelations: [A]\nitems: []", "`correlations` holds 'A'"),
        ("plan: P\ncalendars: {c: {ics: x.ics}}\nitems: []", "is read on the command line only"),
        ("plan: P\ncalendars: {c: {weekdays: [fry]}}\nitems: []", "`weekdays` has 'fry'"),
        ("plan: P\ncalendars: {c: {hours: 25}}\nitems: []", "`hours` has '25'"),
        ("plan: P\ncalendars: {c: {hours: [9-12, 11-15]}}\nitems: []", "`hours` overlap"),
        ("plan: P\nunit: months\nitems: []", "`unit` is 'months'; choose one of hours"),
        ("plan: P\n---\nplan: Q", "holds several documents"),
        ("plan: !!python/name:os.system P", "has the tag"),
        ("plan: &a P\nitems: *a", "refers to another place"),
        ("plan: P\n[1, 2]: 3", "has a list as a key"),
        ("plan: " + "[" * 5_000, "nested more than"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(text: str, sentence: str) -> None:
    assert sentence in _problems(text)


def test_all_problems_of_a_file_come_at_once() -> None:
    text = _item("estimate: [9, 5, 7], after: Q, colour: red") + "unknown: 1\n"
    found = _problems(text)
    for sentence in ("out of order", "names 'Q'", "'colour' is unknown", "'unknown' is unknown"):
        assert sentence in found
    assert "There are 4 problems in all; nothing was read." in found


def test_a_duplicate_id_is_named_at_the_second() -> None:
    text = "plan: P\nitems:\n- {id: A, estimate: 1}\n- {id: A, estimate: 2}\n"
    assert "item A, line 4: The item id 'A' is used 2 times" in _problems(text)


def test_a_small_file_cannot_grow() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\n"
    assert "line 2 refers to another place" in _problems(bomb)


def test_a_large_file_is_refused_before_it_is_parsed() -> None:
    assert "a plan file may have 5,000,000" in _problems("#" * 5_000_001)


def test_a_file_of_too_many_values_is_refused_while_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document, "MOST_NODES", 100)
    listed = "\n".join(f"- {{id: T{n}}}" for n in range(100))
    assert "goes beyond 100 values" in _problems(f"plan: P\nitems:\n{listed}")


def test_bytes_that_are_not_utf8_are_named_by_line() -> None:
    with pytest.raises(Invalid, match="line 2: byte 8 is not UTF-8"):
        read_plan(b"plan: P\n\xff", "plan.yaml")


def test_an_unknown_ending_is_refused() -> None:
    assert "use .yaml, .csv, .xml, .xer or .sm" in _problems("", "plan.docx")


def test_what_binds_an_item_and_a_resource_beyond_links_is_read() -> None:
    plan = plan_of(
        """
start: 2026-01-05
calendars:
  crew: {weekdays: [mon, tue, sat], hours: 8-12}
resources:
  ann: {capacity: {2026-01-05: 2, 2026-03-02: 4}, calendar: crew, skills: [labels, review]}
items:
  - {id: A, estimate: [2, 4, 6], pinned: 2026-01-07, priority: 900, outline: [Data, Labels]}
  - {id: B, estimate: 4, calendar: crew, started: 2026-01-05, done: 25 %, needs: {labels: 1}}
"""
    )
    first, second = plan.items
    assert (first.pinned, first.priority, first.outline) == (
        date(2026, 1, 7),
        900,
        ("Data", "Labels"),
    )
    assert (second.calendar, second.done, second.priority) == ("crew", 0.25, 500)
    assert second.duration == Estimate.certain(3.0)
    (ann,) = plan.resources
    assert ann.steps == ((date(2026, 1, 5), 2.0), (date(2026, 3, 2), 4.0))
    assert (ann.capacity, ann.most, ann.calendar) == (0.0, 4.0, "crew")
    assert ann.skills == ("labels", "review")
    assert [calendar.name for calendar in plan.calendars] == ["weekdays", "crew"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("done: 40 %", "is 40% done and has no `started`"),
        ("started: 2026-01-05, done: 140 %", "done is 1.4; it has to be from 0 to 1"),
        ("priority: 1001", "priority is 1001; it has to be from 0 to 1000"),
        ("priority: 2.5", "it has to be a whole number"),
        ("calendar: nights", "which is not under `calendars`"),
        ("pinned: soon", "it has to be a date"),
    ],
)
def test_what_binds_an_item_wrongly_is_named(line: str, sentence: str) -> None:
    with pytest.raises(Invalid) as raised:
        plan_of(f"start: 2026-01-05\nitems:\n  - {{id: A, estimate: 2, {line}}}\n")
    assert sentence in " ".join(problem.sentence for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("capacity", "sentence"),
    [
        ("{2026-03-02: 4, 2026-01-05: 2}", "out of order"),
        ("{2026-01-05: -1}", "it has to be 0 or more"),
        ("{monday: 1}", "it has to be a date"),
    ],
)
def test_a_capacity_that_changes_wrongly_is_named(capacity: str, sentence: str) -> None:
    resource = f"resources:\n  ann: {{capacity: {capacity}}}\n"
    with pytest.raises(Invalid) as raised:
        plan_of(f"start: 2026-01-05\n{resource}items: [{{id: A, estimate: 1}}]\n")
    assert sentence in " ".join(problem.sentence for problem in raised.value.problems)
