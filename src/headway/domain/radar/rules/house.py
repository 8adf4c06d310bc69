"""Proposals from money, contracts and the queue of approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.domain.radar.rules.proposals import Fact, Proposal, between, coarse, spread
from headway.rendering import phrases

#: Share points by which spending may run ahead of time; money is looked at after a tenth of it.
AHEAD, EARLY = 0.1, 0.1
#: Working days after which an unanswered question is a queue.
LONG_WAIT = 10


@dataclass(frozen=True, slots=True)
class Spending:
    """What is spent of a budget, and the share of the time until the target that has passed."""

    spent: Decimal
    budget: Decimal
    passed: float
    currency: str


@dataclass(frozen=True, slots=True)
class Lapsing:
    """A contract that is about to lapse, and the unfinished items that its vendor has."""

    address: str
    name: str
    vendor: str
    sentence: str
    day: date
    days: int
    renews: bool
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """How long a function has left the oldest question of this program, and how it usually does."""

    function: str
    waiting: int
    longest: float
    usual: tuple[float, float, float] | None
    answers: int
    items: Sequence[str]


def money_burn(spending: Spending | None) -> Iterator[Proposal]:
    """Propose that the money does not last, as it burns now."""
    if spending is None or spending.budget <= 0 or not EARLY <= spending.passed < 1:
        return
    share = float(spending.spent / spending.budget)
    if share < spending.passed + AHEAD:
        return
    projected = spending.spent / Decimal(str(spending.passed)) - spending.budget
    over = float(max(projected, Decimal(0)))
    spent = phrases.money(spending.spent, spending.currency)
    yield Proposal(
        rule="burn",
        subject="program",
        name="The money does not last until the target",
        cause=f"{share:.0%} of the budget is spent after {spending.passed:.0%} of the time".replace(
            "%", " %"
        ),
        event="it is spent at this pace until the target",
        effect="the program ends above its budget",
        facts=[
            Fact(
                f"{spent} of {phrases.money(spending.budget, spending.currency)} is spent: "
                f"{phrases.share(share, exact=True)}, with "
                f"{phrases.share(spending.passed, exact=True)} of the time gone.",
                "money",
                "",
            )
        ],
        material=[coarse(share, 0.05), coarse(spending.passed, 0.05)],
        probability=0.5,
        why_probability="as likely as not that the pace of so far goes on, a default",
        delay=None,
        cost=(0.0, round(over), round(1.5 * over)),
        why_range="nothing, what the present pace makes of the whole, and half as much again",
        items=[],
        category="money",
        strategy="reduce",
        response="See what was spent early and will not come again; cut or move the rest.",
    )


def contract_lapse(contracts: Sequence[Lapsing]) -> Iterator[Proposal]:
    """Propose that a contract ends before the work that rests on it."""
    for one in contracts:
        if one.renews or not one.items:
            continue
        yield Proposal(
            rule="contract",
            subject=one.address,
            name=f"The contract with {one.vendor} ends before its work does",
            cause=one.sentence.rstrip("."),
            event="it lapses before a new one is signed",
            effect=f"what {one.vendor} still owes stands still",
            facts=[
                Fact(one.sentence, "contract", one.address),
                *(Fact(f"{item} is unfinished.", "item", item) for item in one.items[:5]),
            ],
            material=[one.day.isoformat(), len(one.items)],
            probability=between(0.5 - one.days / 200),
            why_probability=(
                "half of such ends are signed in time; a quarter point less for each day that is "
                "left, a default"
            ),
            delay=(5.0, 10.0, 30.0),
            cost=None,
            why_range="one to six weeks until a contract is signed, a default",
            items=list(one.items),
            category="vendor",
            strategy="avoid",
            response=f"Extend the contract before {phrases.day(one.day)}.",
        )


def slow_approvals(queues: Sequence[Queue]) -> Iterator[Proposal]:
    """Propose that a review takes longer than planned, as the queue stands."""
    for one in queues:
        slow = one.usual[2] if one.usual else None
        if one.longest < LONG_WAIT and (slow is None or one.longest <= slow):
            continue
        low, likely, high = one.usual or (one.longest / 2, one.longest, 2 * one.longest)
        usual = (
            f"It usually answers in {low:g} to {high:g} working days ({one.answers} answers)."
            if one.usual
            else f"It has answered {one.answers} times: too few for a range."
        )
        yield Proposal(
            rule="approvals",
            subject=one.function,
            name=f"The {one.function} review takes longer than planned",
            cause=f"a question has waited {one.longest:g} working days for {one.function}",
            event="it waits as long again",
            effect="the gate stays closed and its milestone moves",
            facts=[
                Fact(
                    f"{one.waiting} question{'' if one.waiting == 1 else 's'} wait for "
                    f"{one.function}, the oldest for {one.longest:g} working days.",
                    "approvals",
                    one.function,
                ),
                Fact(usual),
            ],
            material=[coarse(one.longest, 5), one.waiting],
            probability=0.5,
            why_probability="what has waited this long waits as long again in half the cases",
            delay=spread(low, likely, max(high, one.longest)),
            cost=None,
            why_range="how long the function takes by its own answers, else as long as it waited",
            items=list(one.items),
            category="compliance",
            strategy="reduce",
            response=f"Ask {one.function} what is missing, and give it a day.",
        )
