"""Charges where they belong: what each origin's tag, run or rule says, and its shares.

Nothing of it is stored: the rules in force at `at` place the charges known at `at`, so a changed
rule is seen at once and a past moment is answered by the rules of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from headway.analysis.cost import Origin as Told
from headway.analysis.cost import Placing, Rule, RuleBook, Share, apportion, place, ratios, split
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.queries.books import Book, books_of, origins_of
from headway.domain.costs.queries.rules import allocation_rules
from headway.domain.costs.rules import ChargeFacts, rule_of
from headway.domain.evidence.queries import run_homes
from headway.domain.programs.models import Project
from headway.domain.programs.queries import projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts, ProjectFacts

_MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Placed:
    """An origin, its currency, and where its charges belong."""

    told: Told
    currency: str
    placing: Placing

    @property
    def is_idle(self) -> bool:
        """Say whether it is capacity that nobody used."""
        return self.told.category == "Idle"


class Places:
    """Where charges belong by one state of rules, runs and projects (ids by address)."""

    def __init__(
        self, rules: Sequence[Rule], runs: Mapping[str, str], projects: Mapping[str, UUID]
    ) -> None:
        """Nothing is placed until it is asked for; then it is known."""
        self._book, self._runs, self._projects = RuleBook(rules), runs, projects
        self._placed: dict[str, Placed] = {}
        self._facts: dict[str, Mapping[str, Sequence[ChargeFacts]]] = {}

    def of(self, origins: Mapping[str, tuple[Told, str]]) -> Mapping[str, Placed]:
        """Return where the charges of each origin belong, by its id."""
        found = {}
        for key, (told, currency) in origins.items():
            held = self._placed.get(key)
            if held is None:
                placing = place(told, self._book, self._runs, self._projects)
                held = self._placed[key] = Placed(told, currency, placing)
            found[key] = held
        return found

    def facts(
        self, book: Book, placed: Mapping[str, Placed]
    ) -> Mapping[str, Sequence[ChargeFacts]]:
        """Return what a bill says that each project (its address) spent, by category."""
        held = self._facts.get(book.digest)
        if held is None:
            held = self._facts[book.digest] = _facts(book, placed, self._projects)
        return held


@lru_cache(maxsize=4)
def _places(
    rules: tuple[Rule, ...],
    runs: frozenset[tuple[str, str]],
    projects: tuple[tuple[str, UUID], ...],
) -> Places:
    """Return the places of one state, kept: of two pages with the same rules one has placed all."""
    return Places(rules, dict(runs), dict(projects))


def places_of(
    actor: Actor, at: datetime | None = None, *, rules: Sequence[Rule] | None = None
) -> tuple[Places, Mapping[str, Placed]]:
    """Return where the charges of each origin belong, by its id; `rules` instead of those stored.

    Six queries at most, however many bills there are.
    """
    require(actor, Permission.VIEW)
    origins = origins_of(actor)
    if not origins:
        return Places((), {}, {}), {}
    if rules is None:
        rules = [rule_of(one) for one in allocation_rules(actor, at)]
    names = {one.run for one, _ in origins.values()} - {""}
    runs = run_homes(actor, sorted(names), at)
    found = _places(tuple(rules), frozenset(runs.items()), _projects(actor, at))
    return found, found.of(origins)


def placings_of(
    actor: Actor, at: datetime | None = None, *, rules: Sequence[Rule] | None = None
) -> Mapping[str, Placed]:
    """Return where the charges of each origin belong, by its id, as `places_of` does."""
    return places_of(actor, at, rules=rules)[1]


def _projects(actor: Actor, at: datetime | None) -> tuple[tuple[str, UUID], ...]:
    if at is None:
        mine = Project.objects.filter(workspace_id=actor.workspace_id)
        return tuple(mine.order_by("slug").values_list("slug", "id"))
    rows = rows_at(Project, at, workspace_id=actor.workspace_id)
    return tuple(sorted((row.slug, row.id) for row in rows))


@dataclass(slots=True)
class Part:
    """What of an origin one share of its placing gets (None: it is nobody's), month by month.

    Amounts are millionths; `rows` are those of the bills behind it.
    """

    origin: str
    placed: Placed
    share: Share | None
    amounts: list[int]
    rows: int = 0

    @property
    def project(self) -> str:
        """Return the address of the project it belongs to; "" where nothing places it."""
        return self.share.project if self.share else ""


def parts_of(
    books: Iterable[Book],
    placed: Mapping[str, Placed],
    months: Sequence[date],
    *,
    measure: str = "effective",
    only: Collection[str] | None = None,
) -> Sequence[Part]:
    """Return the charges of books added up by origin and share, in columns of `months`.

    The parts of each charge add up to it, to the millionth. `only` are the origins wanted.
    """
    column = {month: at for at, month in enumerate(months)}
    found: dict[str, list[Part]] = {}
    weights: dict[str, Sequence[int]] = {}
    for key, one in placed.items():
        if only is None or key in only:
            shares = one.placing.shares or (None,)
            found[key] = [Part(key, one, share, [0] * len(months)) for share in shares]
            weights[key] = ratios(tuple(share.share for share in one.placing.shares))
    told: set[str] = set()
    for book in books:
        at = column[book.month]
        amounts = book.effective if measure == "effective" else book.billed
        told.update(book.origins)
        for key, micros, rows in zip(book.origins, amounts, book.rows, strict=True):
            parts = found.get(key)
            if parts is None:
                continue
            if len(parts) == 1:  # nearly all: nothing is to be split
                parts[0].amounts[at] += micros
                parts[0].rows += rows
                continue
            for part, some in zip(parts, apportion(micros, weights[key]), strict=True):
                part.amounts[at] += some
                part.rows += rows
    return [part for key, parts in found.items() if key in told for part in parts]


def charges_of(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    projects: Mapping[UUID, Iterable[ProjectFacts]] | None = None,
) -> Mapping[UUID, Sequence[ChargeFacts]]:
    """Return what bills say each project of these programs spent, by month, record and category.

    What no rule places belongs to nobody and is not among them. `projects` are the programs', as
    `projects_by_program` gives them. One query where there is no bill, else eight at most.
    """
    places, placed = places_of(actor, at)
    if not placed:
        return {}
    if projects is None:
        projects = projects_by_program(actor, programs, at)
    told = [places.facts(book, placed) for book in books_of(actor, at)]
    found = {}
    for mine in projects.values():
        for project in mine:
            facts = [fact for book in told for fact in book.get(project.slug, ())]
            if facts:
                found[project.id] = facts
    return found


def _facts(
    book: Book, placed: Mapping[str, Placed], projects: Mapping[str, UUID]
) -> Mapping[str, Sequence[ChargeFacts]]:
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for key, billed, effective in zip(book.origins, book.billed, book.effective, strict=True):
        one = placed[key]
        placing = one.placing
        shares = [share.share for share in placing.shares]
        is_whole = len(shares) == 1
        cash = [billed] if is_whole else split(billed, shares)
        burn = [effective] if is_whole else split(effective, shares)
        for share, some_cash, some_burn in zip(placing.shares, cash, burn, strict=True):
            if share.project in projects:
                found = sums[share.project, placing.category, one.currency, placing.adds]
                found[0] += some_burn
                found[1] += some_cash
    facts: dict[str, list[ChargeFacts]] = defaultdict(list)
    for (project, category, currency, adds), (burn_micros, cash_micros) in sorted(sums.items()):
        home, amounts = projects[project], (burn_micros * _MICRO, cash_micros * _MICRO)
        fact = ChargeFacts(home, book.month, category, *amounts, currency, book.record, adds)
        facts[project].append(fact)
    return facts
