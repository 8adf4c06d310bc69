"""The pages of a program: a row of groups, and below it the pages of the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address

#: Label of a group → its pages as (label, route), in the order in which a reader asks.
GROUPS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("Overview", (("Overview", "program"),)),
    (
        "Plan",
        (
            ("Work", "program_plan"),
            ("Baselines", "baselines"),
            ("Scenarios", "scenarios"),
            ("Resources", "resources"),
            ("Compute", "pools"),
            ("Capacity", "program_capacity"),
            ("Bottlenecks", "bottlenecks"),
        ),
    ),
    ("Forecast", (("Forecast", "program_forecast"), ("What we said", "what_we_said"))),
    (
        "Money",
        (
            ("Budget", "budget"),
            ("Earned value", "earned_value"),
            ("Annotation", "program_annotation"),
        ),
    ),
    (
        "Risks",
        (
            ("Register", "risks"),
            ("RAID", "raid"),
            ("Radar", "radar"),
            ("Decisions", "decisions"),
        ),
    ),
    ("Forums", (("Forums", "forums"),)),
)


@dataclass(frozen=True, slots=True)
class Tabs:
    """`groups` and `pages` are (label, address); `group` and `page` are the labels of the open."""

    groups: Sequence[tuple[str, str]]
    group: str
    pages: Sequence[tuple[str, str]]
    page: str


def tabs_of(request: WorkspaceRequest, program: str) -> Tabs:
    """Return where one can go within a program; the open page is the one whose address fits best.

    A group leads to its first page. A group of one page has no row of its own.
    """
    groups = [
        (label, [(name, href) for name, route in pages if (href := _at(request, route, program))])
        for label, pages in GROUPS
    ]
    groups = [(label, pages) for label, pages in groups if pages]
    fitting = [
        (len(href), label, name)
        for label, pages in groups
        for name, href in pages
        if request.path.startswith(href)
    ]
    _, group, page = max(fitting, default=(0, "", ""))
    return Tabs(
        groups=[(label, pages[0][1]) for label, pages in groups],
        group=group,
        pages=next((pages for label, pages in groups if label == group and len(pages) > 1), []),
        page=page,
    )


def _at(request: WorkspaceRequest, route: str, program: str) -> str:
    return address(request, route, program=program)
