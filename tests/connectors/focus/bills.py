"""Small bills of every sort, each with sums that can be checked by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

FOCUS = (
    *("BilledCost", "EffectiveCost", "ListCost", "BillingCurrency", "ChargeCategory"),
    *("ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart", "ServiceCategory"),
    *("ServiceName", "ProviderName", "BillingAccountId", "SubAccountId", "Tags"),
)


def focus_row(
    billed: str = "1.50",
    effective: str = "1.25",
    *,
    currency: str = "USD",
    category: str = "Usage",
    start: str = "2026-09-01 00:00:00",
    service: str = "EC2",
    sub: str = "222",
    tags: object = None,
) -> list[str]:
    """Return one row under the header FOCUS."""
    told = json.dumps(tags) if tags is not None else "NULL"
    places = (service, "AWS", "111", sub)
    period = f"{start[:7]}-01"
    moments = (start, "", period)
    return [billed, effective, billed, currency, category, *moments, "Compute", *places, told]


def table(
    rows: Sequence[Sequence[str]], header: Sequence[str] = FOCUS, delimiter: str = ","
) -> bytes:
    """Return rows below a header as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode()


CUR_HEADER = (
    *("identity/LineItemId", "identity/TimeInterval", "bill/PayerAccountId"),
    *("bill/BillingPeriodStartDate", "lineItem/UsageAccountId", "lineItem/LineItemType"),
    *("lineItem/UsageStartDate", "lineItem/ProductCode", "lineItem/UnblendedCost"),
    *("lineItem/CurrencyCode", "reservation/ReservationARN", "reservation/EffectiveCost"),
    *("reservation/UnusedRecurringFee", "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"),
    *("savingsPlan/SavingsPlanEffectiveCost", "savingsPlan/TotalCommitmentToDate"),
    *("savingsPlan/UsedCommitment", "resourceTags/user:team"),
)


def cur(header: Sequence[str] = CUR_HEADER) -> bytes:
    """Return a CUR with a reservation and a savings plan: 16.5000001 billed, 9.7500001 used up."""
    when = "2026-09-01T00:00:00Z"
    lines = [
        ("Usage", "1.0000001", "", "", "", "", "", "", "", "fraud"),
        ("DiscountedUsage", "0", "arn:x", "2.5", "", "", "", "", "", "fraud"),
        ("RIFee", "10", "arn:x", "", "0.25", "0.5", "", "", "", ""),
        ("SavingsPlanCoveredUsage", "5", "", "", "", "", "4", "", "", ""),
        ("SavingsPlanNegation", "-5", "", "", "", "", "", "", "", ""),
        ("SavingsPlanRecurringFee", "6", "", "", "", "", "", "6", "4", ""),
        ("Tax", "1.5", "", "", "", "", "", "", "", ""),
        ("Credit", "-2", "", "", "", "", "", "", "", ""),
    ]
    rows = [
        [f"id{n}", "t", "111", when, "222", kind, when, "AmazonEC2", cost, "USD", *rest]
        for n, (kind, cost, *rest) in enumerate(lines)
    ]
    return table([row[:18] for row in rows], header)


def opencost() -> bytes:
    """Return what /allocation answers: a namespace that trains, and capacity left idle."""
    window = {"start": "2026-09-01T00:00:00Z", "end": "2026-09-02T00:00:00Z"}
    about = {"cluster": "c1", "namespace": "train", "labels": {"team": "fraud"}}
    data = {
        "__idle__": {"properties": {"cluster": "c1"}, "window": window, "totalCost": 1.1},
        "train": {"properties": about, "window": window, "gpuCost": 3.3, "cpuCost": 0.1},
    }
    return json.dumps({"code": 200, "data": [data]}).encode()


def google() -> list[dict[str, object]]:
    """Return two rows of Google's export: use with a credit, and tax."""
    moments = {
        "usage_start_time": "2026-09-01 00:00:00 UTC",
        "usage_end_time": "2026-09-01 01:00:00 UTC",
    }
    used = {
        **moments,
        "cost": 1.23,
        "currency": "USD",
        "cost_type": "regular",
        "service": {"description": "Compute Engine"},
        "project": {"id": "p1"},
        "labels": [{"key": "team", "value": "fraud"}],
        "credits": [{"name": "sustained use", "amount": -0.23}],
        "invoice": {"month": "202609"},
    }
    return [used, {**moments, "cost": 0.1, "currency": "USD", "cost_type": "tax", "credits": []}]
