"""The panel of talk that stands on every thing's page, and what is done in it.

It is loaded by htmx into the page of the thing; without JavaScript it is a page of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.discussion.actions import (
    add_comment,
    edit_comment,
    remove_comment,
    restore_comment,
    set_watch,
)
from headway.domain.discussion.queries import (
    callable_people,
    comment_named,
    discussion_of,
    versions_of_comment,
)
from headway.domain.discussion.rules import About, CommentFacts, Kind, LinkLine, read_about
from headway.errors import Invalid, NotFound
from headway.interfaces.web.discussion.addresses import page_address, talk_address
from headway.interfaces.web.discussion.forms import CommentForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell, toast
from headway.interfaces.web.programs.addresses import address, back, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

#: Names that the help below a comment offers.
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment, and what the reader may do with it."""

    comment: CommentFacts
    is_mine: bool
    may_remove: bool
    may_restore: bool


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link, where it leads, and whether the reader may take it away."""

    line: LinkLine
    href: str
    may_remove: bool


def asked_about(sort: str, thing: str) -> About:
    """Return what an address is about; NotFound for a kind that nobody talks about."""
    if sort not in set(Kind):
        sentence = f"Nobody talks about a '{sort[:40]}' here."
        raise NotFound(sentence)
    return About(Kind(sort), thing)


def discussion(request: WorkspaceRequest, sort: str, thing: str) -> HttpResponse:
    """Show what is said of a thing: as the panel of its page, or as a page."""
    return panel(request, asked_about(sort, thing))


def panel(
    request: WorkspaceRequest,
    about: About,
    form: CommentForm | None = None,
    *,
    said: str = "",
    undo: str = "",
) -> HttpResponse:
    """Show the panel; with the `form` to correct, or with what was `said` and done."""
    found = discussion_of(request.actor, about, request.at, before=_before(request))
    live = is_live(request) and may(request.actor, Permission.DISCUSS)
    here, program = talk_address(request, about), found.thing.program
    values = {
        "talk": found,
        "rows": [_row(request, one) for one in found.page.comments],
        "links": [_link(request, line) for line in found.links],
        "live": live,
        "form": form or CommentForm(calm=not said),
        "names": [one.handle for one in callable_people(request.actor)][:MOST_NAMES]
        if live
        else (),
        "here": here,
        "earlier": f"{here}?before={found.page.earlier}" if found.page.earlier else "",
        "page": page_address(request, about),
        "program": address(request, "program", program=program) if program else "",
        "portfolio": address(request, "programs"),
        "kind": str(about.kind),
    }
    template = "_panel.html" if request.htmx else "discussion.html"
    status = 422 if form and form.errors else 200
    response = render(request, f"discussion_web/{template}", values, status=status)
    if said:
        response.write(toast(request, said, undo))
    return response


def _names(request: WorkspaceRequest) -> list[str]:
    """Return a few handles that a comment may call, one for each person but the reader."""
    others = [
        one
        for one in callable_people(request.actor)
        if one.member is None or one.member != request.actor.member_id
    ]
    by_name = {one.name: one.handle for one in reversed(others)}
    return sorted(by_name.values())[:MOST_NAMES]


def _before(request: WorkspaceRequest) -> UUID | None:
    text = request.GET.get("before", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        sentence = f"'{text[:40]}' is no place in a discussion; open it anew."
        raise Invalid(sentence) from None


def _row(request: WorkspaceRequest, comment: CommentFacts) -> CommentRow:
    mine = comment.member is not None and comment.member == request.actor.member_id
    moderates = may(request.actor, Permission.PROGRAM)
    own = mine and comment.deleted_by == comment.author
    return CommentRow(comment, mine, mine or moderates, own or moderates)


def _link(request: WorkspaceRequest, line: LinkLine) -> LinkRow:
    mine = line.member is not None and line.member == request.actor.member_id
    href = page_address(request, read_about("about", line.about)) if line.about else line.url
    return LinkRow(line, href, mine or may(request.actor, Permission.PLAN))


def comment(request: WorkspaceRequest, sort: str, thing: str) -> HttpResponse:
    """Say something; what is wrong with it is said beside it, the words kept."""
    about = asked_about(sort, thing)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            made = add_comment(request.actor, str(about), form.typed["text"], request.now)  # type: ignore[arg-type]
        except Invalid as error:
            form.add_error("text", str(error))
        else:
            return _done(request, about, _told(made))
    return panel(request, about, form)


def _told(made: CommentFacts) -> str:
    """Say whom a comment calls, and who of them cannot be told."""
    told = [one.name for one in made.mentions if one.member]
    deaf = [one.name for one in made.mentions if not one.member]
    said = f"Said; {', '.join(told)} will be told." if told else "Said."
    return f"{said} Cannot sign in here and is not told: {', '.join(deaf)}." if deaf else said


def _done(request: WorkspaceRequest, about: About, said: str, undo: str = "") -> HttpResponse:
    """Show the panel again with what was done; without htmx go back to where one was."""
    if request.htmx:
        return panel(request, about, said=said, undo=undo)
    tell(request, said, undo)
    return back(request, talk_address(request, about))


def follow(request: WorkspaceRequest, sort: str, thing: str) -> HttpResponse:
    """Follow a thing, or stop."""
    about = asked_about(sort, thing)
    is_on = request.POST.get("on") == "yes"
    set_watch(request.actor, str(about), is_on, request.now)
    said = "You follow this now." if is_on else "You no longer follow this."
    return _done(request, about, said)


def versions(request: WorkspaceRequest, comment: UUID) -> HttpResponse:
    """Show how a comment read before."""
    found = versions_of_comment(request.actor, comment)
    about = read_about("about", found[0].about)
    values = {"versions": found, "here": talk_address(request, about)}
    return render(request, "discussion_web/versions.html", values)


def change_comment(request: WorkspaceRequest, comment: UUID) -> HttpResponse:
    """Change what one said."""

    def save(values: dict[str, object], version: int | None) -> Done:
        edit_comment(request.actor, comment, str(values["text"]), request.now, version=version)
        return Done("The comment is changed; how it read before stays to be seen.")

    def load() -> Edit:
        held = comment_named(request.actor, comment)
        page = talk_address(request, read_about("about", held.about))
        kept = {"text": held.text}
        return Edit("Edit your comment", page, CommentForm, save, kept, held.version, blame="text")

    return edit_page(request, load)


def delete_comment(request: WorkspaceRequest, comment: UUID) -> HttpResponse:
    """Delete a comment; the toast brings it back."""
    gone = remove_comment(request.actor, comment, request.now, version=asked_version(request))
    undo = address(request, "restore_comment", comment=comment)
    return _done(request, read_about("about", gone.about), "The comment is deleted.", undo)


def bring_back(request: WorkspaceRequest, comment: UUID) -> HttpResponse:
    """Bring a deleted comment back."""
    held = restore_comment(request.actor, comment, request.now)
    page = talk_address(request, read_about("about", held.about))
    return leave(request, page, Done("The comment is back."))
