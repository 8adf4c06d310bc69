"""Every read of accounts: takes the actor, returns frozen values."""

from headway.domain.accounts.queries.actors import (
    Place,
    actor_for_token,
    actor_for_user,
    entry_for_user,
    headway_actor,
    owner_actor,
    places_of,
    workspace_named,
    workspaces,
)
from headway.domain.accounts.queries.guesses import may_guess
from headway.domain.accounts.queries.links import LinkPage, link_page
from headway.domain.accounts.queries.pages import (
    AuditLine,
    AuditPage,
    InvitationLine,
    MemberLine,
    MembersPage,
    TokenLine,
    audit_break,
    audit_page,
    members_page,
    names_by_address,
    tokens_page,
    workspace_of,
)

__all__ = [
    "InvitationLine",
    "link_page",
    "LinkPage",
    "may_guess",
    "entry_for_user",
    "AuditLine",
    "AuditPage",
    "MemberLine",
    "MembersPage",
    "Place",
    "TokenLine",
    "actor_for_token",
    "actor_for_user",
    "audit_break",
    "audit_page",
    "headway_actor",
    "members_page",
    "names_by_address",
    "owner_actor",
    "places_of",
    "tokens_page",
    "workspace_named",
    "workspace_of",
    "workspaces",
]
