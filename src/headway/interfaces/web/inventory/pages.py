"""Pages that read: models, one model, datasets, deployments, pipelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from headway.domain.gates.queries import PromotionLine, promotion_lines
from headway.domain.inventory.queries import (
    DatasetLine,
    Live,
    ModelLine,
    ModelPage,
    PipelineLine,
    dataset_lines,
    dataset_page,
    deployments_page,
    model_lines,
    model_page,
    pipeline_lines,
    pipeline_page,
)
from headway.domain.inventory.rules.aliases import Pointing, pointing_at
from headway.domain.inventory.rules.reproducibility import TERM_WORDS
from headway.domain.inventory.rules.said import PERSONAL_WORDS
from headway.domain.people.queries import names_of
from headway.domain.programs.rules.fields import day
from headway.errors import Invalid
from headway.interfaces.web.checks.pages import SYSTEM_TABS
from headway.interfaces.web.inventory.timelines import timeline
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.rendering import phrases


def tabs(request: WorkspaceRequest) -> Sequence[tuple[str, str]]:
    """Return the tabs of the systems' pages, as (label, address)."""
    return [(label, address(request, name)) for label, name in SYSTEM_TABS]


def models(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how many models serve; then each, what needs a look first."""
    at = request.at or request.now
    names = names_of(request.actor)
    lines = [_named(line, names) for line in model_lines(request.actor, request.at)]
    promotions: dict[str, list[PromotionLine]] = {}
    for one in promotion_lines(request.actor, at, known_at=request.at):
        promotions.setdefault(one.model, []).append(one)
    rows = [(line, promotions.get(line.name, [])) for line in lines]
    rows.sort(key=lambda row: (*_need(row[1]), not row[0].live, row[0].name))
    values = {"rows": rows, "said": _serving(lines, promotions), "tabs": tabs(request)}
    return render(request, "inventory_web/models.html", values)


Owned = TypeVar("Owned", ModelLine, DatasetLine, PipelineLine)


def _named(line: Owned, names: Mapping[str, str]) -> Owned:
    """Return a line with its owner's name where the owner is somebody on the roster."""
    return replace(line, owner=names.get(line.owner, line.owner))


def _need(promotions: Sequence[PromotionLine]) -> tuple[bool, ...]:
    """Return a key by which alarms come first, then what waits to be brought out."""
    verdicts = {str(one.assessment.verdict) for one in promotions}
    return ("unmet" not in verdicts, "missing" not in verdicts)


def _serving(lines: Sequence[ModelLine], promotions: Mapping[str, Sequence[PromotionLine]]) -> str:
    if not lines:
        return "No model is known yet."
    alarms = [one for some in promotions.values() for one in some if one.is_alarm]
    if len(alarms) == 1:
        return f"Registry alarm: {alarms[0].assessment.sentence}"
    if alarms:
        names = ", ".join(dict.fromkeys(one.model for one in alarms))
        return f"{len(alarms)} registry alarms: {names}."
    live = sum(bool(line.live) for line in lines)
    again = sum(line.reproducible.verdict == "met" for line in lines)
    return (
        f"{live} of {phrases.quantity(len(lines), 'model')} {'serves' if live == 1 else 'serve'}; "
        f"{again} can be made again."
    )


def model(request: WorkspaceRequest, model: str) -> HttpResponse:
    """Say what is live, since when, and how it was made; then the history and the versions."""
    at = request.at or request.now
    page = model_page(request.actor, model, request.at)
    asked = _asked_day(request)
    promotions = promotion_lines(request.actor, at, known_at=request.at, model=model)
    values = {
        "page": page,
        "line": _named(page.line, names_of(request.actor)),
        "alarms": [one for one in promotions if one.is_alarm],
        "promotions": promotions,
        "said": what_is_live(page, promotions),
        "timeline": timeline(page.aliases, at),
        "asked": asked,
        "answers": _answers(page, asked) if asked else [],
        "terms": TERM_WORDS,
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "inventory_web/model.html", values)


def what_is_live(page: ModelPage, promotions: Sequence[PromotionLine]) -> str:
    """Say what serves, since when, and whether its gate let it: in one or two sentences."""
    if not page.line.live:
        return "Nothing of it is known to serve."
    by_version: dict[str, list[Live]] = {}
    for one in page.line.live:
        by_version.setdefault(one.version, []).append(one)
    parts = []
    for version, found in by_version.items():
        first = min(found, key=lambda one: one.by)
        where = ", ".join(one.by_what for one in found)
        parts.append(f"Version {version} serves since {_since(first)} ({where}).")
    return " ".join([*parts, _gate_words(promotions)]).strip()


def _since(live: Live) -> str:
    """Say since when: a day, or the two days between which it came."""
    zone = timezone.get_current_timezone()
    last = live.by.astimezone(zone).date()
    if live.after is None:
        return f"{phrases.day(last)} at the latest"
    first = live.after.astimezone(zone).date()
    if first == last:
        return phrases.day(last)
    return f"some time from {phrases.day(first)} to {phrases.day(last)}"


def _gate_words(promotions: Sequence[PromotionLine]) -> str:
    """Say what the gates make of what serves, the worst first; nothing where none guards it."""
    verdicts = [str(one.assessment.verdict) for one in promotions]
    if "unmet" in verdicts:
        return "That is not what its gate decided."
    if verdicts and set(verdicts) <= {"met", "not_applicable"} and "met" in verdicts:
        return "Its gate let it through."
    return ""


def _asked_day(request: WorkspaceRequest) -> datetime | None:
    """Return the moment that the reader asks about: the end of a day's noon is as good as any."""
    try:
        found = day("day", request.GET.get("on", ""))
    except Invalid:
        return None
    if found is None:
        return None
    return datetime.combine(found, time(12), timezone.get_current_timezone())


def _answers(page: ModelPage, moment: datetime) -> Sequence[tuple[str, str]]:
    """Return where each alias pointed at `moment`, in words."""
    return [
        (line.alias, _words(pointing_at([span.began for span in reversed(line.spans)], moment)))
        for line in page.aliases
    ]


def _words(pointing: Pointing) -> str:
    """Say where an alias pointed: one version, one of two, or that nobody knows."""
    names = ["nothing" if one is None else f"version {one}" for one in pointing.versions]
    if not names:
        return "unknown: nobody had looked yet"
    if len(names) == 1:
        return names[0]
    return f"{' or '.join(names)}: it changed between two looks"


def datasets(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how many open questions; then each dataset, those with most first."""
    names = names_of(request.actor)
    lines = [_named(line, names) for line in dataset_lines(request.actor, request.at)]
    values = {
        "lines": lines,
        "said": _questions(lines),
        "personal": PERSONAL_WORDS,
        "tabs": tabs(request),
    }
    return render(request, "inventory_web/datasets.html", values)


def _questions(lines: Sequence[DatasetLine]) -> str:
    if not lines:
        return "No dataset is known yet."
    gaps = Counter(gap for line in lines for gap in line.gaps)
    if not gaps:
        return f"Licence, personal data and consent are answered for all {len(lines)}."
    parts = [f"{gap} of {count}" for gap, count in gaps.most_common()]
    return f"Of {phrases.quantity(len(lines), 'dataset')} nobody said: {', '.join(parts)}."


def dataset(request: WorkspaceRequest, dataset: str) -> HttpResponse:
    """Say what a dataset is and who may use it; then its versions and what was made of it."""
    page = dataset_page(request.actor, dataset, request.at)
    values = {
        "page": page,
        "line": _named(page.line, names_of(request.actor)),
        "personal": PERSONAL_WORDS,
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "inventory_web/dataset.html", values)


def deployments(request: WorkspaceRequest) -> HttpResponse:
    """Show which version of which model stands where."""
    page = deployments_page(request.actor, request.at)
    values = {"page": page, "told": page.told[:60], "tabs": tabs(request)}
    return render(request, "inventory_web/deployments.html", values)


_LEVELS = {
    "unmet": ("1 does not keep its service level", "{} do not keep their service level"),
    "missing": ("1 lacks runs or times", "{} lack runs or times"),
    "stale": ("1 fell silent or has old data", "{} fell silent or have old data"),
    "insufficient": ("1 has no finished run", "{} have no finished run"),
}


def pipelines(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: which service levels are not kept; then every pipeline, the worst first."""
    at = request.at or request.now
    names = names_of(request.actor)
    lines = [_named(line, names) for line in pipeline_lines(request.actor, at, request.at)]
    values = {"lines": lines, "said": _kept(lines), "tabs": tabs(request)}
    return render(request, "inventory_web/pipelines.html", values)


def _kept(lines: Sequence[PipelineLine]) -> str:
    if not lines:
        return "No pipeline is known yet."
    counted = Counter(str(line.kept.verdict) for line in lines)
    parts = [
        one if counted[verdict] == 1 else many.format(counted[verdict])
        for verdict, (one, many) in _LEVELS.items()
        if counted[verdict]
    ]
    if not parts:
        return "Every pipeline keeps its service level."
    said = ", ".join(parts)
    return f"{said[0].upper()}{said[1:]}; {counted['met']} of {len(lines)} are fine."


def pipeline(request: WorkspaceRequest, pipeline: str) -> HttpResponse:
    """Say whether a pipeline keeps its service level; then its runs."""
    at = request.at or request.now
    page = pipeline_page(request.actor, pipeline, at, request.at)
    values = {
        "page": page,
        "line": _named(page.line, names_of(request.actor)),
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "inventory_web/pipeline.html", values)
