"""Monitors: what each kind looks at, what may be set of it, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from headway.domain.checks.rules.hysteresis import Standing, said
from headway.domain.checks.rules.rhythm import Rhythm, due_at, read_rhythm, rhythm_of, silent_at
from headway.domain.checks.rules.settings import SETTINGS, read_settings
from headway.domain.checks.rules.tables import read_table
from headway.domain.programs.rules.fields import Reader, choice, flag, text, whole
from headway.errors import Invalid
from headway.observation import SubjectRef

#: Each kind of monitor in words.
KINDS: Mapping[str, str] = {
    "quality": "Data quality by rules",
    "drift": "Drift against reference data",
    "segments": "A model by segments",
    "fit": "Training against test",
    "experiment": "Online experiment",
    "canary": "Canary against control",
    "metric": "A number against a bound",
}
#: Kinds that are held against stored reference data.
WITH_REFERENCE = ("drift",)
#: Kinds that read more than one table, by role.
MORE_TABLES: Mapping[str, Sequence[str]] = {"fit": ("train",), "canary": ("control",)}
DIMENSIONS = ("data", "quality", "compliance", "risk")
SUBJECTS = ("model", "dataset", "system")

#: Bad runs in a row that make an alert, and good ones that clear it, unless somebody says else.
ALERT_AFTER = CLEAR_AFTER = 2
MOST_IN_A_ROW = 20
#: Runs of a monitor that are kept with their pictures; older ones keep their numbers.
MOST_PICTURES = 30


@dataclass(frozen=True, slots=True)
class MonitorFacts:
    """A monitor as it is set."""

    id: UUID
    workspace_id: UUID
    project_id: UUID
    key: str
    name: str
    kind: str
    dimension: str
    subject: str
    table: Mapping[str, str]
    more_tables: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, Any]
    rhythm: Mapping[str, Any]
    alert_after: int
    clear_after: int
    owner: str
    commit: str
    is_enabled: bool
    made_at: datetime
    version: int

    @property
    def turns(self) -> Rhythm:
        """Return when it runs by itself."""
        return rhythm_of(self.rhythm)

    @property
    def kind_words(self) -> str:
        """Return its kind in words."""
        return KINDS[self.kind]

    def due(self, last: datetime | None) -> datetime | None:
        """Return when it runs next, given when it ran last."""
        return due_at(self.turns, last, self.made_at) if self.is_enabled else None

    def silent(self, last: datetime | None) -> datetime | None:
        """Return from when on its silence counts."""
        return silent_at(self.turns, last, self.made_at) if self.is_enabled else None


@dataclass(frozen=True, slots=True)
class MonitorVerdict:
    """What a monitor's runs say together at a moment; `records` open the newest evidence.

    `why` says how many runs in a row it took or still takes.
    """

    verdict: str
    sentence: str
    rule: str
    at: datetime | None
    records: tuple[int, ...] = ()
    why: str = ""


def verdict_of(
    monitor: MonitorFacts,
    standing: Standing,
    last_at: datetime | None,
    sentence: str,
    records: tuple[int, ...],
    at: datetime,
) -> MonitorVerdict:
    """Judge a monitor: by its runs with hysteresis; silent past its turn it is stale or missing.

    Time alone never gives met; what is met or unmet becomes stale.
    """
    rule = (
        f"monitor {monitor.key}: {monitor.alert_after} bad in a row alert, "
        f"{monitor.clear_after} good in a row clear"
    )
    why = said(standing, monitor.alert_after, monitor.clear_after)
    told = f"{monitor.name}: {sentence or 'no run yet.'} {why}".strip()
    if last_at is None:
        return MonitorVerdict("missing", f"{monitor.name} has not run yet.", rule, None)
    silent = monitor.silent(last_at)
    if silent is not None and silent < at:
        told = (
            f"{monitor.name} last ran on {last_at:%-d %b %Y} and should run "
            f"{monitor.turns.words()}."
        )
        return MonitorVerdict("stale", told, rule, last_at, records)
    return MonitorVerdict(standing.verdict, told, rule, last_at, records, why)


def lasts_until(monitor: MonitorFacts, observed: datetime) -> datetime | None:
    """Return until when a run's evidence stands: one missed turn makes it stale."""
    if not monitor.turns.is_set:
        return None
    due = monitor.turns.next_after(observed)
    return None if due is None else due + monitor.turns.period + timedelta(hours=1)


def read_subject(field: str, value: object) -> str:
    """Read what a monitor is about: `model:name@version`, `dataset:name` or `system:name`."""
    ref = SubjectRef.parse(str(value or ""))
    if ref.kind not in SUBJECTS:
        sentence = (
            f"The {field} is of kind '{ref.kind}'; a monitor watches one of {', '.join(SUBJECTS)}."
        )
        raise Invalid(sentence)
    return str(ref)


def _more_tables(field: str, value: object) -> dict[str, dict[str, str]]:
    if value in (None, "", {}):
        return {}
    if not isinstance(value, Mapping) or len(value) > 4:
        sentence = f"The {field} are tables by their role, for example train; write an object."
        raise Invalid(sentence)
    return {str(role)[:30]: read_table(f"table '{role}'", one) for role, one in value.items()}


def _settings(_field: str, value: object) -> dict[str, Any]:
    """Keep settings as they are; which fit is said by the kind, in `check_monitor`."""
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        sentence = f"The settings are a {type(value).__name__}; write an object of names."
        raise Invalid(sentence)
    return {str(name): part for name, part in value.items()}


MONITOR_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "kind": choice(*KINDS),
    "dimension": choice("", *DIMENSIONS),
    "subject": read_subject,
    "table": read_table,
    "more_tables": _more_tables,
    "settings": _settings,
    "rhythm": read_rhythm,
    "alert_after": whole(1, MOST_IN_A_ROW),
    "clear_after": whole(1, MOST_IN_A_ROW),
    "owner": text(200),
    "commit": text(100),
    "is_enabled": flag,
}


def check_monitor(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole of a monitor's fields, its settings read by its kind.

    Raises Invalid where the kind lacks something: a table of a role, a setting it needs.
    """
    kind = fields["kind"]
    if kind not in SETTINGS:
        sentence = f"There is no kind of monitor '{kind}'; there is {', '.join(KINDS)}."
        raise Invalid(sentence)
    for role in MORE_TABLES.get(kind, ()):
        if role not in fields["more_tables"]:
            sentence = f"“{KINDS[kind]}” reads a second table: say which is its '{role}'."
            raise Invalid(sentence)
    for role in fields["more_tables"]:
        if role not in MORE_TABLES.get(kind, ()):
            sentence = f"“{KINDS[kind]}” reads no table '{role}'; leave it out."
            raise Invalid(sentence)
    of_model = fields["subject"].startswith("model:") and kind != "quality"
    dimension = fields["dimension"] or ("quality" if of_model else "data")
    settings = read_settings(kind, fields["settings"])
    return {**fields, "dimension": dimension, "settings": settings}
