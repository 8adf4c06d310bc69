"""The part of the sample's story in which labels are delivered, inspected, and sent back."""

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

Event = tuple[datetime, int, Callable[[], object]]

_TELL: Mapping[str, Callable[..., object]] = {
    "delivery": record_delivery,
    "adjudication": record_adjudication,
    "inspection": record_inspection,
}


def annotation_events(actor: Actor, program: str) -> Iterator[Event]:
    """Yield what was ruled, delivered and found, in the story's own days."""
    told = yaml.safe_load(_read("labels.yaml"))
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
    for moment in one.get("received", ()):
        yield (moment, 6, partial(receive_labels, actor, *place, moment))


def _push(actor: Actor, place: tuple[str, str], project: str, moment: datetime) -> None:
    """Push the export as it was at `moment`: tasks that somebody had labelled by then."""
    name = f"{place[1]}.json"
    until = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    tasks = [one for one in json.loads(_read(name)) if one["annotations"][0]["created_at"] <= until]
    subject = f"batch:{place[0]}/{place[1]}"
    push_results(actor, json.dumps(tasks), Defaults(subject=subject, project=project), moment)
