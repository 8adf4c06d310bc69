"""The part of the sample's story in which labels are ordered, delivered, inspected, sent back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

import yaml

from headway.domain.accounts.rules import Actor
from headway.domain.annotation.actions import (
    publish_guideline,
    receive_labels,
    record_adjudication,
    record_delivery,
    record_gold,
    record_inspection,
    set_batch,
    set_guideline,
    set_pilot,
)
from headway.domain.evidence.actions import push_results
from headway.domain.evidence.rules import Defaults
from headway.domain.programs.queries import program_named
from headway.domain.vendors.actions import set_contract, set_order, set_vendor
from headway.domain.vendors.queries import contracts_of, orders_of, vendors_of

Event = tuple[datetime, int, Callable[[], object]]

_TELL: Mapping[str, Callable[..., object]] = {
    "delivery": record_delivery,
    "adjudication": record_adjudication,
    "inspection": record_inspection,
}


def annotation_events(actor: Actor, program: str) -> Iterator[Event]:
    """Yield what was ordered, ruled, delivered and found, in the story's own days."""
    told = yaml.safe_load(_read("labels.yaml"))
    began = told["vendor"]["at"]
    yield (began, 2, partial(_terms, actor, program, told, began))
    for order in told["orders"]:
        yield (order["at"], 2, partial(_order, actor, program, told, order))
    yield from _guideline(actor, program, told["guideline"])
    for one in told["pilots"]:
        yield (
            one["at"],
            4,
            partial(set_pilot, actor, program, one["key"], one["fields"], one["at"]),
        )
        for gold in one["told"]:
            values = {name: value for name, value in gold.items() if name != "at"}
            place = (program, one["key"])
            yield (gold["at"], 5, partial(record_gold, actor, place, values, gold["at"]))
    for one in told["batches"]:
        yield from _batch(actor, program, one)


def _read(name: str) -> str:
    folder = resources.files("headway.domain.installation").joinpath("demo")
    return folder.joinpath(name).read_text("utf-8")


def _terms(actor: Actor, program: str, told: Mapping[str, Any], at: datetime) -> None:
    """Make the vendor and the contract, where nobody has yet."""
    vendor, contract = told["vendor"], told["contract"]
    if vendor["key"] not in {one.key for one in vendors_of(actor)}:
        set_vendor(actor, vendor["key"], vendor["fields"], at, is_sample=True)
    if f"{vendor['key']}/{contract['key']}" not in {one.address for one in contracts_of(actor)}:
        fields = {**contract["fields"], "program": program}
        set_contract(actor, vendor["key"], contract["key"], fields, at)


def _order(actor: Actor, program: str, told: Mapping[str, Any], order: Mapping[str, Any]) -> None:
    """Order labels, where nobody has yet."""
    facts = program_named(actor, program)
    if order["key"] not in {one.key for one in orders_of(actor, [facts])[facts.id]}:
        contract = f"{told['vendor']['key']}/{told['contract']['key']}"
        fields = {**order["fields"], "contract": contract}
        set_order(actor, program, order["key"], fields, order["at"])


def _guideline(actor: Actor, program: str, told: Mapping[str, Any]) -> Iterator[Event]:
    made = partial(set_guideline, actor, program, told["key"], told["fields"], told["at"])
    yield (told["at"], 4, made)
    for version in told["versions"]:
        values = {name: value for name, value in version.items() if name != "at"}
        place = (program, told["key"])
        yield (version["at"], 4, partial(publish_guideline, actor, place, values, version["at"]))


def _batch(actor: Actor, program: str, one: Mapping[str, Any]) -> Iterator[Event]:
    place = (program, one["key"])
    yield (one["at"], 4, partial(set_batch, actor, *place, one["fields"], one["at"]))
    for moment in one.get("export", ()):
        yield (moment, 4, partial(_push, actor, place, one["fields"]["project"], moment))
    for said in one["told"]:
        kind = next(kind for kind in _TELL if kind in said)
        yield (said["at"], 5, partial(_TELL[kind], actor, place, said[kind], said["at"]))
    if "received" in one:
        moment = one["received"]
        yield (moment, 6, partial(receive_labels, actor, *place, moment))


def _push(actor: Actor, place: tuple[str, str], project: str, moment: datetime) -> None:
    """Push the export as it was at `moment`: tasks that somebody had labelled by then."""
    name = f"{place[1]}.json"
    until = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    tasks = [one for one in json.loads(_read(name)) if one["annotations"][0]["created_at"] <= until]
    subject = f"batch:{place[0]}/{place[1]}"
    push_results(actor, json.dumps(tasks), Defaults(subject=subject, project=project), moment)
