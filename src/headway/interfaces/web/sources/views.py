"""The connectors page: what is connected, how old it is, what failed and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headway.connectors.registry import KINDS, WORK_KINDS, title_of
from headway.domain.installation.queries import alarms
from headway.domain.programs.queries import portfolio_lines
from headway.domain.sources import actions
from headway.domain.sources.queries import SourceLine, source_named, sources_page
from headway.domain.sources.rules import Standing, keeps_secret, next_try
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.sources.forms import SourceForm


@dataclass(frozen=True, slots=True)
class Shown:
    """A source with the time of its next reading (None: at the worker's next turn)."""

    line: SourceLine
    next_at: datetime | None


def sources(request: WorkspaceRequest) -> HttpResponse:
    """List every source with its age, its last failure and its next try."""
    shown = [_shown(line, request.now) for line in sources_page(request.actor)]
    values = {
        "shown": shown,
        "connected": sum(one.line.is_enabled for one in shown),
        "alarms": alarms(request.now, request.place.slug),
        "failing": [one for one in shown if one.line.is_enabled and one.line.failures_in_a_row],
        "kinds": [*KINDS.values(), *WORK_KINDS.values()],
    }
    return render(request, "sources_web/sources.html", values)


def _shown(line: SourceLine, now: datetime) -> Shown:
    standing = Standing(
        line.is_enabled,
        timedelta(minutes=line.every_minutes),
        None,
        line.synced_at,
        line.swept_at,
        line.failed_at,
        line.failures_in_a_row,
    )
    due = None if line.is_waiting else next_try(standing)
    return Shown(line, due if due and due > now else None)


def add_source(request: WorkspaceRequest) -> HttpResponse:
    """Ask for a new source of the kind that the address names; on POST connect it."""
    kind = request.GET.get("kind", "mlflow")
    if kind not in KINDS and kind not in WORK_KINDS:
        sentence = f"There is no source of kind '{kind[:40]}'."
        raise NotFound(sentence)
    form = SourceForm(kind, _projects(request), request.POST or None)
    if form.is_valid():
        draft = form.draft()
        try:
            actions.add_source(request.actor, draft, request.now)
        except (Invalid, Conflict) as error:
            form.blame(error)
        else:
            tell(request, f"{draft.name} is connected; the worker reads it at its next turn.")
            if kind in WORK_KINDS:
                return redirect("source_work", workspace=request.place.slug, connection=draft.name)
            return redirect("sources", workspace=request.place.slug)
    return _form_page(request, form, kind)


def edit_source(request: WorkspaceRequest, connection: str) -> HttpResponse:
    """Show a source's settings; on POST change them."""
    line = source_named(request.actor, connection)
    form = SourceForm(line.kind, _projects(request), request.POST or None, line)
    if form.is_valid():
        draft, version = form.draft(), form.cleaned_data["version"]
        try:
            actions.edit_source(request.actor, connection, draft, request.now, version=version)
        except (Invalid, Conflict) as error:
            form.blame(error)
        else:
            is_dropped = line.has_secret and not (draft.secret or keeps_secret(line.url, draft.url))
            tell(request, f"{connection} is changed.{_DROPPED if is_dropped else ''}")
            return redirect("sources", workspace=request.place.slug)
    return _form_page(request, form, line.kind, line)


_DROPPED = (
    " It is at another address now, so the stored token was forgotten: enter the one of that "
    "server."
)


def disconnect_source(request: WorkspaceRequest, connection: str) -> HttpResponse:
    """Stop reading a source and forget its secrets."""
    actions.disconnect_source(request.actor, connection, request.now)
    gave = "plan" if source_named(request.actor, connection).gives_work else "evidence"
    tell(request, f"{connection} is disconnected, its secrets are forgotten; its {gave} stays.")
    return redirect("sources", workspace=request.place.slug)


def sync_source(request: WorkspaceRequest, connection: str) -> HttpResponse:
    """Ask the worker to read a source at its next turn."""
    actions.ask_sync(request.actor, connection, request.now)
    tell(request, f"{connection} is read at the worker's next turn, within a minute.")
    return redirect("sources", workspace=request.place.slug)


def _projects(request: WorkspaceRequest) -> list[tuple[str, str]]:
    lines = portfolio_lines(request.actor)
    return [(one.slug, one.name) for line in lines for one in line.projects]


def _form_page(
    request: WorkspaceRequest, form: SourceForm, kind: str, line: SourceLine | None = None
) -> HttpResponse:
    hook = settings.BASE_URL + reverse("mlflow_hook", args=[line.id]) if line else ""
    values = {
        "form": form,
        "line": line,
        "hook": hook,
        "kind": kind,
        "heading": f"Connect {title_of(kind)}",
        "gives_work": kind in WORK_KINDS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "sources_web/source.html", values, status=status)
