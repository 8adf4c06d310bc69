"""Linking a thing to another, or to an address, from its panel."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from headway.domain.discussion.actions import add_link, remove_link, restore_link
from headway.domain.discussion.queries import link_named, thing_named, things_near
from headway.domain.discussion.rules import About, Kind, LinkTo
from headway.interfaces.web.discussion.addresses import talk_address, thing_at
from headway.interfaces.web.discussion.forms import LinkForm
from headway.interfaces.web.discussion.views import asked_about
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


def link(request: WorkspaceRequest, sort: str, thing: str) -> HttpResponse:
    """Link a thing: to one of ours by its address or its kind:key, or to an https address."""
    about = asked_about(sort, thing)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = add_link(request.actor, str(about), _draft(request, values), request.now)
        what = made.name or made.title or made.url
        return Done(f"Linked: {made.sort} “{what}”.", _removal(request, made.id))

    def load() -> Edit:
        found = thing_named(request.actor, about)
        near = [str(one.about) for one in things_near(request.actor, found)]
        return Edit(
            f"Link “{found.name}”",
            talk_address(request, about),
            LinkForm,
            save,
            blame="to",
            button="Link",
            lists={"edit-near": near},
        )

    return edit_page(request, load)


def _draft(request: WorkspaceRequest, values: dict[str, object]) -> LinkTo:
    wanted, sort = str(values["to"]), str(values["sort"])
    kind = wanted.partition(":")[0]
    found: About | str | None = wanted if kind in set(Kind) else thing_at(request, wanted)
    if found:
        return LinkTo(sort, to=str(found))
    return LinkTo(sort, url=wanted, title=str(values["title"] or ""))


def unlink(request: WorkspaceRequest, relation: UUID) -> HttpResponse:
    """Take a link away; the toast puts it back."""
    held = link_named(request.actor, relation)
    remove_link(request.actor, relation, request.now, version=asked_version(request))
    undo = address(request, "restore_link", relation=relation, version=held.version)
    return leave(request, address(request, "programs"), Done("The link is taken away.", undo))


def relink(request: WorkspaceRequest, relation: UUID, version: int) -> HttpResponse:
    """Put a link back."""
    restore_link(request.actor, relation, version, request.now)
    return leave(request, address(request, "programs"), Done("The link is back."))


def _removal(request: WorkspaceRequest, relation: UUID) -> str:
    return address(request, "remove_link", relation=relation)
