"""The pack as a frozen value: everything that the audiences of a program are told, at one moment.

One value, from which every audience's page is drawn (`views`): two audiences cannot be told two
numbers. Amounts are Decimals, floats shares or measurements, days dates. A person stands here by
name, never by address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from headway.rendering.report.onepager import Level, OnePager

#: What a snapshot of today says it holds. 1 was the one-pager alone.
SCHEMA = 2


@dataclass(frozen=True, slots=True)
class BridgeStep:
    """What one cause did to P80: calendar days and money; None where one side has no answer."""

    cause: str
    title: str
    days: Decimal | None
    money: Decimal | None
    sentence: str


@dataclass(frozen=True, slots=True)
class PackBridge:
    """From the last pack to this one: the steps add up to the day and to the cent.

    `problem` says why there is no bridge.
    """

    since: date | None
    then_p80: date | None
    now_p80: date | None
    then_cost: Decimal | None
    now_cost: Decimal | None
    steps: tuple[BridgeStep, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Overruled:
    """A person's judgement that is greener than the evidence. `place` is the program or project."""

    place: str
    dimension: str
    computed: Level
    judged: Level
    by: str
    words: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A promise of a model with its verdict: what was measured, how surely, and on which record."""

    project: str
    name: str
    verdict: str
    level: Level
    sentence: str
    bound: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    due: date | None = None
    records: tuple[int, ...] = ()
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExperimentLine:
    """Work that may fail: its attempts, its odds, where it stops, and what stands in for it.

    `reached` is the share of simulated futures in which it succeeds.
    """

    project: str
    name: str
    state: str
    owner: str
    attempts: int | None
    success: tuple[float, ...]
    each: tuple[float, ...]
    stop_by: date | None
    fallback: str
    reached: float | None


@dataclass(frozen=True, slots=True)
class DriverLine:
    """What moves P80 most: an item or a risk, in days, with the error of the simulation."""

    name: str
    kind: str
    days: float
    error: float


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work item that is under way or comes next."""

    project: str
    name: str
    owner: str
    state: str
    start: date | None
    p50: date | None
    p80: date | None
    deadline: date | None
    waits_for: tuple[str, ...] = ()
    float_days: float | None = None


@dataclass(frozen=True, slots=True)
class BlockerLine:
    """What keeps work from going on, since when, and who frees it."""

    project: str
    name: str
    owner: str
    since: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class RunsLine:
    """How many training runs a project's source has shown, and the newest."""

    project: str
    runs: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Engineering:
    """What the team is told: promises, experiments, what moves the date, what comes next."""

    criteria: tuple[CriterionLine, ...] = ()
    experiments: tuple[ExperimentLine, ...] = ()
    drivers: tuple[DriverLine, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    work: tuple[WorkRow, ...] = ()
    runs: tuple[RunsLine, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A budget line as it was set."""

    name: str
    project: str
    category: str
    purpose: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """Money of one category: set aside (contingency included, reserve not) and spent."""

    category: str
    budget: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """Money of one project; `name` empty: of no single project. None where nothing is known."""

    name: str
    budget: Decimal | None
    spent: Decimal | None
    cost_p50: Decimal | None
    cost_p80: Decimal | None


@dataclass(frozen=True, slots=True)
class Finance:
    """What finance is told. Categories and projects each add up to `budget` and to `spent`."""

    currency: str
    budget: Decimal | None
    contingency: Decimal
    reserve: Decimal
    spent: Decimal | None
    cost_p50: Decimal | None
    cost_p80: Decimal | None
    categories: tuple[CategoryLine, ...] = ()
    projects: tuple[ProjectMoney, ...] = ()
    lines: tuple[MoneyLine, ...] = ()
    foreign: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A record that a verdict rests on, with the digest that the ledger sealed it with."""

    record: int
    subject: str
    kind: str
    project: str
    observed_at: datetime
    recorded_at: datetime
    valid_until: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision that was taken: what, by whom, when, why."""

    question: str
    chosen: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ComplianceLine:
    """What a project's tier asks for at its stage, and how that stands."""

    project: str
    stage: str
    level: Level
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Compliance:
    """What legal and audit are told; promises of models stand in `Engineering.criteria`."""

    projects: tuple[ComplianceLine, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """An item that a vendor owns or is needed for; accepted when we wrote it down as finished.

    `amount` is what we pay for it, told only where the vendor owns it.
    """

    name: str
    project: str
    state: str
    started: date | None
    accepted: date | None
    due: date | None
    expected: date | None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What one side gives the other by a day."""

    what: str
    by: date | None
    state: str


@dataclass(frozen=True, slots=True)
class VendorFile:
    """Everything a vendor is told, and nothing else: its deliveries, promises, its decisions."""

    key: str
    name: str
    sender: str
    currency: str
    deliveries: tuple[Delivery, ...] = ()
    promises: tuple[Promise, ...] = ()
    decisions: tuple[tuple[str, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One frozen truth. Parts are None where the snapshot is older than they are."""

    executive: OnePager
    schema: int = SCHEMA
    engineering: Engineering | None = None
    finance: Finance | None = None
    compliance: Compliance | None = None
    vendors: tuple[VendorFile, ...] = ()
    bridge: PackBridge | None = None
    overruled: tuple[Overruled, ...] = ()
    reason: str = ""
