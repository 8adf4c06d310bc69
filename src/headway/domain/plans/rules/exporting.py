"""A plan as a file of any format that Headway writes: what every door and the command line give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from headway.analysis.schedule.plan import Distribution, Estimate, Item, Plan
from headway.analysis.schedule.readers.result import Carried
from headway.analysis.schedule.writers import Written, csv_rows, write_mspdi, write_yaml
from headway.errors import Invalid
from headway.rendering.cells import csv_text

#: The endings of files that are written, and what they are served as.
FORMATS = {"yaml": "application/yaml", "xml": "application/xml", "csv": "text/csv"}
_SAME = {"yml": "yaml"}


def format_of(name: str) -> str:
    """Return the format that a file's ending, or a word, names. Raises Invalid for no format."""
    ending = name.rpartition(".")[2].lower()
    ending = _SAME.get(ending, ending)
    if ending in FORMATS:
        return ending
    sentence = (
        f"{name} does not end in a format that plans are written in; use .yaml, .xml or .csv."
    )
    raise Invalid(sentence)


def write_plan(plan: Plan, format_: str, start: date, carried: Carried | None = None) -> Written:
    """Return `plan` as a file. One without dates begins on `start` where the format needs them.

    `carried` is the document it was read from, for a format that can write it back.
    """
    if format_ == "xml":
        return write_mspdi(plan, start, carried)
    if format_ == "csv":
        rows, losses = csv_rows(plan)
        return Written(csv_text(rows).encode(), losses)
    return write_yaml(plan)


def portable(plan: Plan, names: Mapping[str, str], project: str = "") -> Plan:
    """Return a program's network as a plan of its own.

    Of one `project` the items have their own keys, as its file had them; of a whole program they
    stand under the names of their projects (`names`, by slug). A distribution that all share is the
    plan's.
    """
    ids = {item.id: item.id.partition("/")[2] if project else item.id for item in plan.items}
    shapes = {item.estimate.distribution for item in plan.items if item.estimate}
    shape = shapes.pop() if len(shapes) == 1 else None
    items = tuple(_portable(item, ids, names, shape, apart=bool(project)) for item in plan.items)
    risks = tuple(
        replace(risk, delays=tuple(ids.get(one, one) for one in risk.delays)) for risk in plan.risks
    )
    pairs = tuple(
        replace(pair, items=tuple(ids.get(one, one) for one in pair.items))
        for pair in plan.correlations
    )
    name = names.get(project, plan.name) if project else plan.name
    return replace(
        plan,
        name=name,
        items=items,
        risks=risks,
        correlations=pairs,
        distribution=shape or plan.distribution,
    )


def _portable(
    item: Item,
    ids: Mapping[str, str],
    names: Mapping[str, str],
    shape: Distribution | None,
    *,
    apart: bool,
) -> Item:
    attempts = item.attempts
    if attempts is not None:
        fallback = ids.get(attempts.fallback or "", attempts.fallback)
        attempts = replace(attempts, fallback=fallback, each=_plain(attempts.each, shape))
    slug = item.id.partition("/")[0]
    return replace(
        item,
        id=ids[item.id],
        after=tuple(replace(one, predecessor=ids[one.predecessor]) for one in item.after),
        attempts=attempts,
        estimate=_plain(item.estimate, shape) if item.estimate else None,
        remaining=_plain(item.remaining, shape) if item.remaining else None,
        outline=item.outline if apart else (names.get(slug, slug), *item.outline),
    )


def _plain(estimate: Estimate, shape: Distribution | None) -> Estimate:
    """Return a range that says nothing of its distribution where that is everybody's."""
    return replace(estimate, distribution=None) if estimate.distribution is shape else estimate
