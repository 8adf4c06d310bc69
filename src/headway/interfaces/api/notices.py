"""What one was told, and how one wants to be told."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.notices.actions import read_notices, set_preferences
from headway.domain.notices.queries import (
    NoticeLine,
    PreferenceFacts,
    notices_of,
    preferences_of,
)
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import At, Page

router = Router(tags=["Notices"])

Day = Annotated[int, Field(ge=0, le=6)]


class PreferenceBody(Given):
    """How to be told; days are 0 (Monday) to 6, times those of the clock in `time_zone`."""

    hows: dict[str, Literal["immediate", "daily", "weekly", "none"]] | None = None
    time_zone: str | None = None
    mail_at: time | None = None
    week_day: Day | None = None
    brief_at: time | None = None
    quiet_brief: bool | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_days: list[Day] | None = None


class ReadBody(Given):
    """Nothing is asked to mark notices as read."""


@operation(router, "GET", "/notices", Permission.SELF, Page[NoticeLine])
def list_notices(request: ApiRequest, asked: Query[At]) -> Page[NoticeLine]:
    """List what the token's owner was told, newest first, thirty at most."""
    return Page(items=list(notices_of(request.auth, asked.moment(request))), next=None)


@operation(router, "POST", "/notices/read", Permission.SELF, int)
def mark_read(request: ApiRequest, body: ReadBody) -> int:
    """Mark everything the token's owner was told as read; answers how many were not yet."""
    return read_notices(request.auth, request.now)


@operation(router, "GET", "/preferences", Permission.SELF, PreferenceFacts)
def read_preferences(request: ApiRequest) -> PreferenceFacts:
    """Read how the token's owner wants to be told; version 0 while nothing was chosen."""
    return preferences_of(request.auth)


@operation(router, "PATCH", "/preferences", Permission.SELF, PreferenceFacts)
def change_preferences(request: ApiRequest, body: PreferenceBody) -> PreferenceFacts:
    """Change how the token's owner is told: for a token with the scope admin."""
    actor, values, at = request.auth, body.given(), request.now

    def write(version: int) -> PreferenceFacts:
        return set_preferences(actor, values, at, version=version)

    return edit(request, lambda: preferences_of(actor), write)
