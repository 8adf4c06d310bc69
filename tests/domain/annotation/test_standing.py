"""How a batch stands: silence never accepts, replay changes nothing, guidelines make stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.agreement.inspecting import single_plan
from headway.domain.annotation.rules.facts import (
    BatchFacts,
    GuidelineFacts,
    PilotFacts,
    VersionFacts,
)
from headway.domain.annotation.rules.pilots import pilot_standing
from headway.domain.annotation.rules.standing import (
    ADJUDICATION,
    AGREEMENT,
    DELIVERY,
    GOLD,
    INSPECTION,
    Event,
    batch_standing,
)
from headway.domain.annotation.rules.supply import drawn_from, weeks_of

NIL = UUID(int=0)
BEGAN = datetime(2026, 10, 5, 12, tzinfo=UTC)
BATCH = BatchFacts(
    NIL, NIL, NIL, NIL, "b", "Digits", "reading", "po", "digits", 1, 200, date(2026, 12, 1), 95.0,
    2, 0.1, {"3": 20}, "alpha", None, "bound", 0.05, 0.95, None, None, 7, "", 1,
)  # fmt: skip


def a_guideline(*compatible: bool) -> GuidelineFacts:
    versions = tuple(
        VersionFacts(number, f"text {number}", "why", fits, "", BEGAN, "")
        for number, fits in enumerate(compatible, start=1)
    )
    return GuidelineFacts(NIL, NIL, NIL, "digits", "Digits", "", 1, versions)


def told(*events: tuple[str, dict[str, Any]]) -> list[Event]:
    return [
        Event(number, kind, BEGAN + timedelta(days=number), payload)
        for number, (kind, payload) in enumerate(events, start=1)
    ]


def came(name: str = "d1", units: int = 100, **more: Any) -> tuple[str, dict[str, Any]]:
    return DELIVERY, {"delivery": name, "units": units, **more}


def looked(inspected: int, defects: int, *names: str) -> tuple[str, dict[str, Any]]:
    return INSPECTION, {"deliveries": list(names), "inspected": inspected, "defects": defects}


def counts(events: Sequence[Event], **changes: Any) -> tuple[str, int, int, int, int]:
    found = batch_standing(replace(BATCH, **changes), events, None)
    return (found.state, found.accepted, found.rework, found.waiting, found.stale)


def test_what_was_delivered_waits_until_a_sample_shows_it_good() -> None:
    assert counts([]) == ("ordered", 0, 0, 0, 0)
    assert counts(told(came())) == ("inspecting", 0, 0, 100, 0)
    assert counts(told(came(), looked(10, 0))) == ("inspecting", 0, 0, 100, 0)
    assert counts(told(came(), looked(60, 1))) == ("delivering", 100, 0, 0, 0)
    assert counts(told(came(), looked(60, 9))) == ("rework", 0, 100, 0, 0)
    both = told(came(), looked(60, 0), came("d2"), looked(60, 0))
    assert counts(both) == ("accepted", 200, 0, 0, 0)


def test_a_rework_takes_the_place_of_what_was_sent_back() -> None:
    events = told(came(), looked(60, 9), came("d2", 98, reworks="d1"))
    assert counts(events) == ("inspecting", 0, 0, 98, 0)
    found = batch_standing(BATCH, events, None)
    assert (found.delivered, found.decided, found.passed) == (98, 100, 0)
    again = [*events, *told(*([came()] * 3), looked(60, 0, "d2"))[3:]]
    assert counts(again) == ("delivering", 98, 0, 0, 0)


def test_a_correction_replaces_what_a_delivery_was_said_to_hold() -> None:
    found = batch_standing(BATCH, told(came(units=100), came(units=90)), None)
    assert (found.delivered, len(found.deliveries)) == (90, 1)


def test_an_inspection_names_its_lot_or_takes_what_nobody_inspected() -> None:
    events = told(came("d1"), came("d2"), looked(60, 0, "d1"), looked(60, 9))
    found = batch_standing(BATCH, events, None)
    assert [one.outcome for one in found.deliveries] == ["accepted", "rework"]


def test_agreement_that_is_asked_holds_acceptance_until_shown() -> None:
    good = told(came(), looked(60, 0))
    measured = {"measure": "alpha", "scale": "nominal", "value": 0.9, "low": 0.85, "high": 0.94}
    floor = {"agreement_floor": 0.8}
    assert counts(good, **floor)[:2] == ("inspecting", 0)
    shown = [*good, Event(9, AGREEMENT, BEGAN + timedelta(days=9), measured)]
    assert counts(shown, **floor)[1] == 100
    low = [*good, Event(9, AGREEMENT, BEGAN + timedelta(days=9), {**measured, "low": 0.7})]
    assert counts(low, **floor)[1] == 0
    assert batch_standing(replace(BATCH, **floor), low, None).agreement.verdict == "insufficient"
    other = [*good, Event(9, AGREEMENT, BEGAN, {**measured, "measure": "cohen"})]
    assert counts(other, **floor)[1] == 0


def test_a_new_guideline_makes_labels_stale_unless_said_compatible() -> None:
    events = told(came(guideline=1), looked(60, 0))
    answers = [(a_guideline(False), 100, 0), (a_guideline(False, False), 0, 100)]
    answers.append((a_guideline(False, True), 100, 0))
    answers.append((a_guideline(False, True, False), 0, 100))
    for guideline, accepted, stale in answers:
        found = batch_standing(BATCH, events, guideline)
        assert (found.accepted, found.stale) == (accepted, stale)
    unknown = batch_standing(BATCH, told(came(guideline=9), looked(60, 0)), a_guideline(False))
    assert (unknown.accepted, unknown.stale) == (0, 100)
    silent = batch_standing(replace(BATCH, guideline_version=None), told(came()), a_guideline(True))
    assert silent.stale == 100


def test_quotas_and_overlap_are_counted_of_what_counts() -> None:
    events = told(came(units=150, classes={"3": 12, "7": 9}, overlap_units=30))
    found = batch_standing(BATCH, events, None)
    assert [(one.found, one.verdict) for one in found.quotas] == [(12, "not_due")]
    assert (found.overlap, found.overlap_verdict) == (0.2, "met")
    full = batch_standing(BATCH, [*events, *told(came(), came("d2", 60))[1:]], None)
    assert full.quotas[0].verdict == "unmet"
    assert batch_standing(BATCH, told(came()), None).overlap_verdict == "missing"


def test_a_plan_accepts_by_its_count_and_sends_back_before_it_is_through() -> None:
    plan = {"rule": "plan", "aql": 0.02, "ltpd": 0.1}
    asked = single_plan(100, 0.02, 0.1)
    assert counts(told(came(), looked(asked.sample, asked.accept)), **plan)[1] == 100
    early = told(came(), looked(asked.sample - 1, asked.accept))
    assert counts(early, **plan)[0] == "inspecting"
    bad = asked.accept + 1
    assert counts(told(came(), looked(bad, bad)), **plan)[0] == "rework"


_EVENTS = st.lists(
    st.one_of(
        st.builds(came, st.sampled_from("abc"), st.integers(0, 200), guideline=st.just(1)),
        st.builds(
            lambda n, k, names: looked(n, min(k, n), *names),
            st.integers(0, 80), st.integers(0, 20), st.lists(st.sampled_from("abcx"), unique=True),
        ),
        st.builds(lambda n: (ADJUDICATION, {"units": n, "changed": 0}), st.integers(0, 9)),
    ),
    max_size=8,
).map(lambda events: told(*events))  # fmt: skip


@given(_EVENTS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_replay_and_order_change_nothing_and_silence_never_accepts(
    events: list[Event], rng: Any
) -> None:
    found = batch_standing(BATCH, events, a_guideline(False))
    parts = (found.accepted, found.rework, found.waiting, found.stale)
    assert sum(parts) == found.delivered
    assert min(parts) >= 0
    again = [*events, *events]
    rng.shuffle(again)
    assert batch_standing(BATCH, again, a_guideline(False)) == found
    silent = [one for one in events if one.kind != INSPECTION]
    assert batch_standing(BATCH, silent, a_guideline(False)).accepted == 0


def test_weeks_are_whole_begin_after_a_pause_and_leave_the_ramp_out() -> None:
    days = [(0, 50), (35, 30), (42, 70), (49, 85), (51, 2), (56, 85), (63, 85), (70, 85), (77, 9)]
    events = [
        Event(n, DELIVERY, BEGAN + timedelta(days=day), {"delivery": f"d{n}", "units": units})
        for n, (day, units) in enumerate(days)
    ]
    standing = batch_standing(BATCH, events, None)
    weeks = weeks_of([standing], BEGAN + timedelta(days=79))
    assert [week.delivered for week in weeks] == [30, 70, 87, 85, 85, 85]
    assert [week.delivered for week in drawn_from(weeks)] == [87, 85, 85, 85]
    assert weeks_of([standing], BEGAN) == []
    early = weeks_of([standing], BEGAN + timedelta(days=58))
    assert [week.delivered for week in drawn_from(early)] == [30, 70, 87]  # too few without


def test_a_pilot_qualifies_by_the_lower_end_and_for_its_guideline() -> None:
    pilot = PilotFacts(NIL, NIL, NIL, NIL, "p", "Pilot", "a", "digits", 200, 0.9, 1)
    gold = [("a", 195, 200, 1), ("b", 46, 50, 1), ("c", 20, 50, 1), ("d", 200, 200, 9)]
    events = told(
        *(
            (GOLD, {"annotator": name, "right": right, "of": of, "guideline": version})
            for name, right, of, version in gold
        )
    )
    found = pilot_standing(pilot, events, a_guideline(True))
    assert [one.verdict for one in found.annotators] == ["met", "insufficient", "unmet", "stale"]
    assert found.qualified == 1
    assert "Nobody" in pilot_standing(pilot, [], None).sentence
