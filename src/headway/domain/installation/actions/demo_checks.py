"""The part of the sample's story in which monitors run: real rows, judged by the real engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.checks.actions import (
    ReferenceDraft,
    accept_retraining,
    add_monitor,
    edit_monitor,
    keep_upload,
    reference_now,
    run_now,
)

Event = tuple[datetime, int, Callable[[], object]]

#: What an entry says besides the fields of a monitor.
_BESIDES = ("at", "project", "key", "table", "reference", "runs")


def check_events(actor: Actor, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield how each monitor was set up and held against, and the runs it made."""
    for told in story["monitors"]:
        yield (told["at"], 4, partial(_set_up, actor, told))
        for run in told["runs"]:
            yield (run["at"], 4, partial(_run, actor, told, run))


def _set_up(actor: Actor, told: Mapping[str, Any]) -> None:
    at, key = told["at"], told["key"]
    values = {name: value for name, value in told.items() if name not in _BESIDES}
    if "reference" in told:
        values["table"] = _table(actor, told["reference"], at)
    add_monitor(actor, told["project"], key, values, at)
    if "reference" in told:
        why = "(sample) The months that the champion was trained on."
        reference_now(actor, key, ReferenceDraft(reason=why), at, at)


def _run(actor: Actor, told: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    at = run["at"]
    edit_monitor(actor, told["key"], {"table": _table(actor, run["table"], at)}, at)
    run_now(actor, told["key"], at, at)


def _table(actor: Actor, name: str, at: datetime) -> Mapping[str, str]:
    """Return one of the demo's tables, uploaded."""
    file = resources.files("headway.domain.installation").joinpath("demo", "tables", name)
    return {"upload": str(keep_upload(actor, file.read_bytes(), name, at).id)}


def accept(actor: Actor, change: Mapping[str, Any]) -> None:
    """Take a proposal to retrain into the plan, as a person did."""
    values = {**change["fields"], "after": change["after"], "before": change["before"]}
    values["needs"] = change["needs"]
    accept_retraining(actor, change["accept"], values, change["at"], reason=change["why"])
