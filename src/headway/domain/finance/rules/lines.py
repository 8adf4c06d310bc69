"""Budget lines: what one may hold, and what the lines of a program add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.finance.rules.phasing import phased, phasing_text, read_phasing, split_amount
from headway.domain.programs.rules.fields import Reader, choice, decimal, text
from headway.errors import Invalid

#: What money is spent on; the same words as in `cost` evidence.
CATEGORIES = ("people", "compute", "data", "annotation", "vendor", "software", "other")
PURPOSES = ("budget", "contingency", "reserve")
#: Whether it is an asset on the books or spent in its year; "" until somebody said.
TREATMENTS = ("", "capital", "operating")

#: Categories that the kind of work or resource tells.
_BY_WORK = ("people", "compute", "data", "annotation")
#: What a share is counted in: millionths.
_MILLION = 1_000_000
_MOST_SHARES = 50


@dataclass(frozen=True, slots=True)
class BudgetLineFacts:
    """An amount set aside: `purpose` budget, contingency, or (management) reserve.

    `shares` part it over several projects, as (project, share of 1); then it is nobody's alone.
    `phasing` says when it is meant to be spent; empty: nobody said.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    project_id: UUID | None
    key: str
    name: str
    purpose: str
    category: str
    amount: Decimal
    version: int
    cost_centre: str = ""
    treatment: str = ""
    owner: str = ""
    phasing: Mapping[str, object] = field(default_factory=dict)
    shares: Sequence[tuple[UUID, Decimal]] = ()
    covers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def months(self) -> Mapping[date, Decimal]:
        """Return the amount by month, to the minor unit; nothing where it is not phased."""
        return phased(self.amount, self.phasing)

    @property
    def phasing_words(self) -> str:
        """Return the phasing as a person writes it."""
        return phasing_text(self.phasing)

    def of_project(self, project_id: UUID) -> Decimal | None:
        """Return what of it is a project's, to the minor unit; None where it is not in it."""
        if self.project_id is not None:
            return self.amount if self.project_id == project_id else None
        return dict(self.by_project()).get(project_id)

    def by_project(self) -> Sequence[tuple[UUID, Decimal]]:
        """Return what each project has of a shared line; the parts add up to the amount."""
        parts = split_amount(self.amount, [int(share * _MILLION) for _, share in self.shares])
        ids = [project_id for project_id, _ in self.shares]
        return list(zip(ids, parts, strict=True))

    def serves(self, project_id: UUID | None) -> bool:
        """Say whether a project's money may come from this line."""
        return project_id is not None and (
            project_id == self.project_id or any(one == project_id for one, _ in self.shares)
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """The money of a program.

    `total` is what the program may spend: lines and contingency, without the reserve, which is
    not the program's to spend. None where there is no line: no budget is not a budget of 0.
    """

    currency: str
    lines: tuple[BudgetLineFacts, ...]

    @property
    def total(self) -> Decimal | None:
        """Return what the program may spend, contingency included, reserve not."""
        return _sum(line.amount for line in self._of("budget", "contingency"))

    @property
    def planned(self) -> Decimal:
        """Return what is meant for work: the total without the contingency."""
        return _sum(line.amount for line in self._of("budget")) or Decimal(0)

    @property
    def contingency(self) -> Decimal:
        """Return what is set aside inside the total for what may happen, and not drawn yet."""
        return _sum(line.amount for line in self._of("contingency")) or Decimal(0)

    @property
    def reserve(self) -> Decimal:
        """Return the management reserve, outside the total."""
        return _sum(line.amount for line in self._of("reserve")) or Decimal(0)

    def of_project(self, project_id: UUID) -> Decimal | None:
        """Return what a project may spend, its shares included; None when no line names it."""
        parts = (line.of_project(project_id) for line in self._of("budget", "contingency"))
        return _sum(part for part in parts if part is not None)

    def bought_for(self, project_id: UUID) -> str:
        """Return on what a project's fixed prices are spent: where its lines hold most of it.

        Hours of people and machines, data and labels are told by the work itself: their lines are
        left aside. "other" where a project has none besides.
        """
        held: dict[str, Decimal] = {}
        for line in self._of("budget"):
            if line.serves(project_id) and line.category not in _BY_WORK:
                amount = line.of_project(project_id) or Decimal(0)
                held[line.category] = held.get(line.category, Decimal(0)) + amount
        return max(held, key=lambda name: (held[name], name), default="other")

    def _of(self, *purposes: str) -> Iterable[BudgetLineFacts]:
        return (line for line in self.lines if line.purpose in purposes)


def _sum(amounts: Iterable[Decimal]) -> Decimal | None:
    found = list(amounts)
    return sum(found, Decimal(0)) if found else None


def read_amount(field: str, value: object) -> Decimal:
    """Read an amount set aside: 0 or more."""
    found = decimal(field, value)
    if found < 0:
        sentence = f"The {field} is {found}; a budget line holds 0 or more."
        raise Invalid(sentence)
    return found


def read_shares(field: str, value: object) -> dict[str, Decimal]:
    """Read who shares a line: "meter-reading 60 %, screening 40 %", or shares of 1 by project.

    They have to add up to 1 exactly. Returns shares by the projects' addresses.
    """
    pairs = value.items() if isinstance(value, Mapping) else _pairs(field, str(value or ""))
    found = {str(project).strip(): _share(field, share) for project, share in pairs}
    if len(found) > _MOST_SHARES:
        sentence = f"The {field} name {len(found)} projects; at most {_MOST_SHARES} fit."
        raise Invalid(sentence)
    whole = sum(found.values(), Decimal(0))
    if found and whole != 1:
        said = f"{(whole * 100).normalize():f} %"
        sentence = f"The {field} add up to {said}; they have to be 100 % together."
        raise Invalid(sentence)
    return found


def _pairs(field: str, value: str) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for part in filter(None, (one.strip() for one in value.replace("\n", ",").split(","))):
        words = part.removesuffix("%").split()
        if len(words) != 2 or words[0] in dict(found):
            sentence = f"The {field} {part!r} cannot be read; write 'meter-reading 60 %' once each."
            raise Invalid(sentence)
        share = decimal("share", words[1])
        found.append((words[0].rstrip(":"), share / 100 if part.endswith("%") else share))
    return found


def _share(field: str, value: object) -> Decimal:
    found = decimal("share", value)
    if not 0 < found <= 1 or found * _MILLION != int(found * _MILLION):
        sentence = f"A share of the {field} is {found:f}; it lies above 0 and is at most 100 %."
        raise Invalid(sentence)
    return found


def read_covers(field: str, value: object) -> list[str]:
    """Read which openings a line holds the pay of, by their keys: "ml-engineer-2, analyst"."""
    told = (
        value if isinstance(value, list | tuple) else str(value or "").replace("\n", ",").split(",")
    )
    return list(dict.fromkeys(filter(None, (str(one).strip() for one in told))))


def shares_text(shares: Iterable[tuple[str, Decimal]]) -> str:
    """Return shares by project as `read_shares` reads them."""
    return ", ".join(f"{project} {(share * 100).normalize():f} %" for project, share in shares)


BUDGET_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "purpose": choice(*PURPOSES),
    "category": choice(*CATEGORIES),
    "amount": read_amount,
    "cost_centre": text(60),
    "treatment": choice(*TREATMENTS),
    "owner": text(200),
    "phasing": read_phasing,
    "shares": read_shares,
    "covers": read_covers,
}

#: What an agreed budget changes only by a budget change.
AGREED_FIELDS = frozenset(
    {"amount", "amount_minor", "purpose", "category", "phasing", "shares", "project", "project_id"}
)
