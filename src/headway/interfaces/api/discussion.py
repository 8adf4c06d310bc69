"""Talk: comments on any thing (`about`, written kind:key), who follows it, and its links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.discussion.actions import (
    add_comment,
    add_link,
    edit_comment,
    remove_comment,
    remove_link,
    restore_comment,
    restore_link,
    set_watch,
)
from headway.domain.discussion.queries import (
    Watching,
    comment_named,
    comments_page,
    link_named,
    links_of,
    versions_of_comment,
    watching_of,
)
from headway.domain.discussion.rules import CommentFacts, LinkLine, LinkTo, read_about
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, cursor_of, page_of, place_in
from headway.interfaces.api.problems import ApiError, Slug

router = Router(tags=["Discussion"])

About = Annotated[str, Field(max_length=200, description="The thing, such as risk:fraud/R1.")]


class AboutAt(At):
    """Which thing, and as of when."""

    about: About


class AboutPage(AskedAt):
    """Which thing, which page, and as of when."""

    about: About


class CommentBody(Given):
    """What is said about which thing; @names call people."""

    about: About
    text: str


class WordsBody(Given):
    """The new words of a comment."""

    text: str


class BackBody(Given):
    """Nothing is asked to bring a comment back."""


class WatchBody(Given):
    """Whether to follow a thing."""

    about: About
    is_on: bool


class LinkBody(Given):
    """A link from `about`: to a thing (`to`), or to an https address (`url`) with a title."""

    about: About
    sort: Literal["relates to", "caused by", "duplicates", "evidence"] = "relates to"
    to: Annotated[str, Field(max_length=200)] = ""
    url: Annotated[str, Field(max_length=2_000)] = ""
    title: Annotated[str, Field(max_length=200)] = ""


class VersionBody(Given):
    """The version that the link had when it was taken away."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


@operation(router, "GET", "/comments", Permission.VIEW, Page[CommentFacts])
def list_comments(request: ApiRequest, asked: Query[AboutPage]) -> Page[CommentFacts]:
    """List what was said about a thing: the newest page first, each page the oldest first."""
    about = read_about("about", asked.about)
    before = _comment_in(asked.cursor)
    page = comments_page(
        request.auth, about, asked.moment(request), before=before, limit=asked.limit
    )
    return Page(items=page.comments, next=cursor_of(page.earlier) if page.earlier else None)


def _comment_in(cursor: str) -> UUID | None:
    place = place_in(cursor)
    try:
        return UUID(place) if place else None
    except ValueError:
        sentence = "The cursor is not one this list gave out; leave it out to start anew."
        raise ApiError(Slug.MALFORMED, sentence) from None


@operation(router, "POST", "/comments", Permission.DISCUSS, CommentFacts, 201)
def comment(request: ApiRequest, body: CommentBody) -> CommentFacts:
    """Say something about a thing; who is called by @name is told."""
    return add_comment(request.auth, body.about, body.text, request.now)


@operation(router, "GET", "/comments/{uuid:comment_id}", Permission.VIEW, CommentFacts)
def read_comment(request: ApiRequest, comment_id: UUID) -> CommentFacts:
    """Read a comment; a deleted one has no text."""
    return comment_named(request.auth, comment_id)


@operation(
    router, "GET", "/comments/{uuid:comment_id}/versions", Permission.VIEW, Sequence[CommentFacts]
)
def list_comment_versions(request: ApiRequest, comment_id: UUID) -> Sequence[CommentFacts]:
    """List how a comment read before, the newest first."""
    return versions_of_comment(request.auth, comment_id)


@operation(router, "PATCH", "/comments/{uuid:comment_id}", Permission.DISCUSS, CommentFacts)
def change_comment(request: ApiRequest, comment_id: UUID, body: WordsBody) -> CommentFacts:
    """Change one's own words; how they read before stays."""
    actor, at = request.auth, request.now

    def write(version: int) -> CommentFacts:
        return edit_comment(actor, comment_id, body.text, at, version=version)

    return edit(request, lambda: comment_named(actor, comment_id), write)


@operation(router, "DELETE", "/comments/{uuid:comment_id}", Permission.DISCUSS, None, 204)
def delete_comment(request: ApiRequest, comment_id: UUID) -> None:
    """Delete a comment: its place stays, its words do not."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_comment(actor, comment_id, at, version=version)

    edit(request, lambda: comment_named(actor, comment_id), write)


@operation(router, "POST", "/comments/{uuid:comment_id}/restore", Permission.DISCUSS, CommentFacts)
def bring_back_comment(request: ApiRequest, comment_id: UUID, body: BackBody) -> CommentFacts:
    """Bring a deleted comment back."""
    return restore_comment(request.auth, comment_id, request.now)


@operation(router, "GET", "/watches", Permission.VIEW, Watching)
def read_watching(request: ApiRequest, asked: Query[AboutAt]) -> Watching:
    """Read who follows a thing."""
    return watching_of(request.auth, read_about("about", asked.about), asked.moment(request))


@operation(router, "POST", "/watches", Permission.DISCUSS, Watching)
def watch(request: ApiRequest, body: WatchBody) -> Watching:
    """Follow a thing, or stop."""
    return set_watch(request.auth, body.about, body.is_on, request.now)


@operation(router, "GET", "/thing-links", Permission.VIEW, Page[LinkLine])
def list_links(request: ApiRequest, asked: Query[AboutPage]) -> Page[LinkLine]:
    """List the links of a thing, from either end."""
    lines = links_of(request.auth, read_about("about", asked.about), asked.moment(request))
    return page_of(lines, lambda line: str(line.id), asked)


@operation(router, "POST", "/thing-links", Permission.DISCUSS, LinkLine, 201)
def link_things(request: ApiRequest, body: LinkBody) -> LinkLine:
    """Link a thing to another, or to an https address."""
    draft = LinkTo(body.sort, body.to, body.url, body.title)
    return add_link(request.auth, body.about, draft, request.now)


@operation(router, "GET", "/thing-links/{uuid:link_id}", Permission.VIEW, LinkLine)
def read_link(request: ApiRequest, link_id: UUID) -> LinkLine:
    """Read a link as the end that made it shows it."""
    return link_named(request.auth, link_id)


@operation(router, "DELETE", "/thing-links/{uuid:link_id}", Permission.DISCUSS, None, 204)
def delete_link(request: ApiRequest, link_id: UUID) -> None:
    """Take a link away."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_link(actor, link_id, at, version=version)

    edit(request, lambda: link_named(actor, link_id), write)


@operation(router, "POST", "/thing-links/{uuid:link_id}/restore", Permission.DISCUSS, LinkLine)
def put_link_back(request: ApiRequest, link_id: UUID, body: VersionBody) -> LinkLine:
    """Put a link back that was taken away."""
    return restore_link(request.auth, link_id, body.version, request.now)
