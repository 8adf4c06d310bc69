"""A file of rules for an audit: what is set aside and why, other severities, limits, paths.

ignore:
  - {check: container, reason: "it runs as a Databricks job", until: 2027-01-31}
severity: {model-card: warning}
limits: {large_file: 10000000, readme_words: 40, card_words: 60}
exclude: [third_party]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.analysis.documents.fields import Fields
from headway.analysis.documents.text import Form, Table, compose, decoded
from headway.analysis.repository.catalogue import BY_ID, Severity
from headway.errors import Invalid, Problem

TOP = ("ignore", "severity", "limits", "exclude")
IGNORE = ("check", "reason", "until", "project")
LIMITS = ("large_file", "readme_words", "card_words")
_FORM = Form("rule file", "keys like `ignore` and `severity`", "name fewer checks.")
_SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that checks compare with: bytes of a large file, words of a README and of a card."""

    large_file: int = 5_000_000
    readme_words: int = 40
    card_words: int = 60


@dataclass(frozen=True, slots=True)
class Ignored:
    """A check set aside: for one project or (None) all, with a reason, until a day or for good."""

    check: str
    reason: str
    until: date | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """How an audit is to judge; without a file as the catalogue says."""

    ignored: tuple[Ignored, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    limits: Limits = Limits()
    exclude: tuple[str, ...] = ()


def parse_rules(data: bytes, name: str) -> Rules:
    """Return the rules of a file. Raises Invalid with every fault and its line."""
    problems: list[Problem] = []
    table = compose(decoded(data, name, "rule file"), name, _FORM)
    top = Fields(table, "", problems, TOP)
    rules = Rules(
        ignored=tuple(_ignored(top, problems)),
        severities=tuple(_severities(top)),
        limits=_limits(top),
        exclude=tuple(one.text.strip().strip("/") for one in top.texts("exclude")),
    )
    if problems:
        noun = "fault" if len(problems) == 1 else "faults"
        first = f"{problems[0].where}: {problems[0].sentence}"
        sentence = f"{name} has {len(problems)} {noun}. {first}"
        raise Invalid(sentence, problems)
    return rules


def _ignored(top: Fields, problems: list[Problem]) -> list[Ignored]:
    found = []
    for node in top.entries("ignore"):
        if not isinstance(node, Table):
            top.note(f"`ignore` holds {node}; write a check with its reason.", node.line)
            continue
        one = Fields(node, "ignore", problems, IGNORE)
        check, reason = one.text("check") or "", one.text("reason") or ""
        _known(one, check, node.line)
        if len(reason) < _SHORTEST_REASON:
            said = f"{reason!r}" if reason else "lacking"
            least = f"say in {_SHORTEST_REASON} characters or more why {check} is set aside"
            one.note(f"The `reason` is {said}; {least}.", node.line)
        found.append(Ignored(check, reason, one.day("until"), one.text("project")))
    return found


def _known(fields: Fields, check: str, line: int) -> None:
    if check not in BY_ID:
        from difflib import get_close_matches

        close = get_close_matches(check, BY_ID, n=1)
        hint = (
            f"did you mean {close[0]!r}?" if close else "docs/reference/audit-checks.md lists them."
        )
        fields.note(f"{check!r} is no check; {hint}", line)


def _severities(top: Fields) -> list[tuple[str, Severity]]:
    table = top.table_of("severity", (), "severity")
    if table is None:
        return []
    for check, node in table.nodes.items():
        _known(table, check, node.line)
    return [(check, table.word(check, Severity, Severity.ERROR)) for check in table.nodes]


def _limits(top: Fields) -> Limits:
    table = top.table_of("limits", LIMITS, "limits")
    told: dict[str, int] = {}
    if table is None:
        return Limits()
    for key in table.nodes:
        number = table.whole(key)
        if number is not None and number < 1:
            table.note(f"`{key}` is {number}; it has to be 1 or more.", table.nodes[key].line)
        elif number is not None:
            told[key] = number
    return Limits(**told)
