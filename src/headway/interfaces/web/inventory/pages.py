"""Pages that read: models, one model, datasets, deployments, pipelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from headway.domain.inventory.queries import (
    DatasetLine,
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
    lines = model_lines(request.actor, request.at)
    ordered = sorted(lines, key=lambda line: (not line.live, line.system_name, line.name))
    values = {"lines": ordered, "said": _serving(lines), "tabs": tabs(request)}
    return render(request, "inventory_web/models.html", values)


def _serving(lines: Sequence[ModelLine]) -> str:
    if not lines:
        return "No model is known yet."
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
    values = {
        "page": page,
        "line": page.line,
        "said": what_is_live(page),
        "timeline": timeline(page.aliases, at),
        "asked": asked,
        "answers": _answers(page, asked) if asked else [],
        "terms": TERM_WORDS,
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "inventory_web/model.html", values)


def what_is_live(page: ModelPage) -> str:
    """Say what serves and since when: "Version 2 serves by @champion since …"."""
    if not page.line.live:
        return "Nothing of it is known to serve."
    zone = timezone.get_current_timezone()
    parts = []
    for one in page.line.live:
        until = phrases.moment(one.by, zone)
        since = f"since {until}"
        if one.after is None:
            since = f"since {until} at the latest"
        elif one.after != one.by:
            since = f"since some time from {phrases.moment(one.after, zone)} to {until}"
        parts.append(f"version {one.version} by {one.by_what}, {since}")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."


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
    lines = dataset_lines(request.actor, request.at)
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
        "line": page.line,
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
    lines = pipeline_lines(request.actor, at, request.at)
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
        "line": page.line,
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "inventory_web/pipeline.html", values)
