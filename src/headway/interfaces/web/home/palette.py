"""What the command palette offers: pages, programs, projects, records by number, actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from headway.domain.accounts.rules import Actor, Permission, may
from headway.domain.programs.queries import portfolio_lines, programs_of
from headway.domain.risks.queries import (
    actions_by_program,
    assumptions_by_program,
    blockers_by_program,
)
from headway.domain.risks.rules import ActionFacts, AssumptionFacts, BlockerFacts
from headway.domain.stakeholders.queries import promises_by_program
from headway.domain.stakeholders.rules import PromiseFacts
from headway.interfaces.web.layout.shell import Choice

#: Choices shown in one group.
MOST = 8

#: Route, label, hint, icon, and the permission that opens it.
_PAGES = (
    ("home", "Home", "what changed, what waits", "home", Permission.SELF),
    ("programs", "Programs", "the portfolio", "programs", Permission.VIEW),
    ("releases", "Releases", "what ships, what is missing", "releases", Permission.VIEW),
    ("models", "Models", "what serves, since when, its gate", "systems", Permission.VIEW),
    ("deployments", "Deployments", "versions by environments", "systems", Permission.VIEW),
    ("datasets", "Datasets", "digests, licence, consent", "systems", Permission.VIEW),
    ("cards", "Cards", "model cards, datasheets, Annex IV files", "systems", Permission.VIEW),
    ("pipelines", "Pipelines", "runs and service levels", "systems", Permission.VIEW),
    ("governance", "Governance", "gates, law, maturity, the trail", "governance", Permission.VIEW),
    ("classifications", "AI Act", "class, impact assessment", "governance", Permission.VIEW),
    ("obligations", "Obligations", "what the law asks, by when", "governance", Permission.VIEW),
    ("incidents", "Incidents", "clocks that run", "governance", Permission.VIEW),
    ("hand_over", "Auditor's package", "checks itself offline", "governance", Permission.AUDIT),
    ("maturity", "Maturity", "levels, scores, next steps", "governance", Permission.VIEW),
    ("evidence", "Evidence", "every record of the ledger", "governance", Permission.VIEW),
    ("unplaced", "Inbox", "unplaced evidence, MLflow runs", "governance", Permission.VIEW),
    ("run_rules", "Rules about runs", "counts, or scratch", "governance", Permission.VIEW),
    ("sources", "Connectors", "settings", "settings", Permission.VIEW),
    ("vendors", "Vendors", "contracts, orders, invoices", "people", Permission.VIEW),
    ("budgets", "Budgets", "spent, owed, left, odds", "people", Permission.VIEW),
    ("exchange_rates", "Exchange rates", "and the fiscal year", "people", Permission.VIEW),
    ("people", "People", "the roster, and who checked in", "people", Permission.VIEW),
    ("own_check_in", "My check-in", "how my own work stands", "check", Permission.SELF),
    ("brief_mail", "The brief as a mail", "as it would go out", "home", Permission.VIEW),
    ("notifications", "Notifications", "settings", "settings", Permission.SELF),
    ("members", "Members", "settings", "people", Permission.VIEW),
    ("tokens", "Tokens", "settings", "settings", Permission.TOKEN),
    ("audit", "Audit trail", "settings", "governance", Permission.AUDIT),
    ("installation", "Installation", "is it well?", "settings", Permission.AUDIT),
)
_ACTIONS = (
    ("import_plan", "Import a plan", "YAML, CSV", "plus", Permission.PLAN),
    ("add_source", "Connect MLflow", "runs, models, aliases", "plus", Permission.SOURCE),
    ("members", "Invite somebody", "members", "plus", Permission.MEMBERS),
    ("tokens", "Make a token", "for a pipeline", "plus", Permission.TOKEN),
)

Group = tuple[str, Sequence[Choice]]
Entry = BlockerFacts | ActionFacts | PromiseFacts | AssumptionFacts


def choices_for(
    actor: Actor, workspace: str, asked: str, at: datetime | None = None
) -> Sequence[Group]:
    """Return the groups of choices that fit `asked`; everything when nothing is asked.

    Each word must occur in the label or the hint; a number opens the record of that number.
    """
    pages = [*_record(actor, workspace, asked), *_fitting(_of(_PAGES, actor, workspace), asked)]
    actions = [*_of(_ACTIONS, actor, workspace), *_reports(actor, workspace, at)]
    actions += _levellings(actor, workspace, at) if may(actor, Permission.VIEW) else ()
    groups = [
        ("Go to", pages),
        ("Programs and projects", _fitting(_things(actor, workspace, at), asked)),
        ("Do", _fitting(actions, asked)),
    ]
    if asked and may(actor, Permission.VIEW):
        groups.insert(2, ("RAID", _fitting(_registers(actor, workspace, at), asked)))
    return [(title, choices[:MOST]) for title, choices in groups if choices]


def _fitting(choices: Iterable[Choice], asked: str) -> list[Choice]:
    """Return the choices that hold every word asked; those that begin with it come first."""
    words = asked.lower().split()
    found = [
        one for one in choices if all(word in f"{one.label} {one.hint}".lower() for word in words)
    ]
    return sorted(found, key=lambda one: not one.label.lower().startswith(asked.lower()))


def _of(
    rows: Sequence[tuple[str, str, str, str, Permission]], actor: Actor, workspace: str
) -> Iterator[Choice]:
    for name, label, hint, icon, permission in rows:
        address = address_of(name, workspace)
        if address and may(actor, permission):
            yield Choice(label, address, hint, icon)


def _record(actor: Actor, workspace: str, asked: str) -> Iterator[Choice]:
    """Yield the record whose number was typed: "1204" or "record 1204"."""
    number = asked.lower().removeprefix("record").strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 16 and may(actor, Permission.VIEW):
        address = reverse("record", args=[workspace, int(number)])
        yield Choice(f"Record {int(number)}", address, "evidence", "governance")


def _things(actor: Actor, workspace: str, at: datetime | None) -> Iterator[Choice]:
    for line in portfolio_lines(actor, at):
        address = address_of("program", workspace, line.program.slug)
        if address:
            yield Choice(line.program.name, address, "program", "programs")
        for project in line.projects:
            address = address_of("project", workspace, project.slug)
            if address:
                yield Choice(project.name, address, line.program.name, "releases")


def _registers(actor: Actor, workspace: str, at: datetime | None) -> Iterator[Choice]:
    """Yield the registers of each program, and what is open in them."""
    programs = programs_of(actor, at)
    found: dict[str, Mapping[UUID, Sequence[Entry]]] = {
        # Their age is not shown here, so that the day does not matter.
        "blocker": blockers_by_program(actor, programs, date.min, at),
        "action": actions_by_program(actor, programs, at),
        "promise": promises_by_program(actor, programs, at),
        "assumption": assumptions_by_program(actor, programs, at),
    }
    for program in programs:
        page = address_of("raid", workspace, program.slug)
        for sort, rows in found.items():
            yield Choice(
                f"{sort.title()}s of {program.name}", f"{page}#{sort}s", "RAID", "programs"
            )
            for row in rows[program.id]:
                if row.is_open:
                    address = address_of(sort, workspace, program.slug, row.key)
                    yield Choice(row.name, address, f"{sort} of {program.name}", "programs")


def _reports(actor: Actor, workspace: str, at: datetime | None) -> Iterator[Choice]:
    for line in portfolio_lines(actor, at):
        address = reverse("reports", args=[workspace, line.program.slug])
        yield Choice(f"Write the report of {line.program.name}", address, "reports", "download")


def _levellings(actor: Actor, workspace: str, at: datetime | None) -> Iterator[Choice]:
    for program in programs_of(actor, at):
        address = address_of("levelling", workspace, program.slug)
        yield Choice(f"Level {program.name}", address, "people and machines", "people")


def address_of(name: str, workspace: str, *slugs: str) -> str:
    """Return the address of a route, or nothing where it does not exist."""
    try:
        return reverse(name, args=[workspace, *slugs])
    except NoReverseMatch:
        return ""
