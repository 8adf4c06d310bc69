"""The letter to a vendor: what concerns it and nothing else; no other party's number is in reach.

It is drawn from the vendor's own file in the pack, never from the program's: what is not in that
file cannot leak.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from headway.rendering import phrases
from headway.rendering.report.blocks import Block, Card, Cards, Fact, Grid, Page
from headway.rendering.report.pack import VendorFile
from headway.rendering.report.views import cells
from headway.rendering.report.views.glossary import WORDS

_ME = "vendor"


def vendor_page(told: VendorFile, program: str, as_of: datetime) -> Page:
    """Return the letter. It takes the vendor's file and no pack, so it can say nothing else."""
    return Page(
        audience=_ME,
        title=f"To {cells.clipped(told.name, cells.MOST_IN_TITLE)}",
        subject=f"letter on {cells.clipped(program, cells.MOST_IN_TITLE)}",
        as_of=phrases.moment(as_of),
        stamp=as_of.timestamp(),
        level=None,
        bottom_line=_bottom_line(told),
        facts=_facts(told),
        blocks=(_deliveries(told), *_promises(told), _decisions(told)),
        footer=(
            ("From", cells.clipped(told.sender) or "the program's manager"),
            ("About", cells.clipped(program)),
            ("As of", phrases.moment(as_of)),
            ("Please", "write back within a week where your records say otherwise."),
        ),
        words=WORDS[_ME],
    )


def _counted(told: VendorFile, state: str) -> int:
    return sum(one.state == state for one in told.deliveries)


def _bottom_line(told: VendorFile) -> str:
    accepted, total = _counted(told, "accepted"), len(told.deliveries)
    under_way = phrases.quantity(_counted(told, "under way"), "is", "are") + " under way"
    first = min(
        (one.due for one in told.deliveries if one.due and one.accepted is None), default=None
    )
    due = f"; the next is due on {phrases.day(first)}" if first else ""
    deliveries = phrases.quantity(total, "delivery", "deliveries")
    return f"Of {deliveries} we have accepted {accepted}; {under_way}{due}."


def _facts(told: VendorFile) -> tuple[Fact, ...]:
    amounts = [one.amount for one in told.deliveries if one.amount is not None]
    accepted = [
        one.amount for one in told.deliveries if one.amount is not None and one.accepted is not None
    ]
    facts = [
        Fact(name, f"{_counted(told, state):,}", detail, _counted(told, state))
        for name, state, detail in (
            ("Accepted", "accepted", "deliveries"),
            ("Under way", "under way", "deliveries"),
            ("Not begun", "not begun", "deliveries"),
        )
    ]
    if amounts:
        whole = phrases.money(sum(amounts, Decimal(0)), told.currency, exact=True)
        worth = sum(accepted, Decimal(0))
        value = phrases.money(worth, told.currency, exact=True)
        facts.append(Fact("Accepted in money", value, f"of {whole}", worth))
    return tuple(facts)


def _deliveries(told: VendorFile) -> Grid:
    columns = ("Delivery", "Project", "State", "Begun", "Accepted", "Due", "Expected", "Amount")
    rows = tuple(
        (
            cells.words(one.name),
            cells.words(one.project),
            cells.words(one.state),
            cells.day(one.started),
            cells.day(one.accepted),
            cells.day(one.due),
            cells.day(one.expected),
            cells.amount(one.amount, told.currency) if one.amount is not None else cells.words(""),
        )
        for one in told.deliveries
    )
    return Grid("deliveries", "Deliveries", columns, rows, "Our plan has no delivery of yours.")


def _promises(told: VendorFile) -> tuple[Block, ...]:
    rows = tuple(
        (cells.words(one.what), cells.day(one.by), cells.words(one.state)) for one in told.promises
    )
    if not rows:
        return ()
    return (Grid("promises", "Promises", ("What", "By", "State"), rows, ""),)


def _decisions(told: VendorFile) -> Cards:
    cards = tuple(
        Card(cells.clipped(question), (("By", phrases.day(by)),) if by else ())
        for question, by in told.decisions
    )
    return Cards("asked", "What we ask of you", cards, "No decision is asked of you.")
