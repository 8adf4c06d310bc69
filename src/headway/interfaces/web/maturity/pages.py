"""Pages that read: every system beside each model, and one system with every answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from headway.domain.maturity.queries import (
    SystemMaturity,
    goals_of,
    maturity_overview,
    system_maturity,
)
from headway.domain.maturity.rules import (
    SCORE,
    SECTION,
    Answered,
    Model,
    Next,
    Standing,
    model_of,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import is_live
from headway.rendering import phrases
from headway.rendering.charts import sparkline


@dataclass(frozen=True, slots=True)
class Row:
    """A system in the overview: how it stands, its trend as a picture."""

    found: SystemMaturity
    spark: SafeString


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """A column of a model on a system's page: where it stands, what is next, its criteria."""

    stand: Standing
    following: Next | None
    answers: Sequence[Answered]


@dataclass(frozen=True, slots=True)
class ModelPart:
    """A model on a system's page."""

    model: Model
    columns: Sequence[ColumnPart]

    @property
    def said(self) -> str:
        """Say each column's level, never one number for all."""
        return ", ".join(
            f"{one.stand.column.name.lower()} {one.stand.level}" for one in self.columns
        )


def overview(request: WorkspaceRequest) -> HttpResponse:
    """Answer which system is least tested and what to do next, then all beside each model."""
    found = maturity_overview(request.actor, request.at or request.now)
    ordered = sorted(found, key=lambda one: (one.score.final, one.system.name))
    top = _top(found)
    values = {
        "rows": [Row(one, _spark(one, top)) for one in ordered],
        "top": top,
        "said": _said(ordered),
        "microsoft": model_of("microsoft"),
    }
    return render(request, "maturity_web/overview.html", values)


def _said(ordered: Sequence[SystemMaturity]) -> str:
    """Say which systems are least tested, and what holds them down."""
    if not ordered:
        return "There is no ML system yet whose maturity could be judged."
    score = ordered[0].score.final
    least = [one for one in ordered if one.score.final == score]
    names = [one.system.name for one in least]
    who = _listed(names) if len(names) <= 3 else phrases.quantity(len(names), "system")
    held = sorted({one.column.name.lower() for found in least for one in found.score.least})
    verb, them = ("stands", "it") if len(least) == 1 else ("stand", "them")
    holds = "holds" if len(held) == 1 else "hold"
    return (
        f"{who} {verb} at an ML Test Score of {score:g} of {SECTION}: "
        f"{_listed(held)} {holds} {them} down."
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _top(found: Sequence[SystemMaturity]) -> int:
    """Return up to where trends are drawn: the same for all beside each other, at least 2."""
    return max(2, *(ceil(point.score) for one in found for point in one.trend), 0)


def _spark(found: SystemMaturity, top: int) -> SafeString:
    values = [point.score for point in found.trend]
    words = ", ".join(
        f"{phrases.short_day(point.at.date())} {point.score:g}" for point in found.trend
    )
    svg = sparkline(values, 0, top, f"ML Test Score, drawn to {top}: {words}")
    return mark_safe(svg)  # noqa: S308 - drawn by us, its words escaped


def system(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Say a system's score and what holds it down, what to do next, then every answer."""
    found = system_maturity(request.actor, system, request.at or request.now)
    values = {
        "found": found,
        "system": found.system,
        "score": found.score,
        "spark": _spark(found, _top([found])),
        "models": [_part(found, model, stands) for model, stands in found.models],
        "tests": model_of(SCORE),
        "section": SECTION,
        "unknown": found.score.unknown,
        "goals": goals_of(request.actor, found, request.at),
        "live": is_live(request),
    }
    return render(request, "maturity_web/system.html", values)


def _part(found: SystemMaturity, model: Model, stands: Sequence[Standing]) -> ModelPart:
    following = found.next_by_column
    return ModelPart(
        model,
        [
            ColumnPart(
                stand,
                following[f"{model.id}:{stand.column.id}"],
                [found.answers[one.id] for one in model.of_column(stand.column.id)],
            )
            for stand in stands
        ],
    )
