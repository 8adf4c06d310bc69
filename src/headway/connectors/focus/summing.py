"""The sums of an open bill: by category and by what was asked; refusals; totals the file states."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from headway.connectors.focus.opening import Opened
from headway.connectors.focus.reading import MOST_TOLD, Bill, BillMapping, open_bill
from headway.connectors.focus.relation import SCALE, quoted
from headway.connectors.focus.values import (
    BillRead,
    CategorySums,
    RefusedRow,
    StatedTotal,
    Sums,
    ValueSums,
)
from headway.errors import Invalid

#: What a row's place in a group is counted by.
COUNTED = "bad IS NULL AND NOT is_total"
_SUMS = "sum(billed), sum(effective), sum(list_cost), sum(contracted), count(*)"
_MOST_VALUES = 10_000
_AMOUNT = re.compile(r"^[^\d-]*(-?[\d,]*\.?\d+)[^\d]*$")


def read_bill(
    path: Path,
    name: str = "",
    *,
    by: Sequence[str] = (),
    mapping: BillMapping | None = None,
    currency: str = "",
) -> BillRead:
    """Return the sums of the bill in `path`; see `open_bill` for what is asked and raised."""
    with open_bill(path, name, by=by, mapping=mapping, currency=currency) as bill:
        asked = {one: f"by_{number}" for number, one in enumerate(by)}
        return bill_read(bill, asked)


def bill_read(bill: Bill, asked: Mapping[str, str] | None = None) -> BillRead:
    """Return what an open bill says; `asked` maps each question to its column of the rows."""
    counted = drop_copies(bill)
    seen = _overview(bill)
    refused, count = _refused(bill, seen.refused)
    rows = sum(one.sums.rows for one in seen.totals)
    if not rows and not count:
        sentence = f"{bill.opened.name} has a header and no rows; export the bill again."
        raise Invalid(sentence)
    told = _by_value(bill, asked or {})
    return BillRead(
        name=bill.opened.name,
        dialect=bill.dialect,
        digest=bill.opened.digest,
        rows=rows,
        totals=seen.totals,
        by=told,
        periods=seen.periods,
        providers=seen.providers,
        refused=refused,
        refused_count=count,
        stated=_stated(bill, seen),
        notes=[*bill.notes, *counted, *_asked_notes(bill, told)],
    )


def _asked_notes(bill: Bill, told: Mapping[str, Sequence[ValueSums]]) -> list[str]:
    return [
        f"{bill.opened.name} has neither a column nor a tag '{name}'."
        for name, values in told.items()
        if values and all(not one.value for one in values)
    ]


def drop_copies(bill: Bill) -> list[str]:
    """Refuse the second and later rows of a line that came twice; return what is to be said.

    A line is known by its id where the file has one. Without, equal rows may both be meant: they
    are counted, and said.
    """
    own = ", ".join(quoted(one) for one in _line_columns())
    if bill.columns.column("line_id"):
        found = bill.rows(
            "SELECT count(*) FROM (SELECT hash(line_id) AS h FROM charge WHERE line_id IS NOT NULL "
            f"AND {COUNTED} GROUP BY h HAVING count(*) > 1)"
        )[0][0]
        if not found:
            return []
        return _refuse_copies(bill, own)
    if bill.opened.kind == "parquet":
        bill.connection.execute("SET preserve_insertion_order = false")
    copies = bill.rows(
        f"SELECT COALESCE(sum(n - 1), 0), count(*) FROM (SELECT count(*) AS n FROM charge WHERE "
        f"{COUNTED} GROUP BY hash({own}) HAVING count(*) > 1)"
    )[0]
    if not copies[0]:
        return []
    return [
        f"{copies[0]:,} rows are equal to another in everything that is read of them, and the file "
        "has no id of a line: they are counted. Look whether it was joined from files that overlap."
    ]


def _line_columns() -> Sequence[str]:
    return (
        *("billed", "effective", "currency", "category", "start", "until", "period", "service"),
        *("service_category", "account", "sub_account", "resource", "region", "tags"),
    )


def _refuse_copies(bill: Bill, own: str) -> list[str]:
    """Remake `charge` so that a line of the same id and content counts once."""
    bill.connection.execute("ALTER VIEW charge RENAME TO charge_read")
    bill.connection.execute(
        "CREATE TABLE copies AS SELECT line, first FROM "
        "(SELECT line, row_number() OVER w AS place, "
        f"first_value(line) OVER w AS first FROM charge_read WHERE line_id IS NOT NULL AND "
        f"{COUNTED} AND line_id IN (SELECT line_id FROM charge_read WHERE {COUNTED} GROUP BY "
        f"line_id HAVING count(*) > 1) WINDOW w AS (PARTITION BY line_id, {own} ORDER BY line)) "
        "WHERE place > 1"
    )
    bill.connection.execute(
        "CREATE VIEW charge AS SELECT c.* EXCLUDE (bad), CASE WHEN d.line IS NOT NULL AND "
        f"c.{COUNTED.replace(' AND NOT ', ' AND NOT c.')} THEN 'it is a copy of line ' || d.first "
        "ELSE c.bad END AS bad FROM charge_read c LEFT JOIN copies d ON c.line = d.line"
    )
    twice = bill.rows(
        f"SELECT count(*) FROM (SELECT line_id FROM charge WHERE line_id IS NOT NULL AND {COUNTED} "
        "GROUP BY line_id HAVING count(*) > 1)"
    )[0][0]
    if not twice:
        return []
    return [
        f"{twice:,} ids of lines come more than once with different content: all are counted. Ask "
        "who made the file whether the later ones are corrections."
    ]


@dataclass(frozen=True, slots=True)
class _Overview:
    """What one walk over the rows tells."""

    totals: list[CategorySums]
    periods: list[str]
    providers: list[str]
    refused: int
    stated: int


def _overview(bill: Bill) -> _Overview:
    """Walk over the rows once: sums by category, months, providers, and how many do not count."""
    places = _places(bill)
    rows = bill.rows(
        "SELECT bad IS NOT NULL AS refused, is_total, category, currency, provider, "
        f"date_trunc('month', period) AS month, {_SUMS} FROM charge GROUP BY ALL"
    )
    counted = [row for row in rows if not row[0] and not row[1]]
    parts: dict[tuple[str, str], list[Any]] = {}
    for row in counted:
        found = parts.setdefault((row[2], row[3]), [Decimal(0), Decimal(0), None, None, 0])
        for at, value in enumerate(row[6:]):
            if value is not None:
                found[at] = value if found[at] is None else found[at] + value
    totals = [CategorySums(*key, sums_of(sums, places)) for key, sums in sorted(parts.items())]
    return _Overview(
        totals,
        sorted({f"{row[5]:%Y-%m}" for row in counted}),
        sorted({str(row[4]) for row in counted if row[4] is not None}),
        sum(row[-1] for row in rows if row[0]),
        sum(row[-1] for row in rows if row[1]),
    )


def _by_value(bill: Bill, asked: Mapping[str, str]) -> dict[str, Sequence[ValueSums]]:
    places = _places(bill) if asked else 0
    found: dict[str, Sequence[ValueSums]] = {}
    for name, column in asked.items():
        rows = bill.rows(
            f"SELECT COALESCE({column}, ''), currency, {_SUMS} FROM charge WHERE {COUNTED} "
            f"GROUP BY ALL ORDER BY 4 DESC, 1, 2 LIMIT {_MOST_VALUES + 1}"
        )
        if len(rows) > _MOST_VALUES:
            sentence = f"'{name}' has more than {_MOST_VALUES:,} values; ask for a coarser one."
            raise Invalid(sentence)
        found[name] = [ValueSums(str(row[0]), row[1], sums_of(row[2:], places)) for row in rows]
    return found


def _places(bill: Bill) -> int:
    """Return how many digits behind the point the file's amounts have, at most those kept."""
    most = 2
    for field in ("billed", "effective"):
        column = bill.columns.column(field)
        if column is None:
            continue
        kind = bill.source.types[column].upper()
        if kind.startswith("DECIMAL"):
            most = max(most, int(kind.rstrip(")").rpartition(",")[2]))
        elif kind == "VARCHAR":
            name = f"raw_{field}"
            sql = (
                f"SELECT max(length(split_part(trim({name}), '.', 2))) FROM charge WHERE {COUNTED}"
            )
            most = max(most, bill.rows(sql)[0][0] or 0)
    return min(most, SCALE)


def sums_of(row: Sequence[Any], places: int) -> Sums:
    """Return sums with as many digits behind the point as the file's amounts have."""
    return Sums(
        _placed(row[0], places),
        _placed(row[1], places),
        _placed(row[2], places) if row[2] is not None else None,
        _placed(row[3], places) if row[3] is not None else None,
        int(row[4]),
    )


def _placed(value: Decimal, places: int) -> Decimal:
    exact = value.normalize()
    exponent = exact.as_tuple().exponent
    needed = max(places, -exponent if isinstance(exponent, int) else 0)
    return value.quantize(Decimal(1).scaleb(-needed))


def _refused(bill: Bill, count: int) -> tuple[list[RefusedRow], int]:
    """Return the first of `count` refusals by line, and how many there are with those cut short."""
    rejected = 0
    if bill.opened.kind == "csv":
        rejected = bill.rows("SELECT count(DISTINCT line) FROM reject_errors")[0][0]
    told_by = f"SELECT line, bad FROM charge WHERE bad IS NOT NULL ORDER BY line LIMIT {MOST_TOLD}"
    rows = bill.rows(told_by) if count else []
    where, long = _true_lines(bill.opened, [row[0] for row in rows], has_long=rejected > 0)
    told = [RefusedRow(where.get(line, int(line)), reason) for line, reason in rows]
    long += bill.opened.long
    told += [RefusedRow(line, "it has more cells than the header") for line in long]
    told.sort(key=lambda one: one.line)
    return told[:MOST_TOLD], count + rejected + len(bill.opened.long)


def _true_lines(
    opened: Opened, lines: Sequence[int], *, has_long: bool = False
) -> tuple[dict[int, int], list[int]]:
    """Return the physical line of each counted one, and the lines of rows that are too long.

    Cells may hold line breaks, rows may be blank, and what is too long was not counted at all.
    """
    if opened.kind != "csv" or not (lines or has_long):
        return {}, []
    found: dict[int, int] = {}
    long: list[int] = []
    wanted, last, number, begins = set(lines), max(lines, default=0), opened.skip, 1
    with opened.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=opened.separator)
        try:
            for cells in reader:
                is_row, line = begins > opened.skip and bool(cells), begins
                begins = reader.line_num + 1
                if is_row and len(cells) > len(opened.header):
                    long.append(line)
                elif is_row:
                    number += 1
                    if number in wanted:
                        found[number] = line
                if number >= last and (not has_long or len(long) >= MOST_TOLD):
                    break
        except csv.Error:
            pass
    return found, long


def _stated(bill: Bill, seen: _Overview) -> list[StatedTotal]:
    """Return the totals that the file states itself: in a row of its own, or above its header."""
    currencies = {one.currency for one in seen.totals}
    found = None
    if len(currencies) == 1:
        found = sum((one.sums.billed for one in seen.totals), Decimal(0))
    asked = "SELECT line, billed FROM charge WHERE is_total ORDER BY line LIMIT 100"
    rows = bill.rows(asked) if seen.stated else []
    where, _ = _true_lines(bill.opened, [row[0] for row in rows])
    stated = [(where.get(row[0], int(row[0])), row[1]) for row in rows]
    stated += [one for line, cells in bill.opened.preamble if (one := _above(line, cells))]
    return [
        StatedTotal(line, told.normalize() + 0, found, _agrees(told, found))
        for line, told in stated
    ]


def _agrees(stated: Decimal, found: Decimal | None) -> bool:
    """Say whether a total is that of the rows, to the digits that it is written with."""
    if found is None:
        return False
    exponent = stated.normalize().as_tuple().exponent
    digits = max(2, -exponent if isinstance(exponent, int) else 2)
    step = Decimal(1).scaleb(-digits)
    return abs(stated - found) <= step / 2


def _above(line: int, cells: Sequence[str]) -> tuple[int, Decimal] | None:
    """Return the total that a line above the header states, or nothing."""
    words = " ".join(cells).lower()
    if "total" not in words:
        return None
    for cell in cells:
        match = _AMOUNT.match(cell.rpartition(":")[2])
        if match:
            try:
                return line, Decimal(match[1].replace(",", ""))
            except InvalidOperation:
                continue
    return None
