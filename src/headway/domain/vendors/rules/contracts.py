"""A contract: its term and what that means on a day, its cap, what it wants as evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    currency,
    day,
    flag,
    number,
    slug,
    text,
    whole,
)
from headway.domain.programs.rules.fields import key as read_key
from headway.domain.vendors.rules.facts import a_day, an_amount
from headway.errors import Invalid

STATES = ("draft", "signed", "ended")
RENEWALS = ("none", "automatic", "option")

#: How far ahead a contract is said to lapse soon, in calendar days.
SOON = 60
#: What may stand in lists of a contract.
MOST_TERMS, MOST_DOCUMENTS = 20, 20
#: An automatic renewal is followed this often; who renews oftener has another contract by then.
MOST_RENEWALS = 200


@dataclass(frozen=True, slots=True)
class SlaTerm:
    """A promise with a price: where `metric` misses `bound`, `credit` of the value is due back.

    `metric`: "late" (working weeks after the day it was needed; the bound is days of grace),
    "accepted" (share of what was delivered), or the name of a measured metric, at least the bound.
    `credit` and `most` are shares of the order's value: for each week late, or once; and at most.
    """

    key: str
    name: str
    metric: str
    bound: float
    credit: float
    most: float = 1.0


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What was agreed with a vendor; `cap` is the most that may be ordered, None: no limit."""

    id: UUID
    workspace_id: UUID
    vendor_id: UUID
    vendor: str
    vendor_name: str
    program_id: UUID | None
    key: str
    name: str
    starts: date
    ends: date | None
    renewal: str
    notice_days: int | None
    currency: str
    cap: Decimal | None
    state: str
    sla: tuple[SlaTerm, ...]
    wanted: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]
    tax_is_cost: bool
    version: int

    @property
    def subject(self) -> str:
        """Return what evidence about it names."""
        return f"contract:{self.vendor}/{self.key}"

    @property
    def address(self) -> str:
        """Return how it is known: vendor/key."""
        return f"{self.vendor}/{self.key}"


@dataclass(frozen=True, slots=True)
class ContractStanding:
    """How a contract stands on a day.

    `state`: draft, ahead, running, notice (its notice has to be given soon), lapsing (it ends
    soon), expired, ended. `ends` is the end of the present term, renewals counted; `notice_on` the
    last day for notice; `cap_used` the share of the cap that is ordered, None without a cap.
    """

    contract: ContractFacts
    state: str
    sentence: str
    ends: date | None
    notice_on: date | None
    ordered: Decimal
    cap_used: float | None
    over_cap: str = ""

    @property
    def is_worrying(self) -> bool:
        """Say whether somebody should look: it lapses, has lapsed, or holds too many orders."""
        return self.state in ("notice", "lapsing", "expired") or bool(self.over_cap)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A day that comes: by then notice is given, an option is taken, or the contract is over."""

    contract: ContractFacts
    what: str
    day: date
    days: int

    @property
    def sentence(self) -> str:
        """Say what happens, and in how many days."""
        when = "today" if self.days == 0 else f"in {self.days} day{'' if self.days == 1 else 's'}"
        return f"{self.what} on {_said(self.day)}, {when}."


def present_end(starts: date, ends: date | None, renewal: str, today: date) -> date | None:
    """Return the end of the term that `today` lies in: an automatic renewal adds a term each."""
    if ends is None or renewal != "automatic":
        return ends
    after = ends + timedelta(days=1) if ends < date.max else ends
    months = (after.year - starts.year) * 12 + after.month - starts.month
    found, number_ = ends, 1
    while found < today and number_ < MOST_RENEWALS:
        number_ += 1
        if months > 0 and after.day == starts.day:
            found = _months_on(starts, months * number_)
        else:
            found = _days_on(starts, ((after - starts).days or 1) * number_)
    return found


def standing_of(contract: ContractFacts, ordered: Decimal, today: date) -> ContractStanding:
    """Return how a contract stands on a day, with what was ordered under it."""
    ends = present_end(contract.starts, contract.ends, contract.renewal, today)
    notice_on = None
    if ends is not None and contract.notice_days is not None and contract.renewal != "none":
        notice_on = _days_on(ends, -contract.notice_days + 1)
    state, sentence = _state(contract, ends, notice_on, today)
    used = float(ordered / contract.cap) if contract.cap else None
    over = ""
    if contract.cap is not None and ordered > contract.cap:
        more = ordered - contract.cap
        over = f"Orders exceed the cap of {contract.cap:,} by {more:,} {contract.currency}."
    return ContractStanding(contract, state, sentence, ends, notice_on, ordered, used, over)


def _state(
    contract: ContractFacts, ends: date | None, notice_on: date | None, today: date
) -> tuple[str, str]:
    if contract.state != "signed":
        return contract.state, "Not signed yet." if contract.state == "draft" else "It was ended."
    if today < contract.starts:
        return "ahead", f"It begins on {_said(contract.starts)}."
    if ends is None:
        return "running", "It runs until notice is given."
    if ends < today:
        return "expired", f"It ended on {_said(ends)}; what is ordered now has no contract."
    if notice_on is not None and notice_on >= today:
        days = (notice_on - today).days
        what = "it renews" if contract.renewal == "automatic" else "the option is gone"
        soon = f"Notice by {_said(notice_on)} ({days} days), else {what}; it ends {_said(ends)}."
        return ("notice" if days <= SOON else "running"), soon
    if contract.renewal == "automatic":
        return "running", f"It renews after {_said(ends)}."
    days = (ends - today).days
    gone = "The day for its option is over. " if notice_on is not None else ""
    return (
        "lapsing" if days <= SOON else "running"
    ), f"{gone}It ends on {_said(ends)} ({days} days)."


def why_no_order(contract: ContractFacts, ordered_on: date) -> str:
    """Say why nothing may be ordered under a contract on a day; empty where it may."""
    if contract.state == "ended":
        return f"{contract.name} was ended; write another contract, or sign it again."
    if contract.ends is not None and contract.renewal != "automatic" and ordered_on > contract.ends:
        return (
            f"{contract.name} ended on {_said(contract.ends)}, before {_said(ordered_on)}; "
            "renew it, or order under another."
        )
    return ""


def lapsing(
    standings: Iterable[ContractStanding], today: date, within: int = SOON
) -> Sequence[Lapse]:
    """Return what lapses within so many days, the soonest first."""
    found = []
    for one in standings:
        if one.state not in ("notice", "lapsing", "running"):
            continue
        contract = one.contract
        if one.notice_on is not None and one.notice_on >= today:
            renews = contract.renewal == "automatic"
            found.append((one.notice_on, "Last day for notice" if renews else "Option ends", one))
        elif one.ends is not None and contract.renewal != "automatic":
            found.append((one.ends, "Ends", one))
    return [
        Lapse(one.contract, what, day_, (day_ - today).days)
        for day_, what, one in sorted(found, key=lambda row: (row[0], row[2].contract.address))
        if (day_ - today).days <= within
    ]


def _months_on(starts: date, months: int) -> date:
    """Return the day before `starts` comes again so many months later."""
    year, month = divmod(starts.month - 1 + months, 12)
    if starts.year + year > date.max.year:
        return date.max
    first = date(starts.year + year, month + 1, 1)
    return min(first + timedelta(days=starts.day - 2), _month_end(first))


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _days_on(starts: date, days: int) -> date:
    """Return the last of so many days that begin at `starts`."""
    place = min(max(starts.toordinal() + days - 1, 1), date.max.toordinal())
    return date.fromordinal(place)


def _said(one: date) -> str:
    return f"{one.day} {one:%b %Y}"


def read_sla(field: str, value: object) -> list[dict[str, object]]:
    """Read the promises of a contract, each with its bound and its credit."""
    found = []
    for entry in _rows(field, value, MOST_TERMS):
        unknown = set(entry) - {"key", "name", "metric", "bound", "credit", "most"}
        if unknown:
            sentence = f"The {field} knows no '{sorted(unknown)[0]}' of a promise."
            raise Invalid(sentence)
        metric = text(200, required=True)("metric", entry.get("metric"))
        low = 0 if metric in ("late", "accepted") else -math.inf
        found.append(
            {
                "key": read_key("key", entry.get("key") or metric),
                "name": text(200)("name", entry.get("name") or metric),
                "metric": metric,
                "bound": number(low, required=True)("bound", entry.get("bound")),
                "credit": number(0, 1, required=True)("credit", entry.get("credit")),
                "most": number(0, 1, required=True)("most", entry.get("most", 1.0)),
            }
        )
    keys = [one["key"] for one in found]
    if len(set(keys)) < len(keys):
        sentence = f"The {field} names a promise twice; give each a key of its own."
        raise Invalid(sentence)
    return found


def read_documents(field: str, value: object) -> list[dict[str, object]]:
    """Read where a contract is written down: names with https addresses."""
    found = []
    for entry in _rows(field, value, MOST_DOCUMENTS):
        url = str(text(2_000, required=True)("url", entry.get("url")))
        if not url.startswith("https://") or any(sign in url for sign in ' <>"\\'):
            sentence = f"The address {url[:80]!r} of a document has to begin with https://."
            raise Invalid(sentence)
        found.append({"name": text(200)("name", entry.get("name") or "document"), "url": url})
    return found


def read_wanted(field: str, value: object) -> list[str]:
    """Read which evidence a contract wants: short words such as dpa, security-review."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | None) or len(parts or ()) > MOST_TERMS:
        sentence = f"The {field} is {str(value)[:60]!r}; write a list such as dpa, security-review."
        raise Invalid(sentence)
    words = [str(one).strip() for one in parts or () if str(one).strip()]
    return sorted({str(slug(field, word)) for word in words})


def _rows(field: str, value: object, most: int) -> list[Mapping[str, object]]:
    rows = [] if value in (None, "") else value
    if not isinstance(rows, list | tuple) or not all(isinstance(one, Mapping) for one in rows):
        sentence = f"The {field} is {str(value)[:60]!r}; write a list of entries."
        raise Invalid(sentence)
    if len(rows) > most:
        sentence = f"The {field} has {len(rows)} entries; at most {most} fit."
        raise Invalid(sentence)
    return list(rows)


def require_term(starts: date, ends: date | None, renewal: str, notice_days: int | None) -> None:
    """Raise Invalid for a term that ends before it begins, or renews without an end."""
    if ends is not None and ends < starts:
        sentence = f"The contract ends on {ends}, before it begins on {starts}."
        raise Invalid(sentence)
    if renewal != "none" and ends is None:
        sentence = "A contract that renews needs the day on which its first term ends."
        raise Invalid(sentence)
    if renewal != "none" and notice_days is None:
        sentence = "A contract that renews needs its notice in days before the end; 0 is the end."
        raise Invalid(sentence)


CONTRACT_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "starts": a_day,
    "ends": day,
    "renewal": choice(*RENEWALS),
    "notice_days": whole(0, 3_660),
    "currency": currency,
    "cap": an_amount,
    "state": choice(*STATES),
    "sla": read_sla,
    "wanted": read_wanted,
    "documents": read_documents,
    "tax_is_cost": flag,
}
