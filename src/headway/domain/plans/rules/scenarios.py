"""Scenarios: what each overrides, what it makes of the forecast, and what moved under it since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.analysis.schedule.comparing import Differences
from headway.analysis.schedule.demand import Demand
from headway.domain.plans.rules.joining import JoinedParts
from headway.domain.plans.rules.options import read_change, with_changes
from headway.domain.plans.rules.overrides import (
    item_of,
    links_between,
    plain,
    resource_of,
    risk_of,
    units_of,
)
from headway.domain.programs.rules.fields import Reader, text
from headway.errors import Invalid

OPEN, APPLIED, THROWN = STATES = ("open", "applied", "thrown")
#: Overrides of one scenario; scenarios on scenarios; open scenarios of a program; side by side.
MOST_OVERRIDES, MOST_DEEP, MOST_OPEN, MOST_COMPARED = 50, 4, 20, 4


@dataclass(frozen=True, slots=True)
class Override:
    """One change, and what the plan said of the same thing when it was written down."""

    change: Mapping[str, Any]
    was: object = None


@dataclass(frozen=True, slots=True)
class Clash:
    """An override whose thing moved since: `place` counts from 0; `is_gone`: it cannot be made."""

    place: int
    sentence: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """What drives the P80: an item or a risk, and the working days at P80 without it."""

    id: str
    days: float | None


@dataclass(frozen=True, slots=True)
class ScenarioStand:
    """What a plan says: finish, odds, money, people, the longest path, what drives it, the curve.

    `p80_error` is in working days. `curve` holds (day, share of futures finished by then).
    """

    p_on_time: float | None
    p50: date | None
    p80: date | None
    p80_error: float | None
    cost_p50: Decimal | None
    cost_p80: Decimal | None
    p_within: float | None
    p_joint: float | None
    target: date | None
    budget: Decimal | None
    path: Sequence[str] = ()
    drivers: Sequence[Cause] = ()
    demand: Sequence[Demand] = ()
    curve: Sequence[tuple[date, float]] = ()


@dataclass(frozen=True, slots=True)
class ScenarioOutlook:
    """What a scenario makes of the plan as it stood at `at`; `problem` says why there is none.

    `plan_digest` is that of the plan it was held against: two outlooks are comparable when equal.
    """

    at: datetime
    plan_digest: str = ""
    trials: int = 0
    seed: int = 0
    plan: ScenarioStand | None = None
    own: ScenarioStand | None = None
    differences: Differences | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """A scenario; `parent` is the key of the one it stands on, `inherited` what that one changes.

    What a parent overrides no longer counts once it was applied: the plan has it then.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    parent: str
    key: str
    name: str
    words: str
    origin: str
    overrides: Sequence[Override]
    inherited: Sequence[Override]
    state: str
    settled_at: datetime | None
    settled_by: str
    version: int
    may_undo: bool = False
    outlook: ScenarioOutlook | None = None
    conflicts: Sequence[Clash] = field(default=())

    @property
    def is_open(self) -> bool:
        """Say whether it can still be changed, applied or thrown away."""
        return self.state == OPEN

    @property
    def changes(self) -> Sequence[Mapping[str, Any]]:
        """Return every change it makes of the plan, inherited ones first."""
        return [one.change for one in (*self.inherited, *self.overrides)]


def read_changes(field_name: str, value: object) -> list[dict[str, object]]:
    """Read the changes of a scenario as JSON to keep. Raises Invalid with their number."""
    if not isinstance(value, list) or len(value) > MOST_OVERRIDES:
        sentence = f"The {field_name} of a scenario are a list of at most {MOST_OVERRIDES}."
        raise Invalid(sentence)
    found = []
    for place, one in enumerate(value, start=1):
        try:
            found.append(read_change(one))
        except Invalid as error:
            sentence = f"Change {place}: {error}"
            raise Invalid(sentence) from error
    return found


SCENARIO_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "words": text(2_000),
    "origin": text(300),
    "parent": text(60),
    "changes": read_changes,
}


def overrides_of(held: Iterable[Mapping[str, Any]]) -> list[Override]:
    """Return the overrides kept as JSON."""
    return [Override(one["change"], one.get("was")) for one in held]


def value_now(parts: JoinedParts, change: Mapping[str, Any]) -> object:
    """Return what the plan says of the thing that a change overrides, as JSON.

    Raises Invalid when the thing is not there, or an item to add is.
    """
    with_changes(parts, [change])
    if "item" in change:
        return _held(item_of(parts, change["item"]), change["field"])
    if "link" in change or "unlink" in change:
        kinds = [change["kind"]] if "link" in change else None
        return [
            [link.kind, link.lag, link.lag_unit]
            for link in links_between(parts, change)
            if kinds is None or link.kind in kinds
        ]
    if "need" in change:
        return units_of(parts, change)
    if "resource" in change:
        return _held(resource_of(parts, change["resource"]), change["field"])
    if "risk" in change:
        return _held(risk_of(parts, change["risk"]), change["field"])
    if "program" in change:
        return plain(getattr(parts, change["program"]))
    return None


def _held(row: object, name: str) -> object:
    value = plain(getattr(row, name))
    return [plain(one) for one in value] if isinstance(value, list) else value


def written(
    parts: JoinedParts,
    inherited: Sequence[Override],
    changes: Sequence[Mapping[str, Any]],
    before: Sequence[Override] = (),
) -> list[dict[str, Any]]:
    """Return the overrides to keep: each change with what the plan says of its thing now.

    A change that was there `before` keeps what the plan said then, so that its conflict stays.
    Raises Invalid for a new change that cannot be made on the plan with `inherited`.
    """
    known = [(one.change, one.was) for one in before]
    here, _ = made_of(parts, inherited)
    kept = []
    for place, change in enumerate(changes, start=1):
        was = next((old for same, old in known if same == change), _UNSEEN)
        try:
            now = value_now(here, change)
            here = with_changes(here, [change])
        except Invalid as error:
            if was is _UNSEEN:
                sentence = f"Change {place}: {error}"
                raise Invalid(sentence) from error
            now = was
        kept.append({"change": dict(change), "was": now if was is _UNSEEN else was})
    return kept


_UNSEEN = object()


def made_of(
    parts: JoinedParts, overrides: Sequence[Override]
) -> tuple[JoinedParts, Sequence[Clash]]:
    """Return the plan with the overrides made, and what moved under them since.

    What is gone is left out and told; what moved is overridden all the same, and told.
    """
    conflicts = []
    for place, override in enumerate(overrides):
        try:
            now = value_now(parts, override.change)
            parts = with_changes(parts, [override.change])
        except Invalid as error:
            conflicts.append(Clash(place, str(error), is_gone=True))
            continue
        if now != override.was:
            told = f"it was {_shown(override.was)} when this was written down, and is {_shown(now)}"
            conflicts.append(Clash(place, f"The plan moved: {told} now.", is_gone=False))
    return parts, conflicts


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "/".join(_shown(one) for one in value) or "nothing"
    if isinstance(value, float):
        return f"{value:g}"
    return "nothing" if value in (None, "") else str(value)


def undone_by(parts: JoinedParts, change: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the changes that take `change` back from a plan that was `parts` before it."""
    was = value_now(parts, change)
    if "item" in change or "resource" in change and "need" not in change or "risk" in change:
        return [{**change, "now": was}]
    if "program" in change:
        return [{"program": change["program"], "now": was}]
    if "need" in change:
        return [{**change, "units": was}]
    if "add" in change:
        return [{"drop": change["add"]}]
    if "drop" in change:
        return [{"restore": change["drop"]}]
    place, after = change.get("link") or change["unlink"], change["after"]
    links = [
        {"link": place, "after": after, "kind": kind, "lag": lag, "lag_unit": unit}
        for kind, lag, unit in was  # type: ignore[attr-defined]
    ]
    return links or [{"unlink": place, "after": after, "kind": change["kind"]}]
