"""The page of obligations says what the data say, row by row."""

from __future__ import annotations

from pathlib import Path

from headway.domain.compliance.rules.law import Obligation, Term, ai_act

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "obligations.md"


def days(terms: tuple[Term, ...]) -> str:
    """Return a class's days as the page tells them: what was said first, what holds since."""
    told = []
    for term in terms:
        mark = " (not verified)" if term.verify else ""
        grace = (
            f", {term.grace_from} for what was on the market before {term.grace_before}"
            if term.grace_from
            else ""
        )
        told.append(f"said {term.said_from}: {term.applies_from}{grace}{mark}")
    return "; ".join(told)


def row_of(one: Obligation) -> str:
    mark = " (not verified)" if one.verify else ""
    roles, classes = ", ".join(one.roles), ", ".join(one.classes)
    return f"| `{one.id}` | {one.article}{mark} | {one.title} | {roles} | {classes} |"


def expected() -> list[str]:
    act = ai_act()
    return [
        *(f"| {name} | {days(terms)} |" for name, terms in act.dates.items()),
        *(row_of(one) for one in act.obligations),
    ]


def test_the_page_lists_every_class_and_every_obligation() -> None:
    told = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert [line for line in told if not line.startswith(("| class", "| id"))] == expected()
