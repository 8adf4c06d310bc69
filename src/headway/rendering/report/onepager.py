"""The executive one-pager as a frozen value: what a sponsor reads, before any wording or layout.

Amounts are Decimals in the outlook's currency, floats are shares 0–1, days are dates. The value is
complete: the same one gives the page, the Markdown and the PDF, today and in five years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from headway.rendering.charts.milestones import MilestoneRow
from headway.rendering.charts.odds import FinishOdds

Level = Literal["good", "at_risk", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Will it land: dates, odds, cost. None where there is no answer, for example no P80."""

    level: Level
    p50: date | None
    p80: date | None
    target: date | None
    p_on_time: float | None
    cost_p80: Decimal | None
    budget: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person thinks, beside what was computed; `until` ends an override."""

    level: Level
    words: str
    by: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One dimension: the computed level, the rule that gave it, and how much it rests on.

    `evidence` counts records, `newest` is the youngest one's time, `was` the last report's level.
    """

    dimension: str
    level: Level
    sentence: str
    rule: str
    evidence: int
    newest: datetime | None = None
    was: Level | None = None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class DecisionNeeded:
    """A question to the reader, what may be answered, what we advise, and what waiting costs."""

    question: str
    options: tuple[str, ...]
    recommendation: str
    by: date | None = None
    waiting_costs: str = ""


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk (with its probability) or an issue (None: it is already so), and what is done."""

    name: str
    owner: str
    next_action: str
    due: date | None = None
    probability: float | None = None
    impact: str = ""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project: where it stands, when it lands, and its model's quality against the promise.

    `worth` is what it earns a year at its target by its business case, after running costs, P10
    and P90; None where nobody wrote one.
    """

    name: str
    stage: str
    level: Level
    p50: date | None
    p80: date | None
    p_on_time: float | None
    quality: str = ""
    worth: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Pedigree:
    """How the forecast was made: who repeats it with these gets the same bits."""

    engine: str
    seed: int
    trials: int


@dataclass(frozen=True, slots=True)
class HitRate:
    """How past forecasts did: of `due` P80 dates that came, `held` held."""

    held: int
    due: int


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The last record of the ledger when the report was frozen; anchors the chain outside."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class OnePager:
    """The whole report. Lists come most important first; three risks and milestones are shown."""

    program: str
    as_of: datetime
    outlook: Outlook
    because: str
    health: tuple[HealthLine, ...]
    pedigree: Pedigree
    previous: Outlook | None = None
    previous_as_of: date | None = None
    changes: tuple[str, ...] = ()
    decisions: tuple[DecisionNeeded, ...] = ()
    risks: tuple[RiskLine, ...] = ()
    milestones: tuple[MilestoneRow, ...] = ()
    projects: tuple[ProjectLine, ...] = ()
    odds: FinishOdds | None = None
    sources: tuple[str, ...] = ()
    hit_rate: HitRate | None = None
    ledger: LedgerHead | None = None
    link: str = ""
