"""Everything of labels in some programs as known at a moment; ten queries, however much it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.models import Batch, Guideline, GuidelineVersion, Pilot
from headway.domain.annotation.rules.facts import (
    BatchFacts,
    GuidelineFacts,
    PilotFacts,
    VersionFacts,
)
from headway.domain.annotation.rules.standing import BATCH_KINDS, GOLD, Event
from headway.domain.evidence.queries import told_of_kinds
from headway.domain.programs.models import Project
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.vendors.queries.columns import (
    ContractRow,
    OrderRow,
    VendorRow,
    kept_rows,
)

#: Names in one question to the ledger; of more, all records of these kinds are read.
_MOST_NAMES = 800
_MICROS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order of labels: its vendor, units and price as ordered."""

    id: UUID
    program_id: UUID
    key: str
    name: str
    vendor_id: UUID
    vendor_key: str
    vendor: str
    unit: str
    units: float | None
    unit_price: Decimal | None
    currency: str
    ordered_on: date
    needed_by: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Labels:
    """Batches, pilots, guidelines and orders of some programs, and what was told of them.

    `events` are by subject, `batch:…` and `pilot:…`; all else by id. `slugs` are of programs,
    `vendors` the key and the name of each vendor.
    """

    batches: Mapping[UUID, BatchFacts]
    pilots: Mapping[UUID, PilotFacts]
    guidelines: Mapping[UUID, GuidelineFacts]
    orders: Mapping[UUID, OrderLine]
    events: Mapping[str, Sequence[Event]]
    slugs: Mapping[UUID, str]
    vendors: Mapping[UUID, tuple[str, str]]

    def guideline_of(self, program: UUID, key: str) -> GuidelineFacts | None:
        """Return a program's guideline by key, None where it has none of that key."""
        known = self.guidelines.values()
        return next((one for one in known if (one.program_id, one.key) == (program, key)), None)

    def events_of(self, sort: str, program: UUID, key: str) -> Sequence[Event]:
        """Return what was told of a batch or a pilot."""
        return self.events.get(f"{sort}:{self.slugs[program]}/{key}", ())


Told = Callable[[BatchFacts | PilotFacts], bool]


def everything(_: BatchFacts | PilotFacts) -> bool:
    """Want what was told of all."""
    return True


def nothing(_: BatchFacts | PilotFacts) -> bool:
    """Want nothing of what was told."""
    return False


def of_batches(one: BatchFacts | PilotFacts) -> bool:
    """Want what was told of batches."""
    return isinstance(one, BatchFacts)


def of_pilots(one: BatchFacts | PilotFacts) -> bool:
    """Want what was told of pilots."""
    return isinstance(one, PilotFacts)


def of_batch(key: str) -> Told:
    """Want what was told of the batch of this key."""
    return lambda one: one.key == key and of_batches(one)


def labels_of(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    vendors: Collection[UUID] | None = None,
    told: Told = everything,
) -> Labels:
    """Return everything of labels in these programs; `vendors` says whose orders are read.

    `told` says of which batches and pilots what was told of them is read.
    """
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    slugs = {program.id: program.slug for program in asked}
    here: dict[str, object] = {"workspace_id": actor.workspace_id, "program_id__in": list(slugs)}
    batches, pilots = rows_at(Batch, at, **here), rows_at(Pilot, at, **here)
    guidelines = _guidelines(actor, rows_at(Guideline, at, **here), at)
    orders = orders_in(actor, list(slugs), at, vendors)
    projects = {row.id: row.slug for row in rows_at(Project, at, **here)}
    keys = {one.id: one.key for one in guidelines.values()}
    keys |= {one.id: one.key for one in orders.values()}
    known = {
        row.id: (row.key, row.name)
        for row in kept_rows(VendorRow, at, workspace_id=actor.workspace_id)
    }
    keys |= {vendor: key for vendor, (key, _) in known.items()}
    found = {row.id: batch_facts(row, keys, projects) for row in sorted(batches, key=_place)}
    tried = {row.id: pilot_facts(row, keys) for row in sorted(pilots, key=lambda row: row.key)}
    names: list[str] = []
    kinds: list[str] = []
    for some, of in ((found, BATCH_KINDS), (tried, (GOLD,))):
        chosen = [f"{slugs[one.program_id]}/{one.key}" for one in some.values() if told(one)]
        names += chosen
        kinds += of if chosen else ()
    events = _events(actor, kinds, names, at)
    return Labels(found, tried, guidelines, orders, events, slugs, known)


def _place(row: Batch) -> tuple[date, str]:
    return (row.due or date.max, row.key)


def _guidelines(
    actor: Actor, rows: Sequence[Guideline], at: datetime | None
) -> dict[UUID, GuidelineFacts]:
    """Return guidelines with their versions: those published by `at`, which never change."""
    known = GuidelineVersion.objects.filter(workspace_id=actor.workspace_id)
    known = known.filter(guideline_id__in=[row.id for row in rows])
    if at is not None:
        known = known.filter(published_at__lte=at)
    versions: dict[UUID, list[VersionFacts]] = defaultdict(list)
    for one in known.order_by("number"):
        versions[one.guideline_id].append(facts(VersionFacts, one))
    return {
        row.id: facts(GuidelineFacts, row, versions=tuple(versions[row.id]))
        for row in sorted(rows, key=lambda row: row.key)
    }


def orders_in(
    actor: Actor,
    programs: Sequence[UUID],
    at: datetime | None,
    only: Collection[UUID] | None = None,
) -> dict[UUID, OrderLine]:
    """Return the orders of programs by id, or those with `only` some vendors; three queries."""
    here: dict[str, object] = {"workspace_id": actor.workspace_id}
    under: dict[str, object] = {} if only is None else {"vendor_id__in": list(only)}
    contracts = {row.id: row for row in kept_rows(ContractRow, at, **here, **under)}
    if only is not None:
        under = {"contract_id__in": list(contracts)}
    rows = kept_rows(OrderRow, at, program_id__in=programs, **here, **under)
    vendors = {row.id: row for row in kept_rows(VendorRow, at, **here)} if rows else {}
    found = {}
    for row in sorted(rows, key=lambda row: (row.ordered_on, row.key)):
        contract = contracts.get(row.contract_id)
        vendor = vendors.get(contract.vendor_id) if contract else None
        if contract is None or vendor is None:
            continue
        price = row.unit_price_micros
        found[row.id] = facts(
            OrderLine,
            row,
            vendor_id=vendor.id,
            vendor_key=vendor.key,
            vendor=vendor.name,
            unit_price=None if price is None else Decimal(price) / _MICROS,
            currency=contract.currency,
        )
    return found


def _events(
    actor: Actor, kinds: Sequence[str], names: Sequence[str], at: datetime | None
) -> Mapping[str, Sequence[Event]]:
    """Return what was told of these batches and pilots, by subject; one query."""
    if not names:
        return {}
    asked = names if len(names) <= _MOST_NAMES else ()
    found: dict[str, list[Event]] = defaultdict(list)
    for one in told_of_kinds(actor, kinds, at, asked):
        found[one.subject].append(Event(one.record, one.kind, one.observed_at, one.payload))
    return found


def batch_facts(row: Batch, keys: Mapping[UUID, str], projects: Mapping[UUID, str]) -> BatchFacts:
    """Return a batch as a frozen value, with the keys of what it points to."""
    return facts(
        BatchFacts,
        row,
        project=projects.get(row.project_id, "") if row.project_id else "",
        order=keys.get(row.order_id, "") if row.order_id else "",
        guideline=keys.get(row.guideline_id, "") if row.guideline_id else "",
    )


def pilot_facts(row: Pilot, keys: Mapping[UUID, str]) -> PilotFacts:
    """Return a pilot as a frozen value."""
    return facts(
        PilotFacts,
        row,
        vendor=keys.get(row.vendor_id, "") if row.vendor_id else "",
        guideline=keys.get(row.guideline_id, "") if row.guideline_id else "",
    )
