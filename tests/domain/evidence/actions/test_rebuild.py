"""Projections hold nothing of their own: however the ledger grew, a rebuild gives the same rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import a_run, an_observation

from headway.domain.accounts.actions import create_workspace
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import place_subject, rebuild_readings, record_evidence
from headway.domain.evidence.models import Reading, Run, Subject
from headway.domain.evidence.queries import (
    RunsView,
    chain_break,
    measurements_of,
    projection_export,
    runs_page,
)
from headway.errors import Refused
from headway.observation import Observation

_names = count()

#: A state of one of three runs, or an event; the hour says when it was observed.
OBSERVATIONS = st.one_of(
    st.builds(
        lambda name, hour, value: a_run(name, hours=hour, project="p", metrics={"auc": value}),
        st.sampled_from(["r1", "r2", "r3"]),
        st.integers(-9, 0),
        st.sampled_from([0.1, 0.2, 0.3, None]),
    ),
    st.builds(
        lambda kind, hour: an_observation(kind, hours=hour, project="p"),
        st.sampled_from(["evaluation", "check", "alias_move", "note"]),
        st.integers(-9, 0),
    ),
)
PUSHES = st.lists(st.lists(OBSERVATIONS, min_size=1, max_size=5), min_size=1, max_size=6)
#: Minutes after the push before: clocks of two processes may disagree, and run backwards.
CLOCKS = st.lists(st.sampled_from([0, 1, 5, -2]), min_size=6, max_size=6)

laws = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _ledger() -> tuple[Workspace, Actor]:
    """Return a new workspace with project p, and Headway acting in it."""
    workspace = create_workspace(f"Ledger {next(_names)}", AT)
    a_project(workspace, "p")
    return workspace, headway_actor(workspace.id)


def _push(actor: Actor, pushes: list[list[Observation]], clocks: list[int]) -> list[datetime]:
    moment, moments = AT, []
    for push, minutes in zip(pushes, clocks, strict=False):
        moment += timedelta(minutes=minutes)
        moments.append(moment)
        record_evidence(actor, push, moment)
    return moments


def _known(actor: Actor, at: datetime) -> list[object]:
    """Return everything that a reader could learn from the projections as of `at`."""
    place = Subject.objects.filter(workspace_id=actor.workspace_id, project__isnull=False).first()
    if place is None or place.project_id is None:
        return []
    runs = runs_page(actor, place.project_id, RunsView(metrics=["auc"]), at)
    numbers = measurements_of(actor, [place.project_id], at, kinds=["run", "evaluation", "check"])
    return [runs.lines, runs.total, numbers]


@laws
@given(pushes=PUSHES, clocks=CLOCKS, batch=st.integers(1, 7))
def test_a_rebuild_in_any_batches_changes_nothing(
    db: None, pushes: list[list[Observation]], clocks: list[int], batch: int
) -> None:
    _, actor = _ledger()
    _push(actor, pushes, clocks)
    before = list(projection_export(actor))
    rebuild_readings(actor, at_once=batch)
    assert list(projection_export(actor)) == before
    assert chain_break(actor) is None


@laws
@given(before=PUSHES, clocks=CLOCKS, push=st.lists(OBSERVATIONS, max_size=12))
def test_replaying_evidence_changes_nothing(
    db: None, before: list[list[Observation]], clocks: list[int], push: list[Observation]
) -> None:
    _, actor = _ledger()
    _push(actor, before, clocks)
    first = record_evidence(actor, push, AT + timedelta(days=1))
    kept = list(projection_export(actor))
    again = record_evidence(actor, push[::-1], AT + timedelta(days=2))
    assert (again.recorded, again.already_known) == (0, len(push))
    assert again.head_digest == first.head_digest
    assert list(projection_export(actor)) == kept


@laws
@given(pushes=PUSHES, clocks=CLOCKS, late=PUSHES)
def test_what_was_known_then_is_not_changed_by_what_came_later(
    db: None,
    pushes: list[list[Observation]],
    clocks: list[int],
    late: list[list[Observation]],
) -> None:
    _, actor = _ledger()
    moments = _push(actor, pushes, clocks)
    then = {at: _known(actor, at) for at in moments}
    for push in late:
        record_evidence(actor, push, max(moments) + timedelta(hours=1))
    assert {at: _known(actor, at) for at in moments} == then


@laws
@given(pushes=PUSHES, clocks=CLOCKS)
def test_a_late_report_of_an_older_state_never_becomes_the_latest(
    db: None, pushes: list[list[Observation]], clocks: list[int]
) -> None:
    workspace, actor = _ledger()
    _push(actor, pushes, clocks)
    for subject in Subject.objects.filter(workspace=workspace, kind="run"):
        states = Run.objects.filter(subject=subject).order_by(
            "record__observed_at", "record__sequence"
        )
        open_states = [run for run in states if run.known_until is None]
        assert open_states == [list(states)[-1]]


def test_a_superseded_state_ends_when_we_learned_better(cast: Cast) -> None:
    first, second = AT, AT + timedelta(hours=3)
    record_evidence(cast.bob, [a_run("r1", hours=-5, status="running")], first)
    record_evidence(cast.bob, [a_run("r1", hours=-1)], second)
    running, finished = Run.objects.order_by("record__sequence")
    assert (running.known_from, running.known_until) == (first, second)
    assert (finished.known_from, finished.known_until) == (second, None)
    ends = set(Reading.objects.filter(record=running.record).values_list("known_until", flat=True))
    assert ends == {second}


def test_a_rebuild_of_several_batches_counts_the_records(cast: Cast) -> None:
    states = [a_run("r1", hours=hour, metrics={"auc": -hour / 10}) for hour in range(-9, 0)]
    for state in states:
        record_evidence(cast.bob, [state], AT)
    before = list(projection_export(cast.alice))
    assert rebuild_readings(cast.alice, at_once=2) == 9
    assert list(projection_export(cast.alice)) == before


def test_placing_a_subject_is_not_lost_by_a_rebuild(cast: Cast) -> None:
    project = a_project(cast.acme)
    record_evidence(cast.bob, [a_run("r1")], AT)
    subject = Subject.objects.get(workspace=cast.acme)
    place_subject(cast.bob, subject.id, project.slug, AT)
    rebuild_readings(cast.alice)
    assert runs_page(cast.bob, project.id, RunsView()).total == 1


def test_a_contributor_does_not_rebuild(cast: Cast) -> None:
    with pytest.raises(Refused):
        rebuild_readings(cast.bob)


def test_a_rebuild_leaves_the_other_workspace_alone(cast: Cast) -> None:
    record_evidence(cast.charlie, [a_run("r1")], AT)
    before = list(projection_export(cast.charlie))
    assert rebuild_readings(cast.alice) == 0
    assert list(projection_export(cast.charlie)) == before
