"""The part of the sample's story in which bills arrive: generated, and marked as sample."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from headway.analysis.cost import whole_micros
from headway.domain.accounts.rules import Actor
from headway.domain.costs.actions import BillFile, import_bill, set_allocation_rule

Event = tuple[datetime, int, Callable[[], object]]

_HEADER = (
    *("BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency"),
    *("ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart"),
    *("ServiceCategory", "ServiceName", "ProviderName", "BillingAccountId", "InvoiceId", "Tags"),
)


def cost_events(actor: Actor) -> Iterator[Event]:
    """Yield when each bill was brought, and when somebody said whose its charges are."""
    folder = resources.files("headway.domain.installation").joinpath("demo")
    told = yaml.safe_load(folder.joinpath("costs.yaml").read_text("utf-8"))
    for bill in told["bills"]:
        yield (bill["at"], 2, partial(_bring, actor, told, bill))
    rules = dict(told["rules"])
    moment = rules.pop("at")
    for key, values in rules.items():
        yield (moment, 4, partial(set_allocation_rule, actor, key, dict(values), moment))


def _bring(actor: Actor, told: Mapping[str, Any], bill: Mapping[str, Any]) -> None:
    """Write the bill as FOCUS, and bring it as anybody would."""
    name = f"sample-cloud-{bill['month']:%Y-%m}.csv"
    with tempfile.TemporaryDirectory(prefix="headway-sample-") as folder:
        path = Path(folder) / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            writer.writerows(_rows(told, bill))
        import_bill(actor, BillFile(path, f"{name} (sample)"), bill["at"])


def _rows(told: Mapping[str, Any], bill: Mapping[str, Any]) -> Iterator[list[object]]:
    row = partial(_row, {**told, "month": bill["month"]})
    for project, amount in bill["projects"].items():
        rest = Decimal(amount)
        tags = {"team": told["teams"][project], "environment": "training"}
        for run in bill["runs"]:
            if run["project"] == project:
                rest -= Decimal(run["amount"])
                named = f"headway-example/{project}/{run['run']}"
                mark = {"mlflow.run_id": uuid5(NAMESPACE_URL, named).hex}
                yield row(run["day"], run["amount"], "GPU instances", {**tags, **mark})
        service = "GPU instances" if rest > 100 else "Object storage"
        for day, part in _spread(rest, bill["days"]):
            yield row(day, part, service, tags)
    for day, part in _spread(Decimal(bill["untagged"]), bill["days"]):
        yield row(day, part, "Notebooks", {})
    for day, part in _spread(Decimal(bill["idle"]), bill["days"]):
        yield row(day, part, "Cluster capacity", {"namespace": "idle"}, "Idle")


def _spread(amount: Decimal, days: int) -> Iterator[tuple[int, str]]:
    """Yield an amount spread over the days of a month, a little uneven, to the micro-unit."""
    weights = [Decimal(20 + day * 7 % 5) for day in range(1, days + 1)]
    total = sum(weights)
    for day, micros in enumerate(whole_micros([amount * one / total for one in weights]), start=1):
        yield day, f"{Decimal(micros).scaleb(-6):f}"


def _row(
    told: Mapping[str, Any],
    day: int,
    amount: str,
    service: str,
    tags: Mapping[str, str],
    category: str = "Usage",
) -> list[object]:
    month: date = told["month"]
    start = month + timedelta(days=day - 1)
    return [
        *(amount, amount, amount, amount, told["currency"]),
        *(category, f"{start}T00:00:00Z", f"{start + timedelta(days=1)}T00:00:00Z"),
        *(f"{month}T00:00:00Z", "Compute", service, told["provider"], told["account"]),
        *(f"S-{month:%Y%m}", json.dumps(tags, sort_keys=True)),
    ]
