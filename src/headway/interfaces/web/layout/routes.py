"""The one way to declare a web address: with the permission it needs, or a reason why none.

    urlpatterns = [
        route("w/<slug:workspace>/members/", views.members, Permission.VIEW, "members"),
        route("start/<str:secret>/", views.start, Public("the secret is the key"), "start"),
    ]

Below `/w/<slug:workspace>/` the view gets a `WorkspaceRequest` and no `workspace` argument: the
actor was looked up (404 for strangers), the permission checked, the moment to look from read from
`?at=YYYY-MM-DD`. The site refuses to start with an address that was declared in any other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django_htmx.middleware import HtmxDetails

from headway import clock
from headway.domain.accounts.actions import mark_seen
from headway.domain.accounts.actions.members import NOTE_EVERY
from headway.domain.accounts.queries import Place, entry_for_user
from headway.domain.accounts.rules import Actor, Permission, require
from headway.errors import Invalid, SignInNeeded
from headway.interfaces.web.layout.errors import error_page
from headway.interfaces.web.layout.frame import frame_of
from headway.interfaces.web.layout.shell import Shell

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody may come: `reason` says why that is right."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever is signed in may come, of whatever workspace: `reason` says why that is right."""

    reason: str


Access = Permission | Public | SignedIn


class WorkspaceRequest(HttpRequest):
    """A request inside a workspace, as views below `/w/<slug>/` get it.

    `at` is the moment to look from, None for now; queries take it. `now` is the moment of this
    request, for actions: the real one, or the sample's own while it is pinned.
    """

    actor: Actor
    place: Place
    at: datetime | None
    now: datetime
    shell: Shell
    htmx: HtmxDetails
    request_id: str


def route(
    pattern: str,
    view: View,
    access: Access,
    name: str,
    methods: Sequence[str] = ("GET",),
) -> URLPattern:
    """Declare address `pattern` for `view`: who may come, its name, its HTTP methods."""
    allowed = frozenset(methods) | ({"HEAD"} if "GET" in methods else set())
    inside = pattern.startswith("w/<slug:workspace>/")
    if isinstance(access, Permission) != inside:
        sentence = f"/{pattern}: a permission belongs below /w/<slug:workspace>/, and only there."
        raise Invalid(sentence)

    @wraps(view)
    def guarded(request: HttpRequest, **values: object) -> HttpResponse:
        if not isinstance(access, Public):
            user_id_of(request)
        if isinstance(access, Permission):
            _enter(request, str(values.pop("workspace")), access)
        if request.method not in allowed:
            response = error_page(request, 405, f"This address answers {', '.join(methods)} only.")
            response["Allow"] = ", ".join(sorted(allowed))
            return response
        return view(request, **values)

    guarded.access = access  # type: ignore[attr-defined]
    guarded.methods = tuple(methods)  # type: ignore[attr-defined]
    return path(pattern, guarded, name=name)


def _enter(request: HttpRequest, slug: str, permission: Permission) -> None:
    """Make `request` a WorkspaceRequest: who acts, where, as of when. Raises when they may not."""
    actor, place = entry_for_user(user_id_of(request), slug)
    require(actor, permission)
    now = place.pinned_at or clock.now()
    inside: WorkspaceRequest = request  # type: ignore[assignment]
    inside.actor, inside.place, inside.now = actor, place, now
    chosen = moment_of(request.GET.get("at", ""), now)
    inside.at = chosen or place.pinned_at
    inside.shell = frame_of(actor, place, inside.at, pinned=chosen is None and bool(inside.at))
    if place.visited_at is None or now - place.visited_at >= NOTE_EVERY:
        mark_seen(actor, now)


def user_id_of(request: HttpRequest) -> UUID:
    """Return who is signed in; SignInNeeded when nobody is."""
    if request.user.is_authenticated:
        return request.user.pk
    sentence = "Sign in to see this page."
    raise SignInNeeded(sentence)


def moment_of(day: str, now: datetime) -> datetime | None:
    """Return the end of `day` (YYYY-MM-DD, UTC), None for today, for later or for nothing."""
    if not day:
        return None
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        sentence = f"'{day[:40]}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None
    return datetime.combine(chosen, time.max, UTC) if chosen < now.date() else None


def declared_routes(
    patterns: Sequence[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of `patterns` as (whole pattern without the first slash, pattern)."""
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from declared_routes(pattern.url_patterns, whole)
        else:
            yield whole, pattern


def undeclared_routes(
    patterns: Sequence[URLPattern | URLResolver], elsewhere: Mapping[str, str]
) -> list[str]:
    """Return the addresses that no `route` declares and no prefix in `elsewhere` answers for."""
    return [
        whole
        for whole, pattern in declared_routes(patterns)
        if not hasattr(pattern.callback, "access") and not whole.startswith(tuple(elsewhere))
    ]
