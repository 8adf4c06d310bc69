"""A bill's rows added up to what a record holds: by account and month, as detailed as fits.

First by what every question needs (category, service, account), then by the tags that are asked
for, then by resource, each only while the groups of a month stay below a limit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from headway.connectors.focus.days import TAGS_WHOLE, daily, exact_text, tag_path
from headway.connectors.focus.reading import Bill
from headway.connectors.focus.summing import COUNTED
from headway.errors import Invalid

#: Groups of one month at most, and the text that a record may hold of them.
MOST_GROUPS = 2_500
_MOST_TEXT = 750_000
#: Accounts and months of one file.
_MOST_PARTS = 500
#: What the text of charges and days may be together.
_MOST_TOLD = 900_000
_PART = ("provider", "account", "month")
_BASE = ("category", "currency", "service_category", "service", "sub_account")


Group = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BillPart:
    """What a file says of one account and month; amounts are exact, as text."""

    provider: str
    account: str
    month: str
    rows: int
    totals: Sequence[Group]
    charges: Sequence[Group]
    days: Sequence[Group]
    notes: Sequence[str]


def bill_parts(bill: Bill, tags: Sequence[str]) -> list[BillPart]:
    """Return the parts of an open bill whose copies were dropped; `tags` are kept while they fit.

    Raises Invalid for a file of more accounts and months than are kept.
    """
    there = _group(bill, list(dict.fromkeys(tags)))
    keys = [(str(row[0]), str(row[1]), str(row[2])) for row in _keys(bill)]
    if len(keys) > _MOST_PARTS:
        sentence = (
            f"{bill.opened.name} holds {len(keys):,} accounts and months; at most {_MOST_PARTS} "
            "are kept of one file. Bring it in parts."
        )
        raise Invalid(sentence)
    most = MOST_GROUPS
    while True:
        dims, kept, notes = _fitting(bill, there, most)
        charges = _charges(bill, dims, kept)
        longest = max((len(json.dumps(one)) for one in charges.values()), default=0)
        if longest <= _MOST_TEXT or most < 10:
            break
        most //= 2
    totals, days = _totals(bill), daily(bill, there, kept)
    for key, told in days.items():
        if len(json.dumps(told)) + len(json.dumps(charges.get(key, []))) > _MOST_TOLD:
            days[key] = [one for one in told if "by" not in one]
    return [
        BillPart(
            *key,
            sum(int(str(one["rows"])) for one in totals[key]),
            totals[key],
            charges[key],
            days.get(key, []),
            notes,
        )
        for key in keys
    ]


def _group(bill: Bill, tags: Sequence[str]) -> list[str]:
    """Make `grouped`: rows alike in all that may be kept of them; return the tags that it holds.

    One walk over the rows. Resources are left out at once where they are too many by any means.
    """
    found = bill.rows(
        f"SELECT approx_count_distinct(resource), count(tags) FROM charge WHERE {COUNTED}"
    )[0]
    texts = ["service_category", "service", "sub_account"]
    texts += ["resource"] if found[0] <= 2 * MOST_GROUPS else []
    told = ", ".join(f"COALESCE(left({one}, 300), '') AS {one}" for one in texts)
    wanted = tags if found[1] else []
    paths = ", ".join(tag_path(one) for one in wanted)
    values = f"TRY(json_extract_string({TAGS_WHOLE}, [{paths}]))" if wanted else "NULL::VARCHAR[]"
    bill.connection.execute(
        "CREATE TABLE grouped AS SELECT COALESCE(left(provider, 200), 'unknown') AS provider, "
        "COALESCE(left(account, 200), '') AS account, date_trunc('month', period) AS period, "
        f"category, currency, {told}, {values} AS tags, sum(billed) AS billed, "
        f"sum(effective) AS effective, count(*) AS n FROM charge WHERE {COUNTED} GROUP BY ALL"
    )
    if "resource" not in texts:
        bill.connection.execute("ALTER TABLE grouped ADD COLUMN resource VARCHAR DEFAULT ''")
    bill.connection.execute("ALTER TABLE grouped ADD COLUMN month VARCHAR")
    bill.connection.execute("UPDATE grouped SET month = strftime(period, '%Y-%m')")
    return list(wanted)


def _keys(bill: Bill) -> list[tuple[Any, ...]]:
    return bill.rows(f"SELECT DISTINCT {', '.join(_PART)} FROM grouped ORDER BY ALL")


def _fitting(bill: Bill, tags: Sequence[str], most: int) -> tuple[list[str], list[str], list[str]]:
    """Return the columns and tags by which the groups of a month stay below `most`, and notes."""
    held = _held(bill, len(tags))
    there = [(f"left(tags[{at + 1}], 300)", key) for at, key in enumerate(tags) if held[at]]
    dims, notes = list(_BASE), []
    for one in ("sub_account", "service"):
        if _widest(bill, dims) > most:
            dims.remove(one)
            notes.append(f"By {one.replace('_', ' ')} there are too many groups: it is not kept.")
    kept = []
    for value, key in there:
        if _widest(bill, [*dims, value]) <= most:
            dims.append(value)
            kept.append(key)
        else:
            notes.append(f"The tag '{key}' has too many values to be kept.")
    if _widest(bill, [*dims, "resource"]) <= most:
        dims.append("resource")
    return dims, kept, notes


def _held(bill: Bill, count: int) -> Sequence[int]:
    """Return in how many groups each of the tags stands."""
    if not count:
        return []
    asked = ", ".join(f"count(tags[{at + 1}])" for at in range(count))
    return bill.rows(f"SELECT {asked} FROM grouped")[0]


def _widest(bill: Bill, dims: Sequence[str]) -> int:
    """Return how many groups the widest account and month has by these columns."""
    part = ", ".join(_PART)
    found = bill.rows(
        f"SELECT max(n) FROM (SELECT {part}, count(*) AS n FROM (SELECT DISTINCT {part}, "
        f"{', '.join(dims)} FROM grouped) GROUP BY ALL)"
    )
    return int(found[0][0] or 0)


def _charges(
    bill: Bill, dims: Sequence[str], kept: Sequence[str]
) -> dict[tuple[str, str, str], list[Group]]:
    part, by = ", ".join(_PART), ", ".join(dims)
    rows = bill.rows(
        f"SELECT {part}, {by}, sum(billed), sum(effective), sum(n) FROM grouped GROUP BY ALL "
        f"ORDER BY {part}, {by}"
    )
    tagged = dict(zip([one for one in dims if one.startswith("left(tags")], kept, strict=True))
    found: dict[tuple[str, str, str], list[Group]] = {}
    for row in rows:
        values = dict(zip(dims, row[3:-3], strict=True))
        tags = {
            tagged[one]: str(value)
            for one, value in values.items()
            if one in tagged and value is not None
        }
        plain = {one: value for one, value in values.items() if one not in tagged}
        found.setdefault(row[:3], []).append(
            {**plain, "tags": tags, **_amounts(row[-3], row[-2]), "rows": int(row[-1])}
        )
    return found


def _totals(bill: Bill) -> dict[tuple[str, str, str], list[Group]]:
    part = ", ".join(_PART)
    rows = bill.rows(
        f"SELECT {part}, category, currency, sum(billed), sum(effective), sum(n) FROM grouped "
        "GROUP BY ALL ORDER BY ALL"
    )
    found: dict[tuple[str, str, str], list[Group]] = {}
    for row in rows:
        told = {"category": row[3], "currency": row[4], "rows": int(row[7])}
        found.setdefault(row[:3], []).append({**told, **_amounts(row[5], row[6])})
    return found


def _amounts(billed: Decimal, effective: Decimal) -> dict[str, str]:
    return {"billed": exact_text(billed), "effective": exact_text(effective)}
