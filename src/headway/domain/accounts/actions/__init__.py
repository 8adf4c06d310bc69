"""Every write of accounts, one atomic function per verb a person says."""

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.actions.guesses import (
    admit_guess,
    excuse_guess,
    forget_guesses,
    refund_guess,
    spend_guess,
)
from headway.domain.accounts.actions.links import issue_link, revoke_link, use_link
from headway.domain.accounts.actions.members import (
    change_functions,
    change_role,
    mark_seen,
    remove_member,
)
from headway.domain.accounts.actions.replies import finish_reply, start_reply
from headway.domain.accounts.actions.tokens import create_token, revoke_token, touch_token
from headway.domain.accounts.actions.users import rename_user
from headway.domain.accounts.actions.workspaces import create_workspace, rename_workspace

__all__ = [
    "rename_user",
    "revoke_link",
    "refund_guess",
    "forget_guesses",
    "excuse_guess",
    "admit_guess",
    "change_functions",
    "change_role",
    "create_token",
    "create_workspace",
    "finish_reply",
    "issue_link",
    "mark_seen",
    "remove_member",
    "rename_workspace",
    "revoke_token",
    "spend_guess",
    "start_reply",
    "touch_token",
    "use_link",
    "write_audit",
]
