"""Does what serves agree with what was decided? Registry and deployments against gates' decisions.

Both ways: a version serves that no gate let into that stage; a gate let a version through, and what
serves is still another one. An alarm is raised at the first look that shows it, because a version
in service that nobody let through does harm at once, and it ends with the first look at which both
agree; the other way round people get `GRACE` to act.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.domain.assessments.rules import Assessment, Level, Verdict, level_of
from headway.domain.inventory.rules.windows import window_of
from headway.rendering import phrases

#: The version of this rule: it stands in every verdict.
RULE = "promotion 2"

#: How long a version that was let through may wait before it serves.
GRACE = timedelta(days=7)

GO = ("go", "go_with_conditions")


@dataclass(frozen=True, slots=True)
class Serving:
    """A version that something points to: `what` is "@champion" or "production (cloud)".

    It came there in (after, by]; `stages` are those of a release that it stands for, any of them.
    """

    model: str
    version: str
    what: str
    stages: Sequence[str]
    after: datetime | None
    by: datetime
    records: tuple[int, ...]
    window: str = ""  # when the model may be moved; empty: at any time


@dataclass(frozen=True, slots=True)
class Decided:
    """The last decision on a version at a gate; `stages` are those of its release, in order."""

    version: str
    stage: str
    stages: Sequence[str]
    outcome: str
    at: datetime
    record: int | None = None

    @property
    def is_go(self) -> bool:
        """Say whether the version was let through."""
        return self.outcome in GO


def reconcile(
    serving: Serving,
    decided: Sequence[Decided],
    gated: Mapping[str, datetime],
    at: datetime,
    system: str,
) -> Assessment:
    """Return whether what serves was let through, as it stands at `at`.

    `decided` are the last decisions on each version of the model, `gated` the stages that gates of
    its system guard and since when, `system` its name. Where no gate guards the stage there is
    nothing to hold it against; nor for what served before there was one, until a gate decides.
    """
    known = [one for one in decided if one.at <= at]
    guards = [gated[stage] for stage in _reach(serving, known) if stage in gated]
    if not guards:
        sentence = _unguarded(serving, system)
        return _answer(Verdict.NOT_APPLICABLE, sentence, serving.records)
    mine = [one for one in known if one.version == serving.version]
    if serving.by < min(guards) and not mine:
        sentence = f"{_moved(serving)}, before there was a gate; the next version meets it."
        return _answer(Verdict.NOT_APPLICABLE, sentence, serving.records)
    into = [one for one in mine if _lets_into(one, serving.stages)]
    passed = [one for one in into if one.is_go]
    if not passed:
        return _answer(
            Verdict.UNMET, f"{_moved(serving)}; {_why_not(serving, into)}.", _records(serving, into)
        )
    return _passed(serving, max(passed, key=lambda one: one.at), known, at)


def _passed(
    serving: Serving, passed: Decided, known: Sequence[Decided], at: datetime
) -> Assessment:
    """Judge what serves by right: is a later decision still waiting to be carried out?"""
    later = [
        one
        for one in known
        if one.is_go
        and one.version != serving.version
        and one.at > passed.at
        and _lets_into(one, serving.stages)
    ]
    if later:
        newest = max(later, key=lambda one: one.at)
        waits = at - newest.at
        sentence = (
            f"The gate to {newest.stage} let version {newest.version} through on "
            f"{_day(newest.at)}; {serving.what} of {serving.model} still points to version "
            f"{serving.version}, {phrases.quantity(waits.days, 'day')} later."
        )
        verdict = Verdict.UNMET if waits > GRACE else Verdict.NOT_DUE
        return _answer(verdict, sentence, _records(serving, [newest]))
    if _out_of_hours(serving) and passed.at <= serving.by:
        sentence = (
            f"{_moved(serving)}, outside of its change window ({serving.window} UTC). Its gate had "
            f"let it through on {_day(passed.at)}; it ends when the gate decides once more."
        )
        return _answer(Verdict.UNMET, sentence, _records(serving, [passed]))
    sentence = (
        f"{serving.what} of {serving.model} points to version {serving.version}, which its gate to "
        f"{passed.stage} let through on {_day(passed.at)}."
    )
    if serving.by < passed.at:
        sentence += f" It had moved before that, by {_moment(serving.by)}."
    return _answer(Verdict.MET, sentence, _records(serving, [passed]))


def _out_of_hours(serving: Serving) -> bool:
    """Say whether it was certainly moved outside of its change window."""
    window = window_of(serving.window)
    return window is not None and window.is_outside(serving.after, serving.by)


def waiting(model: str, decided: Sequence[Decided], at: datetime) -> Assessment | None:
    """Return what became of the last version that was let into live while nothing serves.

    None where no version was let there; missing after `GRACE`: no registry and no deployment tells.
    """
    live = [one for one in decided if one.is_go and one.stage == "live" and one.at <= at]
    if not live:
        return None
    newest = max(live, key=lambda one: one.at)
    sentence = (
        f"The gate let version {newest.version} of {model} into live on {_day(newest.at)}, and "
        "neither a registry nor a deployment tells that it serves."
    )
    verdict = Verdict.MISSING if at - newest.at > GRACE else Verdict.NOT_DUE
    return _answer(verdict, sentence, (newest.record,) if newest.record else ())


def _reach(serving: Serving, known: Sequence[Decided]) -> Collection[str]:
    """Return the stages whose gate would let into where it serves: its own, and those behind."""
    orders = {tuple(one.stages) for one in known} or {tuple(serving.stages)}
    return {stage for order in orders for stage in _from(order, serving.stages)} | set(
        serving.stages
    )


def _lets_into(decided: Decided, stages: Sequence[str]) -> bool:
    """Say whether the gate stands before one of `stages`, or before a later stage."""
    return decided.stage in _from(decided.stages, stages)


def _from(order: Sequence[str], stages: Sequence[str]) -> Sequence[str]:
    """Return the stages of `order` from the first of `stages` on."""
    places = [order.index(stage) for stage in stages if stage in order]
    return order[min(places) :] if places else ()


def _unguarded(serving: Serving, system: str) -> str:
    if not system:
        return f"{serving.model} belongs to no ML system, so that no gate guards it."
    return f"No gate of {system} guards the stage that {serving.what} stands for."


def _moved(serving: Serving) -> str:
    """Say who points where since when: "@champion of x moved to version 2 between … and …"."""
    head = f"{serving.what} of {serving.model} points to version {serving.version}"
    if serving.after is None:
        return f"{head}, since {_moment(serving.by)} at the latest"
    if serving.after == serving.by:
        return f"{head} since {_moment(serving.by)}"
    return f"{head}: it moved between {_moment(serving.after)} and {_moment(serving.by)}"


def _why_not(serving: Serving, into: Sequence[Decided]) -> str:
    if not into:
        return f"its gate to {serving.stages[-1]} never passed"
    last = max(into, key=lambda one: one.at)
    words = {"hold": "held it", "recycle": "sent it back", "kill": "stopped it"}
    return f"its gate to {last.stage} {words.get(last.outcome, last.outcome)} on {_day(last.at)}"


def _answer(verdict: Verdict, sentence: str, records: tuple[int, ...]) -> Assessment:
    level = Level.GOOD if verdict is Verdict.NOT_DUE else level_of(verdict)
    return Assessment(verdict, level, sentence, RULE, records)


def _records(serving: Serving, decided: Sequence[Decided]) -> tuple[int, ...]:
    told = {one.record for one in decided if one.record is not None}
    return tuple(sorted({*serving.records, *told}))


def _day(moment: datetime) -> str:
    return phrases.day(moment.date())


def _moment(moment: datetime) -> str:
    return phrases.moment(moment)
