"""Bills that are JSON: OpenCost's allocations and Google's billing export, as FOCUS columns.

Numbers keep their text: JSON's floats would not add up to the last digit.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import Any

from headway.errors import Invalid

#: The columns that a document is written as; `line` is where a row was read.
COLUMNS = (
    *("line", "BilledCost", "EffectiveCost", "ListCost", "BillingCurrency", "ChargeCategory"),
    *("ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart", "ServiceCategory"),
    *("ServiceName", "ProviderName", "BillingAccountId", "SubAccountId", "SubAccountName"),
    *("ResourceId", "RegionId", "Tags"),
)
_OPENCOST_PARTS = (
    *("cpuCost", "gpuCost", "ramCost", "pvCost", "networkCost", "loadBalancerCost"),
    *("sharedCost", "externalCost", "cpuCostAdjustment", "gpuCostAdjustment"),
    *("ramCostAdjustment", "pvCostAdjustment", "networkCostAdjustment"),
    "loadBalancerCostAdjustment",
)
Row = Mapping[str, object]


def write_document(path: Path, name: str, target: Path, currency: str) -> tuple[str, list[str]]:
    """Write the charges of a JSON bill to the CSV `target`; return its dialect and notes.

    Raises Invalid for JSON that is broken or nobody's bill.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    document = _parsed(text, name)
    if _is_opencost(document):
        rows: Iterable[Row] = _opencost(document, currency or "USD")
        dialect, notes = "OpenCost", [_OPENCOST_NOTE]
        if not currency:
            notes.append("OpenCost names no currency; USD is taken. Say another with --currency.")
    elif (lines := _google_lines(document)) is not None:
        rows, dialect, notes = _google(lines), "GCP billing export", [_GOOGLE_NOTE]
    else:
        sentence = (
            f"{name} is JSON, and neither OpenCost's /allocation nor a billing export of Google; "
            "export the bill as FOCUS, or as CSV."
        )
        raise Invalid(sentence)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in rows:
            writer.writerow(["" if row.get(one) is None else row[one] for one in COLUMNS])
    return dialect, notes


_OPENCOST_NOTE = (
    "OpenCost shares out what capacity costs and knows no invoice: billed and effective are both "
    "its total. Idle capacity is its own category."
)
_GOOGLE_NOTE = (
    "Google's export holds a cost and its credits: both are charges, credits of their own category."
)


def _parsed(text: str, name: str) -> Any:  # noqa: ANN401 - JSON
    def refuse(word: str) -> Any:  # noqa: ANN401
        return f"({word})"  # no number: the row is refused, not the file

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=refuse)
    except (ValueError, RecursionError) as whole:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            return [
                json.loads(line, parse_float=str, parse_int=str, parse_constant=refuse)
                for line in lines
            ]
        except (ValueError, RecursionError):
            sentence = f"{name} is broken JSON: {str(whole)[:160]}. Export it again."
            raise Invalid(sentence) from None


def _is_opencost(document: object) -> bool:
    return isinstance(document, dict) and isinstance(document.get("data"), dict | list)


def _sets(data: object) -> Iterator[Mapping[str, Any]]:
    """Yield each set of allocations: of /allocation, and of /allocation/summary."""
    if isinstance(data, dict):
        data = data.get("sets", [])
    for one in data if isinstance(data, list) else []:
        if isinstance(one, dict):
            inner = one.get("allocations", one)
            window = one.get("window") if "allocations" in one else None
            if isinstance(inner, dict):
                yield {
                    name: {**({"window": window} if window else {}), **told}
                    for name, told in inner.items()
                    if isinstance(told, dict)
                }


def _opencost(document: Mapping[str, Any], currency: str) -> Iterator[Row]:
    line = 0
    for allocations in _sets(document["data"]):
        for name, told in allocations.items():
            line += 1
            about = told.get("properties") or {}
            window = told.get("window") or {}
            amount = _opencost_total(told)
            is_idle = "__idle__" in name
            yield {
                "line": line,
                "BilledCost": amount,
                "EffectiveCost": amount,
                "BillingCurrency": currency,
                "ChargeCategory": "Idle" if is_idle else "Usage",
                "ChargePeriodStart": told.get("start") or window.get("start"),
                "ChargePeriodEnd": told.get("end") or window.get("end"),
                "ServiceCategory": "Compute",
                "ServiceName": "idle" if is_idle else str(about.get("namespace") or name),
                "ProviderName": "OpenCost",
                "BillingAccountId": str(about.get("cluster") or ""),
                "SubAccountId": str(about.get("namespace") or ""),
                "ResourceId": name,
                "Tags": json.dumps(_opencost_tags(about), sort_keys=True),
            }


def _opencost_total(told: Mapping[str, Any]) -> str | None:
    stated = told.get("totalCost")
    if stated is not None:
        return str(stated)
    parts = [told[one] for one in _OPENCOST_PARTS if told.get(one) is not None]
    try:
        total = sum((Decimal(str(one)) for one in parts), Decimal(0))
    except InvalidOperation:
        return "(a part is no number)"
    return str(total) if parts else None


def _opencost_tags(about: Mapping[str, Any]) -> dict[str, str]:
    labels = about.get("labels")
    told = {str(key): str(one) for key, one in labels.items()} if isinstance(labels, dict) else {}
    for one in ("namespace", "controller", "pod"):
        if about.get(one):
            told.setdefault(one, str(about[one]))
    return told


def _google_lines(document: object) -> Iterable[tuple[int, Any]] | None:
    rows = document if isinstance(document, list) else [document]
    first = rows[0] if rows else None
    if isinstance(first, dict) and {"cost", "usage_start_time"} <= set(first):
        return enumerate(rows, start=1)
    return None


def google_row(line: int, told: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the charges of one row of Google's export: its cost, then each of its credits."""
    service, project = _part(told, "service"), _part(told, "project")
    place = _part(told, "location")
    month = str(_part(told, "invoice").get("month") or "")
    row = {
        "line": line,
        "BilledCost": told.get("cost"),
        "EffectiveCost": told.get("cost"),
        "ListCost": told.get("cost_at_list"),
        "BillingCurrency": told.get("currency"),
        "ChargeCategory": _GOOGLE_TYPES.get(str(told.get("cost_type") or "regular"), "Adjustment"),
        "ChargePeriodStart": told.get("usage_start_time"),
        "ChargePeriodEnd": told.get("usage_end_time"),
        "BillingPeriodStart": f"{month[:4]}-{month[4:6]}-01" if month else "",
        "ServiceCategory": _part(told, "sku").get("description"),
        "ServiceName": service.get("description"),
        "ProviderName": "Google Cloud",
        "BillingAccountId": told.get("billing_account_id"),
        "SubAccountId": project.get("id"),
        "SubAccountName": project.get("name"),
        "ResourceId": _part(told, "resource").get("name"),
        "RegionId": place.get("region"),
        "Tags": json.dumps(_google_labels(told.get("labels")), sort_keys=True),
    }
    yield row
    credits = told.get("credits")
    for credit in credits if isinstance(credits, list) else []:
        amount = credit.get("amount") if isinstance(credit, dict) else "(no amount)"
        yield {
            **row,
            "BilledCost": amount,
            "EffectiveCost": amount,
            "ListCost": None,
            "ChargeCategory": "Credit",
        }


_GOOGLE_TYPES = {
    "regular": "Usage",
    "tax": "Tax",
    "adjustment": "Adjustment",
    "rounding_error": "Adjustment",
}


def _google(lines: Iterable[tuple[int, Any]]) -> Iterator[Row]:
    return chain.from_iterable(
        google_row(line, told) if isinstance(told, dict) else iter(({"line": line},))
        for line, told in lines
    )


def _part(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = told.get(key)
    return part if isinstance(part, dict) else {}


def _google_labels(labels: object) -> dict[str, str]:
    if isinstance(labels, dict):
        return {str(key): str(value) for key, value in labels.items()}
    found = {}
    for one in labels if isinstance(labels, list) else []:
        if isinstance(one, dict) and one.get("key"):
            found[str(one["key"])] = str(one.get("value", ""))
    return found


def google_table(header: tuple[str, ...], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Yield the charges of Google's export as CSV: `service.description` is a part of `service`."""
    for line, cells in rows:
        told: dict[str, Any] = {}
        for name, cell in zip(header, cells, strict=False):
            outer, _, inner = name.replace("_description", ".description").partition(".")
            value = _cell(cell)
            if inner and outer in _NESTED:
                told.setdefault(outer, {})[inner] = value
            else:
                told[name] = value
        yield from google_row(line, told)


_NESTED = frozenset(("service", "sku", "project", "location", "invoice", "resource"))


def _cell(cell: str) -> Any:  # noqa: ANN401 - JSON
    if cell[:1] in "[{" and cell:
        try:
            return json.loads(cell, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            return cell
    return None if cell in ("", "NULL", "null") else cell
