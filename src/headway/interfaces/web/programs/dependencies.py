"""The panel of a Gantt chart's row: what it waits for and holds up, edited from the keyboard."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import json_script

from headway.domain.accounts.rules import Permission, may
from headway.domain.plans.actions import link_items, unlink_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import (
    ItemLink,
    find_items,
    item_meant,
    item_named,
    links_of,
    why_here,
)
from headway.domain.programs.queries import program_named, program_of, project_named
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import toast
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.edit_forms import DependencyForm
from headway.interfaces.web.programs.editing import Done, leave
from headway.interfaces.web.programs.gantt import link_words
from headway.interfaces.web.programs.work import cells_of

#: What of an item the panel edits in place.
CELLS = ("estimate", "not_before", "deadline", "owner")


def panel(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Show what an item waits for and what it holds up, with the form that adds a link."""
    return _shown(request, project, item, DependencyForm())


def found(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer what a search box offers: the items whose key or name holds the word."""
    facts = program_named(request.actor, program)
    items = find_items(request.actor, facts, request.GET.get("predecessor", "")[:100])
    return render(request, "programs_web/_found_items.html", {"found": items})


def add(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Link the item with another, in either direction; say what stands in the way on the form."""
    sent = request.POST if "predecessor" in request.POST else request.GET
    form = DependencyForm(sent)
    status = 422
    if form.is_valid():
        try:
            done, other = _add(request, project, item, form.cleaned_data, _version(sent))
        except (Invalid, NotFound, Conflict) as error:
            form.add_error("predecessor", str(error))
            status = 409 if isinstance(error, Conflict) else 422
        else:
            return _answered(request, project, item, done, other)
    return _shown(request, project, item, form, status)


def remove(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Take a link of the item away; the toast puts it back."""
    sent = request.POST if "kind" in request.POST else request.GET
    here, kind = f"{project}/{item}", sent.get("kind", "")
    before, after = sent.get("predecessor", ""), sent.get("successor", "") or here
    held = _link(request, project, item, before, after, kind)
    version = _version(sent) if after == here else None
    unlink_items(request.actor, after, before, request.now, kind=kind, version=version)
    undo = ""
    if held is not None:
        undo = _adding(request, project, item, held)
        words = f"{held.successor_name} no longer waits for {held.predecessor_name}."
    else:
        words = f"{after} no longer waits for {before}."
    return _answered(request, project, item, Done(words, undo), before if after == here else after)


def _add(
    request: WorkspaceRequest,
    project: str,
    item: str,
    typed: dict[str, object],
    version: int | None,
) -> tuple[Done, str]:
    """Link as asked; return what was done with its way back, and the address of the other item."""
    parent = project_named(request.actor, project)
    program = program_of(request.actor, parent)
    here = f"{project}/{item}"
    other = item_meant(request.actor, program, parent, str(typed["predecessor"]))
    waits = typed["direction"] == "waits"
    before, after = (other, here) if waits else (here, other)
    kind, unit = str(typed["kind"]), str(typed["lag_unit"] or "working")
    held = _link(request, project, item, before, after, kind)
    draft = LinkDraft(after, before, kind, float(str(typed["lag"] or 0)), unit)
    link_items(request.actor, draft, request.now, version=version if waits else None)
    now = _link(request, project, item, before, after, kind)
    assert now is not None
    how = " ".join(part for part in (kind, now.lag_text) if part)
    if held is not None:
        undo = _adding(request, project, item, held)
    else:
        removing = address(request, "remove_link", project=project, item=item)
        undo = f"{removing}?{urlencode({'predecessor': before, 'successor': after, 'kind': kind})}"
    return Done(f"{now.successor_name} waits for {now.predecessor_name} now ({how}).", undo), other


def _adding(request: WorkspaceRequest, project: str, item: str, held: ItemLink) -> str:
    """Return the address whose POST makes a link as it was."""
    waits = held.successor == f"{project}/{item}"
    asked = {
        "direction": "waits" if waits else "holds",
        "predecessor": held.predecessor if waits else held.successor,
        "kind": held.kind,
        "lag": f"{held.lag:g}",
        "lag_unit": held.lag_unit,
    }
    return f"{address(request, 'add_link', project=project, item=item)}?{urlencode(asked)}"


def _version(sent: QueryDict) -> int | None:
    text = sent.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _links(request: WorkspaceRequest, project: str, item: str) -> list[ItemLink]:
    at = request.at if not is_live(request) else None
    parent = project_named(request.actor, project, at)
    held = item_named(request.actor, parent, item, at)
    return list(links_of(request.actor, program_of(request.actor, parent, at), [held], at))


def _link(
    request: WorkspaceRequest, project: str, item: str, before: str, after: str, kind: str
) -> ItemLink | None:
    wanted = (before, after, kind)
    return next(
        (
            one
            for one in _links(request, project, item)
            if (one.predecessor, one.successor, one.kind) == wanted
        ),
        None,
    )


def _answered(
    request: WorkspaceRequest, project: str, item: str, done: Done, other: str
) -> HttpResponse:
    """Show the panel again with what was done; the chart's rows of both ends learn of it."""
    if not request.htmx:
        return leave(request, address(request, "item_links", project=project, item=item), done)
    response = _shown(request, project, item, DependencyForm())
    slug, _, key = other.partition("/")
    for place in ((project, item), (slug, key)):
        response.write(_row_news(request, *place))
    response.write(toast(request, done.sentence, done.undo))
    response["HX-Trigger"] = "plan-changed"
    return response


def _row_news(request: WorkspaceRequest, project: str, item: str) -> str:
    """Return what the chart's row of an item has to know of its links now."""
    parent = project_named(request.actor, project)
    held = item_named(request.actor, parent, item)
    address_of = f"{project}/{item}"
    waits, holds, said = link_words(address_of, held.name, _links(request, project, item))
    news = {"key": address_of, "waits": waits, "holds": holds, "said": said}
    return str(json_script(news)).replace("<script ", "<script data-row-news ", 1)


def _search(form: DependencyForm, finding: str) -> None:
    """Let the server fill the list of the box in which the other item is searched for."""
    form.fields["predecessor"].widget.attrs |= {
        "list": "found-items",
        "autocomplete": "off",
        "spellcheck": "false",
        "hx-get": finding,
        "hx-trigger": "input changed delay:120ms",
        "hx-target": "#found-items",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
    }


def _shown(
    request: WorkspaceRequest, project: str, item: str, form: DependencyForm, status: int = 200
) -> HttpResponse:
    parent = project_named(request.actor, project, request.at)
    program = program_of(request.actor, parent, request.at)
    held = item_named(request.actor, parent, item, request.at)
    _search(form, address(request, "find_items", program=program.slug))
    here = f"{project}/{item}"
    links = _links(request, project, item)
    cells = cells_of(request, project, held)
    values = {
        "program": program,
        "project": parent,
        "item": held,
        "form": form,
        "waits": [one for one in links if one.successor == here],
        "holds": [one for one in links if one.predecessor == here],
        "said": link_words(here, held.name, links)[2],
        "why": why_here(request.actor, program, here, request.at, request.now),
        "cells": [cells[name] for name in CELLS],
        "may_edit": is_live(request) and may(request.actor, Permission.PLAN),
        "adding": address(request, "add_link", project=project, item=item),
        "removing": address(request, "remove_link", project=project, item=item),
        "page": address(request, "item", project=project, item=item),
        "gantt": address(request, "program_gantt", program=program.slug),
        "fragment": bool(request.htmx),
    }
    template = "_dependencies.html" if request.htmx else "dependencies.html"
    return render(request, f"programs_web/{template}", values, status=status)
