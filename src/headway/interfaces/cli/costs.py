"""`headway cost`: what bills say, summed exactly, whatever cloud or tool they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.connectors.focus import BillMapping, BillRead, Sums


def cost(
    files: Annotated[list[Path], typer.Argument(help="Bills: CSV, gz, Parquet, JSON or XLSX")],
    by: Annotated[
        list[str] | None,
        typer.Option(help="Columns or tags to group by; may be repeated, or a,b,c"),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: which column of a table holds what")
    ] = None,
    currency: Annotated[
        str, typer.Option(help="Currency of rows that name none, for example USD")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Add up bills: billed (cash) and effective (burn), by category and by column or tag.

    Exits 1 if a row was refused or a total that a file states is not that of its rows.

    Examples:

      headway cost september.csv

      headway cost september.parquet october.csv.gz --by ServiceName,team

      headway cost invoice.xlsx --map invoice.json --json
    """
    questions = [name.strip() for one in by or () for name in one.split(",") if name.strip()]
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        sentence = f"The currency {currency[:20]!r} is not a code of ISO 4217; write one as USD."
        raise Invalid(sentence)
    bills = _read(files, questions, _mapping(mapping), currency)
    document = _document(bills, questions)
    if as_json:
        print_json(document)
    else:
        _print(document, bills)
    if document["refused_count"] or any(not one["agrees"] for one in document["stated"]):
        raise typer.Exit(1)


def _mapping(path: Path | None) -> BillMapping | None:
    if path is None:
        return None
    from headway.connectors.focus import read_bill_mapping

    try:
        return read_bill_mapping(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        sentence = f"The mapping {path} can't be read: {error.strerror}."
        raise Invalid(sentence) from None
    except (ValueError, RecursionError) as error:
        sentence = f"The mapping {path} is not JSON: {str(error)[:160]}."
        raise Invalid(sentence) from None


def _read(
    files: Sequence[Path], by: Sequence[str], mapping: BillMapping | None, currency: str
) -> list[BillRead]:
    from headway.connectors.focus import read_bill

    found: dict[str, BillRead] = {}
    for path in files:
        read = read_bill(path, path.name, by=by, mapping=mapping, currency=currency)
        if read.digest in found:
            sentence = (
                f"{path.name} is the same file as {found[read.digest].name}; name each bill once, "
                "or its amounts count twice."
            )
            raise Invalid(sentence)
        found[read.digest] = read
    return list(found.values())


def _document(bills: Sequence[BillRead], by: Sequence[str]) -> dict[str, Any]:
    """Return the answer as CONTRACT names its keys."""
    currencies = sorted({name for bill in bills for name in bill.currencies})
    currency = currencies[0] if len(currencies) == 1 else None
    notes = [note for bill in bills for note in bill.notes]
    if len(currencies) > 1:
        notes.append(
            f"The rows are in {', '.join(currencies)}; amounts of two currencies are not added. "
            "See by_currency."
        )
    every = [one for bill in bills for one in bill.totals]
    groups = {name: _grouped(bills, name, currency) for name in by}
    return {
        **_sums([one.sums for one in every] if currency else None),
        "currency": currency,
        "by_category": _parted((one.category, one.currency, one.sums) for one in every),
        "by_currency": {
            name: _sums([one.sums for one in every if one.currency == name]) for name in currencies
        },
        "tax": _of(every, currency, "Tax"),
        "credit": _of(every, currency, "Credit"),
        "idle": _of(every, currency, "Idle"),
        "by": groups,
        "rows": sum(bill.rows for bill in bills),
        "periods": sorted({month for bill in bills for month in bill.periods}),
        "refused": [
            {"file": bill.name, "line": one.line, "reason": one.reason}
            for bill in bills
            for one in bill.refused
        ],
        "refused_count": sum(bill.refused_count for bill in bills),
        "stated": [
            {
                "file": bill.name,
                "line": one.line,
                "stated": _text(one.stated),
                "found": None if one.found is None else _text(one.found),
                "agrees": one.agrees,
            }
            for bill in bills
            for one in bill.stated
        ],
        "files": [
            {"name": bill.name, "format": bill.dialect, "sha256": bill.digest, "rows": bill.rows}
            for bill in bills
        ],
        "notes": [*notes, *(one.sentence for bill in bills for one in bill.stated)],
    }


def _of(every: Sequence[Any], currency: str | None, category: str) -> dict[str, Any]:
    if currency is None:
        return _sums(None)
    return _sums([one.sums for one in every if one.category == category])


def _grouped(
    bills: Sequence[BillRead], name: str, currency: str | None
) -> dict[str, dict[str, Any]]:
    del currency
    return _parted((one.value, one.currency, one.sums) for bill in bills for one in bill.by[name])


def _parted(rows: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    """Return sums by name; where a name has several currencies, each stands apart below it."""
    found: dict[str, dict[str, list[Sums]]] = {}
    for name, currency, sums in rows:
        found.setdefault(name, {}).setdefault(currency, []).append(sums)
    told: dict[str, dict[str, Any]] = {}
    for name, by_currency in found.items():
        alone = next(iter(by_currency.values())) if len(by_currency) == 1 else None
        told[name] = {**_sums(alone), "currency": next(iter(by_currency)) if alone else None}
        if alone is None:
            told[name]["by_currency"] = {one: _sums(sums) for one, sums in by_currency.items()}
            told[name]["rows"] = sum(one.rows for sums in by_currency.values() for one in sums)
    return told


def _sums(parts: Sequence[Sums] | None) -> dict[str, Any]:
    """Return the sums of `parts`, null where there are two currencies to be added."""
    if parts is None:
        return {"billed": None, "effective": None, "list": None, "contracted": None, "rows": None}
    return {
        "billed": _text(sum((one.billed for one in parts), Decimal(0))),
        "effective": _text(sum((one.effective for one in parts), Decimal(0))),
        "list": _known([one.list_cost for one in parts]),
        "contracted": _known([one.contracted for one in parts]),
        "rows": sum(one.rows for one in parts),
    }


def _known(amounts: Sequence[Decimal | None]) -> str | None:
    there = [one for one in amounts if one is not None]
    return _text(sum(there, Decimal(0))) if there else None


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _print(document: Mapping[str, Any], bills: Sequence[BillRead]) -> None:
    names = ", ".join(f"{bill.name} ({bill.dialect})" for bill in bills)
    if document["currency"]:
        print_line(
            f"{document['billed']} {document['currency']} were billed (cash), "
            f"{document['effective']} were used up (burn); the two are not added."
        )
    _table("By charge category", "category", document["by_category"])
    for name, values in document["by"].items():
        _table(f"By {name}", name, values)
    print_line()
    print_line(f"{document['rows']:,} rows of {names}; {document['refused_count']:,} refused.")
    for one in document["refused"][:20]:
        say(f"{one['file']}, line {one['line']}: {one['reason']}")
    if document["refused_count"] > 20:
        say(f"… and {document['refused_count'] - 20:,} more; --json names up to 1,000 a file.")
    for note in document["notes"]:
        say(f"Note: {note}")


def _table(title: str, name: str, values: Mapping[str, Mapping[str, Any]]) -> None:
    rows = []
    for value, told in values.items():
        parts = told.get("by_currency") or {told["currency"]: told}
        rows += [
            (value or "(none)", sums["billed"], sums["effective"], code, f"{sums['rows']:,}")
            for code, sums in parts.items()
        ]
    headers = (name, "billed", "effective", "currency", "rows")
    print_table(title, headers, rows, numbers=("billed", "effective", "rows"))
