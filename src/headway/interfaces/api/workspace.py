"""The workspace: who is asking, who is here, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel

from headway.domain.accounts.queries import (
    AuditLine,
    MemberLine,
    audit_page,
    members_page,
    workspace_of,
)
from headway.domain.accounts.rules import Permission, Role, permissions_of
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import Asked, Page, cursor_of, number_in, page_of

router = Router(tags=["Workspace"])


@dataclass(frozen=True, slots=True)
class Me:
    """Who the token stands for, where, and what it may do.

    `now` is the moment answers are of: a sample (`is_pinned`) stands still on a day of its own.
    """

    label: str
    workspace: str
    workspace_name: str
    member_id: UUID | None
    role: Role
    functions: list[str]
    scopes: list[str]
    permissions: list[str]
    now: datetime
    is_pinned: bool


class AuditAsked(BaseModel):
    """Which rows of the audit trail: of one action, from a cursor on."""

    action: str = ""
    cursor: str = ""


@operation(router, "GET", "/me", Permission.SELF, Me)
def read_me(request: ApiRequest) -> Me:
    """Say who the token stands for and what it may do."""
    actor = request.auth
    workspace = workspace_of(actor)
    return Me(
        actor.label,
        workspace.slug,
        workspace.name,
        actor.member_id,
        actor.role,
        sorted(actor.functions),
        sorted(actor.scopes or ()),
        sorted(permissions_of(actor)),
        request.now,
        request.since_when is not None,
    )


@operation(router, "GET", "/members", Permission.VIEW, Page[MemberLine])
def list_members(request: ApiRequest, asked: Query[Asked]) -> Page[MemberLine]:
    """List the members of the workspace, by e-mail address."""
    members = members_page(request.auth, request.now).members
    return page_of(members, lambda member: member.email, asked)


@operation(router, "GET", "/audit", Permission.AUDIT, Page[AuditLine])
def list_audit(request: ApiRequest, asked: Query[AuditAsked]) -> Page[AuditLine]:
    """List the audit trail, newest first, a hundred at a time."""
    page = audit_page(request.auth, before=number_in(asked.cursor), action=asked.action)
    return Page(items=page.lines, next=cursor_of(page.older) if page.older else None)
