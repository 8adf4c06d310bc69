"""Where charges belong: the first rule that fits places them, in shares.

Amounts are whole micro-units (millionths of the currency); `apportioning` splits them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fnmatch import fnmatchcase
from fractions import Fraction

MICRO = Decimal("0.000001")

#: Tags by which a charge itself says where it belongs: they win over every rule.
PROJECT_TAGS = ("headway.project", "headway_project", "headway-project")
#: Tags that hold the id of a training run: the charge belongs where the run does.
RUN_TAGS = ("mlflow.run_id", "mlflow_run_id", "mlflow-run-id", "run_id", "run-id")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a charge is for, as its bill tells it; `category` is FOCUS's (Usage, Tax, …)."""

    provider: str
    account: str
    sub_account: str
    service_category: str
    service: str
    resource: str
    category: str
    tags: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what stands in a field, or below `tag:NAME`; "" where nothing does."""
        if name.startswith("tag:"):
            return self.tags.get(name.removeprefix("tag:"), "")
        found = getattr(self, name, "")
        return found if isinstance(found, str) else ""

    @property
    def run(self) -> str:
        """Return the training run that the charge names, or nothing."""
        return next((self.tags[one] for one in RUN_TAGS if self.tags.get(one)), "")

    @property
    def project(self) -> str:
        """Return the project that the charge names itself, or nothing."""
        return next((self.tags[one] for one in PROJECT_TAGS if self.tags.get(one)), "")


#: The fields that a condition may ask, besides `tag:NAME`.
FIELDS = (
    *("provider", "account", "sub_account", "service_category", "service", "resource"),
    "category",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A field of a charge, or `tag:NAME`, and the pattern (`*`, `?`) that its whole text fits."""

    field: str
    pattern: str

    @property
    def is_plain(self) -> bool:
        """Say whether only one text fits, whatever its case."""
        return not any(sign in self.pattern for sign in "*?[")

    def fits(self, origin: Origin) -> bool:
        """Say whether a charge is one of those asked for. Case does not count; empty never fits."""
        found = origin.value(self.field).lower()
        pattern = self.pattern.lower()
        return bool(found) and (found == pattern or fnmatchcase(found, pattern))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a charge: for a project (its address), in it perhaps for an item or a model."""

    project: str
    share: Decimal
    item: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Charges that fit all conditions belong to the shares, as money of `category` ("": by kind).

    `adds` says that they are spent besides what `cost` records tell of the same months.
    """

    key: str
    conditions: tuple[Condition, ...]
    shares: tuple[Share, ...]
    category: str = ""
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a charge belongs, and what said so: a rule's key, "tag" or "run"; "" is unallocated."""

    by: str
    shares: tuple[Share, ...]
    category: str
    adds: bool = False


class RuleBook:
    """Rules in their order, found by the plain text that they ask for: hundreds cost no more."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Index each rule by its first plain condition; rules without one are always asked."""
        self._rules = list(rules)
        self._always: list[int] = []
        self._by: dict[str, dict[str, list[int]]] = {}
        for at, rule in enumerate(self._rules):
            plain = next((one for one in rule.conditions if one.is_plain), None)
            if plain is None:
                self._always.append(at)
            else:
                texts = self._by.setdefault(plain.field, {})
                texts.setdefault(plain.pattern.lower(), []).append(at)

    def first(self, origin: Origin) -> Rule | None:
        """Return the first rule whose conditions all fit, or None."""
        asked = list(self._always)
        for field_name, texts in self._by.items():
            asked += texts.get(origin.value(field_name).lower(), ())
        for at in sorted(asked):
            if all(one.fits(origin) for one in self._rules[at].conditions):
                return self._rules[at]
        return None


def place(
    origin: Origin,
    rules: RuleBook | Sequence[Rule],
    runs: Mapping[str, str],
    projects: Mapping[str, object],
) -> Placing:
    """Return where a charge belongs.

    Its own tag first, then the project of the run it names, then the first rule that fits. `runs`
    gives each run its project, `projects` are those there are: what names another is unallocated.
    """
    kind = kind_of(origin)
    own = origin.project
    if own in projects:
        return Placing("tag", (Share(own, Decimal(1)),), kind)
    of_run = runs.get(origin.run, "") if origin.run else ""
    if of_run in projects:
        return Placing("run", (Share(of_run, Decimal(1)),), kind)
    book = rules if isinstance(rules, RuleBook) else RuleBook(rules)
    rule = book.first(origin)
    if rule is None:
        return Placing("", (), kind)
    return Placing(rule.key, rule.shares, rule.category or kind, rule.adds)


#: FOCUS's service categories that are programs and not machines.
_SOFTWARE = ("business applications", "developer tools", "web", "multicloud")


def kind_of(origin: Origin) -> str:
    """Return the category of money a charge is, where no rule says: machines, software, people."""
    if origin.provider == "time sheets":
        return "people"
    told = origin.service_category.lower()
    if told in _SOFTWARE:
        return "software"
    return "compute"


def whole_micros(amounts: Sequence[Decimal]) -> list[int]:
    """Return amounts as whole micro-units whose sum is the rounded sum (half to even)."""
    total = sum(amounts, Decimal(0)).quantize(MICRO, ROUND_HALF_EVEN)
    exact = [Fraction(one) * 1_000_000 for one in amounts]
    return _rounded(exact, int(total.scaleb(6)))


def _rounded(exact: Sequence[Fraction], total: int) -> list[int]:
    """Return the floors of `exact`, the rest given to the largest remainders: they sum to total."""
    floors = [one.numerator // one.denominator for one in exact]
    left = total - sum(floors)
    order = sorted(range(len(exact)), key=lambda at: (-(exact[at] - floors[at]), at))
    for at in order[: max(left, 0)]:
        floors[at] += 1
    for at in reversed(order[left:] if left < 0 else []):
        floors[at] -= 1
    return floors
