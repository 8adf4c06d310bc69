"""A bill's days: what was used up each day, by service, sub-account, region and tag.

One walk over the rows for all of them. Each tells the whole day again, so none is ever added to
another; of each the dearest values stand alone, and the rest is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from headway.connectors.focus.reading import Bill
from headway.connectors.focus.relation import text
from headway.connectors.focus.summing import COUNTED

Group = Mapping[str, object]

#: Values that stand alone: services, and those of anything else; at most so many tags, and no
#: region of a file that has more regions than any cloud.
_MOST_SERVICES, _MOST_VALUES, _MOST_TAGS, _MOST_REGIONS = 60, 12, 3, 200
#: Rows of days that a record takes.
_MOST_DAYS = 10_000
OTHER = "(other)"
#: What a day's cost is: what was used, and not what was taxed or given back.
_USED = "('Usage', 'Purchase', 'Adjustment', 'Idle')"
_PART = (
    "COALESCE(left(provider, 200), 'unknown') AS provider, COALESCE(left(account, 200), '') AS "
    "account, strftime(period, '%Y-%m') AS month, strftime(start, '%Y-%m-%d') AS day, currency"
)

TAGS_WHOLE = "CASE WHEN tags LIKE '{%' THEN tags ELSE '{' || tags || '}' END"


def tag_path(key: str) -> str:
    """Return where a tag stands in the JSON of all tags, as text of a query."""
    return text('$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"')


def exact_text(amount: Decimal) -> str:
    """Return a sum as text, to its last digit."""
    told = f"{amount.normalize():f}"
    return "0" if told in ("-0", "0") else told


def daily(
    bill: Bill, tags: Sequence[str], kept: Sequence[str]
) -> dict[tuple[str, str, str], list[Group]]:
    """Return what was used up each day of each account and month.

    `tags` are those that `grouped` holds, in its order; `kept` those of which the bill keeps all.
    """
    sorts = {"service": _values(bill, "service", _MOST_SERVICES)}
    for name in ("sub_account", "region"):
        found = _values(bill, name, _MOST_VALUES)
        if len(found) > 1:
            sorts[name] = found
    for key in kept[:_MOST_TAGS]:
        found = _values(bill, f"tags[{tags.index(key) + 1}]", _MOST_VALUES)
        if found:
            sorts[f"tag:{key}"] = found
    days: dict[tuple[str, str, str], list[Group]] = {}
    for row in _rows(bill, sorts):
        told = days.setdefault(row[:3], [])
        place = next(at for at in range(len(sorts)) if not row[-2] >> (len(sorts) - 1 - at) & 1)
        by, value = list(sorts)[place], row[5 + place]
        if len(told) < _MOST_DAYS and (value or by == "service"):
            named = {"service": value} if by == "service" else {"by": by, "value": value}
            amount = exact_text(row[-1])
            told.append({"day": row[3], **named, "currency": row[4], "effective": amount})
    return days


def _values(bill: Bill, column: str, most: int) -> list[str]:
    """Return the dearest values of a column of what is grouped; of too many regions none."""
    if column == "region":
        if bill.columns.column("region") is None:
            return []
        rows = bill.rows(
            f"SELECT left(region, 300) FROM charge WHERE {COUNTED} AND region <> '' "
            f"GROUP BY 1 ORDER BY sum(effective) DESC, 1 LIMIT {_MOST_REGIONS + 1}"
        )
        return [str(row[0]) for row in rows[:most]] if len(rows) <= _MOST_REGIONS else []
    rows = bill.rows(
        f"SELECT {column} AS value FROM grouped WHERE value <> '' GROUP BY ALL "
        f"ORDER BY sum(effective) DESC, 1 LIMIT {most}"
    )
    return [str(row[0]) for row in rows]


def _rows(bill: Bill, sorts: Mapping[str, Sequence[str]]) -> Sequence[tuple[Any, ...]]:
    """Return (provider, account, month, day, currency, a value each, which one, amount)."""
    keys = [name.removeprefix("tag:") for name in sorts if name.startswith("tag:")]
    paths = ", ".join(tag_path(key) for key in keys)
    held = f", TRY(json_extract_string({TAGS_WHOLE}, [{paths}])) AS told" if keys else ""
    columns = []
    for at, (name, values) in enumerate(sorts.items()):
        source = f"told[{keys.index(name[4:]) + 1}]" if name.startswith("tag:") else name
        names = ", ".join(text(one) for one in values) or "''"
        cut = f"COALESCE(left({source}, 300), '')"
        rest = f"WHEN {cut} = '' THEN '' " if name != "service" else ""
        columns.append(f"CASE WHEN {cut} IN ({names}) THEN {cut} {rest}ELSE '{OTHER}' END AS d{at}")
    dims = [f"d{at}" for at in range(len(sorts))]
    part = "provider, account, month, day, currency"
    sets = ", ".join(f"({part}, {one})" for one in dims)
    return bill.rows(
        f"SELECT {part}, {', '.join(dims)}, grouping({', '.join(dims)}) AS which, sum(effective) "
        f"FROM (SELECT {_PART}, effective, {', '.join(columns)} FROM (SELECT *{held} FROM charge "
        f"WHERE {COUNTED} AND category IN {_USED})) GROUP BY GROUPING SETS ({sets}) "
        f"ORDER BY which DESC, {part}, {', '.join(dims)}"
    )
