"""A bill's rows as one view `charge` of a DuckDB, whatever the file's own columns are called.

Amounts are DECIMAL(38,18), so that sums are exact; each row carries the reason why it cannot be
counted (`bad`), and whether it is a total that the file states itself (`is_total`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.connectors.focus.dialects import CATEGORIES, FOCUS, Dialect, plain

#: Digits behind the point that a sum keeps.
SCALE = 18
_DECIMAL = f"DECIMAL(38,{SCALE})"
_EMPTY = "('', 'NULL', 'null', 'None', '\\N')"
_TOTALS = "^(grand |sub ?)?(total|totals|sum|summe|gesamt|gesamtsumme|totale|suma|montant total)\\b"
_DAYS = (
    *("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m", "%m/%d/%Y %H:%M:%S"),
    *("%d.%m.%Y %H:%M", "%Y/%m/%d"),
)


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as SQL takes it."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: a relation `sql`, its columns with their types, how they are read."""

    sql: str
    types: Mapping[str, str]
    dialect: Dialect
    line: str
    currency: str = ""
    mapping: Mapping[str, str] | None = None


class Columns:
    """Expressions over a source's own columns, by field."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.by_name = {plain(name): name for name in reversed(list(source.types))}

    def column(self, field: str) -> str | None:
        """Return the file's own column that holds a field; None where it has none."""
        mapped = (self.source.mapping or {}).get(field)
        if mapped is not None:
            return self.by_name.get(plain(mapped))
        if self.source.mapping is not None:
            return None
        candidates = self.source.dialect.columns.get(field, ())
        return next((self.by_name[one] for one in candidates if one in self.by_name), None)

    def named(self, name: str) -> str | None:
        """Return the column of this name, compared as names are."""
        return self.by_name.get(plain(name))

    def words(self, column: str | None) -> str:
        """Return a column as text, NULL where it holds nothing or says so in words."""
        return _words(quoted(column)) if column is not None else "NULL::VARCHAR"

    def raw(self, column: str | None) -> str:
        """Return a column as it stands, to be quoted where it cannot be read."""
        return quoted(column) if column is not None else "NULL::VARCHAR"

    def tags(self, column: str | None) -> str:
        """Return a column of tags as JSON: Parquet may hold them as a map."""
        if column is not None and self.source.types[column].upper().startswith(("MAP", "STRUCT")):
            return f"to_json({quoted(column)})::VARCHAR"
        if column is None and (parts := self._tag_columns()):
            return f"json_object({', '.join(parts)})::VARCHAR"
        return self.words(column)

    def _tag_columns(self) -> list[str]:
        """Return CUR's tags, each a column of its own, as names and values of one JSON."""
        return [
            part
            for name in self.source.types
            if (key := _tag_key(name))
            for part in (text(key), self.words(name))
        ]

    def amount(self, column: str | None) -> str:
        """Return a column as an exact decimal; NULL where it is none."""
        if column is None:
            return f"NULL::{_DECIMAL}"
        kind = self.source.types[column].upper()
        if kind.startswith(("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "SMALLINT")):
            return f"{quoted(column)}::{_DECIMAL}"
        words = self.words(column)
        if self.source.dialect.is_loose or self.source.mapping is not None:
            words = _loose(words)
        return f"TRY_CAST({words} AS {_DECIMAL})"

    def moment(self, column: str | None) -> str:
        """Return a column as a moment in UTC; NULL where it is none."""
        if column is None:
            return "NULL::TIMESTAMP"
        kind = self.source.types[column].upper()
        if kind in ("TIMESTAMP", "DATE") or kind.startswith("TIMESTAMP_"):
            return f"{quoted(column)}::TIMESTAMP"
        if kind.startswith("TIMESTAMP WITH"):
            return f"({quoted(column)} AT TIME ZONE 'UTC')"
        words = self.words(column)
        with_zone = f"regexp_matches({words}, '\\d[+-]\\d\\d:?\\d\\d$')"
        zoned = f"(TRY_CAST({words} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
        naive = f"TRY_CAST(replace({words}, ' UTC', '') AS TIMESTAMP)"
        if self.source.dialect.is_loose or self.source.mapping is not None:
            forms = ", ".join(text(one) for one in _DAYS)
            naive = f"COALESCE({naive}, try_strptime({words}, [{forms}]))"
        return f"CASE WHEN {with_zone} THEN {zoned} ELSE {naive} END"


def _tag_key(name: str) -> str:
    """Return the tag that a column of CUR's holds, or nothing."""
    lower = name.lower()
    for prefix in ("resourcetags/user:", "resource_tags_user_", "resourcetags/", "resource_tags_"):
        if lower.startswith(prefix):
            return name[len(prefix) :]
    return ""


def _words(raw: str) -> str:
    cell = f"trim({raw}::VARCHAR)"
    return f"CASE WHEN {cell} IN {_EMPTY} THEN NULL ELSE {cell} END"


def _loose(words: str) -> str:
    """Return an amount as people write it, as SQL casts it: "1.234,50 €", "(12.00)"."""
    bare = f"regexp_replace({words}, '[^0-9,.()eE+-]', '', 'g')"
    return (
        f"CASE WHEN NOT regexp_matches({words}, '\\d') THEN {words} "
        f"WHEN regexp_matches({words}, '[A-DF-Za-df-z]{{4,}}') THEN {words} "
        f"WHEN regexp_matches({bare}, '^\\(.*\\)$') "
        f"THEN '-' || replace(trim({bare}, '()'), ',', '') "
        f"WHEN regexp_matches({bare}, '^[+-]?\\d{{1,3}}(\\.\\d{{3}})*,\\d{{1,2}}$') "
        f"THEN replace(replace({bare}, '.', ''), ',', '.') "
        f"WHEN regexp_matches({bare}, '^[+-]?\\d{{1,3}}(,\\d{{3}})+(\\.\\d+)?$') "
        f"THEN replace({bare}, ',', '') "
        f"WHEN regexp_matches({bare}, '^[+-]?\\d+,\\d+$') THEN replace({bare}, ',', '.') "
        f"ELSE {bare} END"
    )


def charge_sql(source: Source, extra: Mapping[str, str]) -> str:
    """Return the SELECT of the canonical rows; `extra` adds columns by alias and expression."""
    columns = Columns(source)
    fields = _fields(columns)
    told = ", ".join(f"{expression} AS {quoted(name)}" for name, expression in fields.items())
    more = "".join(f", {expression} AS {quoted(name)}" for name, expression in extra.items())
    inner = f"SELECT {source.line} AS line, {told}{more} FROM {source.sql}"
    bad = _bad(columns)
    return (
        f"SELECT *, {bad} AS bad FROM (SELECT *, {_is_total(columns)} AS is_total FROM ({inner}))"
    )


def _fields(columns: Columns) -> dict[str, str]:
    source = columns.source
    column = columns.column
    billed = columns.amount(column("billed"))
    provider = columns.words(column("provider"))
    default = text(source.dialect.provider) if source.dialect.provider else "NULL"
    currency = columns.words(column("currency"))
    if source.currency:
        currency = f"COALESCE({currency}, {text(source.currency)})"
    start = columns.moment(column("start"))
    period = columns.moment(column("period"))
    simple = ("service_category", "service", "account", "sub_account", "resource", "region")
    return {
        "billed": billed,
        "effective": _effective(columns, billed),
        "list_cost": columns.amount(column("list_cost")),
        "contracted": columns.amount(column("contracted")),
        "raw_billed": columns.raw(column("billed")),
        "raw_effective": columns.raw(column("effective")),
        "currency": currency,
        "raw_category": columns.raw(column("category")),
        "category": _category(columns),
        "start": start,
        "raw_start": columns.raw(column("start")),
        "until": columns.moment(column("end")),
        "period": f"COALESCE({period}, {start})",
        "provider": f"COALESCE({provider}, {default})",
        **{one: columns.words(column(one)) for one in simple},
        "tags": columns.tags(column("tags")),
        "line_id": _line_id(columns),
        "first_word": columns.words(next(iter(source.types))),
    }


def _line_id(columns: Columns) -> str:
    """Return what makes a line unique: CUR's id counts within its interval of time."""
    own = columns.words(columns.column("line_id"))
    interval = columns.named("identitytimeinterval")
    if interval is None:
        return own
    return f"{own} || ' ' || COALESCE({columns.words(interval)}, '')"


def _category(columns: Columns) -> str:
    column = columns.column("category")
    words = columns.words(column)
    known = columns.source.dialect.categories
    if columns.source.dialect is FOCUS and columns.source.mapping is None:
        return words
    if not known:
        cases = " ".join(
            f"WHEN lower({words}) = '{one.lower()}' THEN '{one}'" for one in CATEGORIES
        )
        return f"CASE {cases} ELSE 'Usage' END"
    bare = f"lower(replace({words}, ' ', ''))"
    cases = " ".join(f"WHEN {bare} = '{own}' THEN '{one}'" for own, one in known.items())
    return f"CASE {cases} ELSE {words} END"


def _effective(columns: Columns, billed: str) -> str:
    """Return burn. AWS CUR has no column for it: it is AWS's own amortised cost.

    Covered usage costs what its commitment does, a commitment only what of it was left unused, and
    what was paid for one at its purchase costs nothing on that day.
    """
    column = columns.column("effective")
    if column is not None:
        return columns.amount(column)
    if columns.source.dialect.name != "AWS CUR":
        return billed

    def of(name: str) -> str:
        there = columns.named(name)
        return f"COALESCE({columns.amount(there)}, 0)" if there else "0"

    kind = columns.words(columns.column("category"))
    plan_left = of("savingsplantotalcommitmenttodate"), of("savingsplanusedcommitment")
    reserved_left = (
        of("reservationunusedamortizedupfrontfeeforbillingperiod"),
        of("reservationunusedrecurringfee"),
    )
    reservation = columns.named("reservationreservationarn")
    bought = f"{columns.words(reservation)} IS NOT NULL" if reservation else "FALSE"
    return (
        f"CASE {kind} WHEN 'SavingsPlanCoveredUsage' THEN "
        f"{of('savingsplansavingsplaneffectivecost')} "
        f"WHEN 'SavingsPlanRecurringFee' THEN {plan_left[0]} - {plan_left[1]} "
        f"WHEN 'SavingsPlanNegation' THEN 0 WHEN 'SavingsPlanUpfrontFee' THEN 0 "
        f"WHEN 'DiscountedUsage' THEN {of('reservationeffectivecost')} "
        f"WHEN 'RIFee' THEN {reserved_left[0]} + {reserved_left[1]} "
        f"WHEN 'Fee' THEN CASE WHEN {bought} THEN 0 ELSE {billed} END ELSE {billed} END"
        f"::{_DECIMAL}"
    )


def _is_total(columns: Columns) -> str:
    """Return whether a row is a total: an amount without a day, and a word for one or nothing."""
    texts = [name for name, kind in columns.source.types.items() if kind.upper() == "VARCHAR"]
    if len(texts) < len(columns.source.types) // 2:
        return "FALSE"
    named = " OR ".join(
        f"regexp_matches(lower(COALESCE({one}::VARCHAR, '')), {text(_TOTALS)})"
        for one in (
            *("service", "service_category", "account", "sub_account", "provider", "resource"),
            *("currency", "raw_category", "raw_start", "tags", "line_id", "first_word"),
        )
    )
    alone = ("currency", "raw_start", "raw_category", "service", "account", "resource", "tags")
    bare = " AND ".join(f"{_words(one)} IS NULL" for one in alone)
    return f"(start IS NULL AND billed IS NOT NULL AND ({named} OR ({bare})))"


def _bad(columns: Columns) -> str:
    """Return why a row cannot be counted, NULL where it can."""
    billed, start = (columns.column(one) or one for one in ("billed", "start"))
    period = columns.column("period") or "the billing period"
    effective = columns.column("effective") or "the effective cost"
    cases = [
        f"WHEN billed IS NULL THEN {_no_amount(billed, 'raw_billed')}",
        f"WHEN effective IS NULL THEN {_no_amount(effective, 'raw_effective')}",
        f"WHEN start IS NULL AND {_words('raw_start')} IS NULL THEN {text(f'{start} is empty')}",
        "WHEN COALESCE(year(start), 0) NOT BETWEEN 1990 AND 2200 THEN "
        f"{text(start + ' ')} || {_shown('raw_start')} || ' is not a date'",
        "WHEN COALESCE(year(period), 0) NOT BETWEEN 1990 AND 2200 THEN "
        f"{text(period + ' is not a date of 1990 to 2200')}",
        "WHEN until < start THEN 'its period ends before it starts'",
        "WHEN currency IS NULL THEN 'no currency is named'",
        "WHEN length(currency) <> 3 OR NOT regexp_full_match(currency, '[A-Z]{3}') THEN "
        f"'the currency ' || {_shown('currency')} || ' is not a code of ISO 4217'",
        f"WHEN category IS NULL OR category NOT IN {CATEGORIES} THEN "
        f"'the charge category ' || {_shown('raw_category')} || ' is not known'",
    ]
    return f"CASE WHEN is_total THEN NULL {' '.join(cases)} END"


def _no_amount(column: str, raw: str) -> str:
    return (
        f"CASE WHEN {_words(raw)} IS NULL THEN {text(f'{column} is empty')} "
        f"ELSE {text(column + ' ')} || {_shown(raw)} || ' is not a number' END"
    )


def _shown(field: str) -> str:
    return f"'‘' || COALESCE(left(trim({field}::VARCHAR), 40), '') || '’'"


def tag_sql(key: str) -> str:
    """Return the value of one tag: the JSON of a cell, braces left out or not."""
    path = text('$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"')
    whole = "CASE WHEN tags LIKE '{%' THEN tags ELSE '{' || tags || '}' END"
    return f"CASE WHEN json_valid({whole}) THEN json_extract_string({whole}, {path}) END"
