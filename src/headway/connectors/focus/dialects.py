"""Whose bill it is, told by its header, and which of its columns holds what.

Names are compared without case and signs, so that `lineItem/UnblendedCost` (AWS CUR, legacy) and
`line_item_unblended_cost` (CUR 2.0) are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

#: The charge categories of FOCUS, and ours for capacity that nobody used (OpenCost tells it).
CATEGORIES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment", "Idle")

#: Columns that came with a version of FOCUS; a file is of the latest of which it holds one.
_SINCE = (
    ("1.3", ("serviceprovidername", "hostprovidername", "allocatedmethodid", "contractapplied")),
    ("1.2", ("invoiceid", "billingaccounttype", "subaccounttype", "pricingcurrency")),
    ("1.1", ("commitmentdiscountquantity", "servicesubcategory", "skumeter", "skupricedetails")),
)


def plain(name: str) -> str:
    """Return a column's name as names are compared."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where each field stands: candidates by field, the first that is there counts.

    `needed` are the columns that tell the dialect. `is_loose` reads numbers and dates as people
    write them; `one_price` says that the file knows one amount, not cash and burn.
    """

    name: str
    needed: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    is_loose: bool = False
    one_price: bool = False
    provider: str = ""
    #: What the file's own words for a charge's category mean, in those of FOCUS.
    categories: Mapping[str, str] = field(default_factory=dict)


FOCUS = Dialect(
    "FOCUS",
    ("billedcost", "effectivecost", "chargeperiodstart", "chargecategory"),
    {
        "billed": ("billedcost",),
        "effective": ("effectivecost",),
        "list_cost": ("listcost",),
        "contracted": ("contractedcost",),
        "currency": ("billingcurrency",),
        "category": ("chargecategory",),
        "start": ("chargeperiodstart",),
        "end": ("chargeperiodend",),
        "period": ("billingperiodstart",),
        "service_category": ("servicecategory",),
        "service": ("servicename",),
        "provider": ("providername", "serviceprovidername", "publishername"),
        "account": ("billingaccountid",),
        "sub_account": ("subaccountid",),
        "sub_account_name": ("subaccountname",),
        "resource": ("resourceid",),
        "region": ("regionid", "region"),
        "tags": ("tags",),
        "line_id": ("id", "xid", "xlineid", "xlineitemid", "lineitemid"),
    },
)

_CUR = Dialect(
    "AWS CUR",
    ("lineitemunblendedcost", "lineitemlineitemtype", "lineitemusagestartdate"),
    {
        "billed": ("lineitemunblendedcost",),
        "list_cost": ("pricingpublicondemandcost",),
        "currency": ("lineitemcurrencycode",),
        "category": ("lineitemlineitemtype",),
        "start": ("lineitemusagestartdate",),
        "end": ("lineitemusageenddate",),
        "period": ("billbillingperiodstartdate",),
        "service_category": ("productproductfamily", "productfamily"),
        "service": ("productproductname", "lineitemproductcode"),
        "account": ("billpayeraccountid",),
        "sub_account": ("lineitemusageaccountid",),
        "sub_account_name": ("lineitemusageaccountname",),
        "resource": ("lineitemresourceid",),
        "region": ("productregioncode", "productregion"),
        "tags": ("resourcetags",),
        "line_id": ("identitylineitemid",),
    },
    provider="AWS",
    categories={
        "usage": "Usage",
        "discountedusage": "Usage",
        "savingsplancoveredusage": "Usage",
        "savingsplannegation": "Usage",
        "fee": "Purchase",
        "rifee": "Purchase",
        "savingsplanrecurringfee": "Purchase",
        "savingsplanupfrontfee": "Purchase",
        "tax": "Tax",
        "credit": "Credit",
        "refund": "Credit",
        "bundleddiscount": "Credit",
        "discount": "Credit",
        "edpdiscount": "Credit",
        "privateratediscount": "Credit",
        "savingsplandiscount": "Credit",
    },
)

_AZURE = Dialect(
    "Azure cost export",
    ("metercategory", "chargetype"),
    {
        "billed": ("costinbillingcurrency", "pretaxcost", "cost"),
        "list_cost": ("paygcostinbillingcurrency",),
        "currency": ("billingcurrency", "billingcurrencycode", "currency"),
        "category": ("chargetype",),
        "start": ("date", "usagedatetime", "usagedate"),
        "period": ("billingperiodstartdate",),
        "service_category": ("servicefamily", "metercategory"),
        "service": ("metercategory", "consumedservice"),
        "account": ("billingaccountid", "billingaccountname"),
        "sub_account": ("subscriptionid", "subscriptionguid"),
        "sub_account_name": ("subscriptionname",),
        "resource": ("resourceid", "instanceid"),
        "region": ("resourcelocation",),
        "tags": ("tags",),
    },
    is_loose=True,
    one_price=True,
    provider="Microsoft",
    categories={
        "usage": "Usage",
        "unusedreservation": "Usage",
        "unusedsavingsplan": "Usage",
        "purchase": "Purchase",
        "tax": "Tax",
        "refund": "Credit",
        "credit": "Credit",
        "roundingadjustment": "Adjustment",
        "adjustment": "Adjustment",
    },
)

#: Headings by which a table of anybody's is understood without a mapping.
TABLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "billed": ("billed", "amount", "cost", "total", "price", "betrag", "kosten", "montant", "net"),
    "effective": ("effective", "amortizedcost", "amortisedcost"),
    "currency": ("currency", "whrung", "waehrung", "devise"),
    "start": ("date", "day", "datum", "start", "month", "period", "invoicedate", "usagedate"),
    "category": ("chargecategory", "chargetype"),
    "service": ("service", "servicename", "item", "description", "product", "sku", "position"),
    "service_category": ("servicecategory", "category", "kategorie"),
    "provider": ("provider", "vendor", "supplier", "lieferant"),
    "account": ("account", "accountid", "billingaccount"),
    "sub_account": ("subaccount", "project", "projectid", "subscription"),
    "resource": ("resource", "resourceid", "instance"),
    "tags": ("tags", "labels"),
    "line_id": ("lineid", "id", "invoiceline"),
}

TABLE = Dialect("table", (), TABLE_WORDS, is_loose=True, one_price=True)

DIALECTS = (FOCUS, _CUR, _AZURE)

#: Fields that a mapping may name.
FIELDS = (*dict.fromkeys((*FOCUS.columns, *TABLE_WORDS)),)


#: What tells Google's billing export as CSV, and more that its header holds.
GOOGLE_NEEDED = frozenset(("usagestarttime", "cost", "currency"))
_GOOGLE = GOOGLE_NEEDED | {
    *("usageendtime", "costtype", "skudescription", "servicedescription", "projectid"),
    *("projectname", "credits", "invoicemonth", "exporttime", "labels"),
}


@cache
def known_names() -> frozenset[str]:
    """Return every name that any dialect's header holds."""
    named = {name for one in DIALECTS for names in one.columns.values() for name in names}
    return frozenset(named | _GOOGLE).union(*(one.needed for one in DIALECTS))


def dialect_of(header: Sequence[str]) -> Dialect | None:
    """Return the dialect whose telling columns the header holds; None where it is nobody's."""
    there = {plain(name) for name in header}
    return next((one for one in DIALECTS if there.issuperset(one.needed)), None)


def said_name(dialect: Dialect, header: Collection[str]) -> str:
    """Return the dialect with its version, as the header tells it."""
    there = {plain(name) for name in header}
    if dialect is FOCUS:
        version = next((since for since, names in _SINCE if there.intersection(names)), "1.0")
        return f"FOCUS {version}"
    if dialect.name == "AWS CUR":
        is_legacy = any("/" in name for name in header)
        return "AWS CUR (legacy)" if is_legacy else "AWS CUR 2.0"
    return dialect.name
