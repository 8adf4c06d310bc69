"""The metrics of a project's runs beside what was promised: one click binds the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from headway.domain.evidence.queries import metrics_seen
from headway.domain.evidence.rules.likeness import Binding, MetricSeen, bindings, is_answered
from headway.domain.programs.actions import set_criterion
from headway.domain.programs.queries import criteria_of, project_named
from headway.domain.programs.rules import CriterionFacts, ProjectFacts
from headway.errors import Conflict, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, asked_version, leave
from headway.rendering import phrases


@dataclass(frozen=True, slots=True)
class Measures:
    """Criteria that are answered, those that a metric could answer, the rest; metrics left over."""

    project: str
    answered: Sequence[CriterionFacts]
    offers: Sequence[Binding]
    silent: Sequence[CriterionFacts]
    free: Sequence[MetricSeen]

    @property
    def sentence(self) -> str:
        """Say how many of the promises are answered, or what there is instead."""
        total = len(self.answered) + len(self.offers) + len(self.silent)
        if total:
            verb = "is" if len(self.answered) == 1 else "are"
            promised = phrases.quantity(total, "success criterion", "success criteria")
            more = f"; {len(self.offers)} more could be" if self.offers else ""
            return f"{len(self.answered)} of {promised} {verb} answered by what is logged{more}."
        if not self.free:
            return f"No run or evaluation counts for {self.project} yet."
        logged = phrases.quantity(len(self.free), "metric")
        verb = "is" if len(self.free) == 1 else "are"
        return f"Nothing is promised of {self.project} yet; {logged} {verb} logged."


def measures(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Show which logged metric would answer which promise, and which metrics nobody asked for."""
    facts = project_named(request.actor, project, request.at)
    found = _measures(request, facts)
    values = {"project": facts, "measures": found, "live": is_live(request)}
    return render(request, "evidence_web/measures.html", values)


def _measures(request: WorkspaceRequest, facts: ProjectFacts) -> Measures:
    seen = metrics_seen(request.actor, facts.id, request.at)
    criteria = criteria_of(request.actor, facts, request.at)
    answered = [one for one in criteria if any(is_answered(one, each) for each in seen)]
    known = {one.id for one in answered}
    waiting = [one for one in criteria if one.id not in known]
    offers = bindings(waiting, seen)
    offered: set[UUID] = {offer.criterion.id for offer in offers}
    taken = {each for one in answered for each in seen if is_answered(one, each)}
    taken |= {offer.seen for offer in offers}
    return Measures(
        facts.name,
        answered,
        offers,
        [one for one in waiting if one.id not in offered],
        [one for one in seen if one not in taken],
    )


def bind(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Let a criterion be answered by a metric that is logged."""
    facts = project_named(request.actor, project)
    key = request.POST.get("criterion", "")
    chosen = _seen(request, facts)
    criterion = next((one for one in criteria_of(request.actor, facts) if one.key == key), None)
    if criterion is None:
        sentence = f"There is no success criterion '{key[:60]}' in {facts.name}."
        raise Invalid(sentence)
    changes = Binding(criterion, chosen, 1.0, "").changes
    set_criterion(request.actor, project, key, changes, request.now, version=asked_version(request))
    place = {"project": project, "criterion": key, "version": criterion.version}
    done = Done(
        f"{criterion.name} is answered by {chosen.metric} of {chosen.said} now.",
        address(request, "restore_criterion", **place),
    )
    return leave(request, address(request, "measures", project=project), done)


def promise(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Make a success criterion of a metric that is logged."""
    facts = project_named(request.actor, project)
    chosen = _seen(request, facts)
    key = slugify(chosen.metric.replace("/", "-"))[:60].strip("-_") or "metric"
    if key in {one.key for one in criteria_of(request.actor, facts)}:
        sentence = f"There is a success criterion '{key}' already; change that one."
        raise Conflict(sentence)
    values = {
        "subject": chosen.subject,
        "metric": chosen.metric,
        "target": request.POST.get("target", ""),
        "direction": "minimise" if chosen.is_less_better else "maximise",
        "dataset": chosen.dataset,
        "split": chosen.split or "test",
    }
    made = set_criterion(request.actor, project, key, values, request.now)
    undo = address(request, "remove_criterion", project=project, criterion=key)
    done = Done(f"{made.name} is promised: {made.direction} to {made.target:g}.", undo)
    return leave(request, address(request, "measures", project=project), done)


def _seen(request: WorkspaceRequest, facts: ProjectFacts) -> MetricSeen:
    """Return the metric that a form names. Raises Invalid when the project's evidence has none."""
    asked = [request.POST.get(name, "") for name in ("subject", "metric", "dataset", "split")]
    for one in metrics_seen(request.actor, facts.id):
        if [one.subject, one.metric, one.dataset, one.split] == asked:
            return one
    sentence = f"No run or evaluation of {facts.name} holds a metric '{asked[1][:60]}'."
    raise Invalid(sentence)
