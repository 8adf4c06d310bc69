"""What a bill's record holds: its totals as exact as the file, and its charges, grouped."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from headway.domain.evidence.rules.payload import Count, Labels, Name, Payload, Short

#: An exact sum as text; a cloud's prices have eleven digits behind the point and more.
Exact = Annotated[str, Field(pattern=r"^-?[0-9]{1,20}(\.[0-9]{1,18})?$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
ChargeCategory = Literal["Usage", "Purchase", "Tax", "Credit", "Adjustment", "Idle"]


class BillTotal(Payload):
    """What a bill's rows of one charge category add up to."""

    category: ChargeCategory
    currency: Currency
    billed: Exact
    effective: Exact
    rows: Count


class BillCharge(Payload):
    """Rows of a bill that are alike in all that is kept of them, added up."""

    category: ChargeCategory
    currency: Currency
    service_category: Short = ""
    service: Short = ""
    sub_account: Short = ""
    resource: Short = ""
    tags: Labels = {}
    billed: Exact
    effective: Exact
    rows: Count


class BillDay(Payload):
    """What was used up on one day of one service; or, with `by`, of a `value` of something else.

    `by` is "sub_account", "region" or "tag:NAME". Each of them tells the whole day again.
    """

    day: date
    service: Short = ""
    by: Short = "service"
    value: Short = ""
    currency: Currency
    effective: Exact


class BillPayload(Payload):
    """A bill of a provider's account for a month, as of one file; the file itself stays outside."""

    provider: Name
    account: Short
    month: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    format: Short
    file: Short
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rows: Count
    refused: Count = 0
    totals: Annotated[list[BillTotal], Field(max_length=1_000)]
    charges: Annotated[list[BillCharge], Field(max_length=10_000)]
    days: Annotated[list[BillDay], Field(max_length=10_000)] = []
    notes: Annotated[list[str], Field(max_length=50)] = []
