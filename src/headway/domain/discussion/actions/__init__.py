"""Every write of discussion: permission and the thing first, then the words."""

from headway.domain.discussion.actions.comments import (
    add_comment,
    edit_comment,
    remove_comment,
    restore_comment,
)
from headway.domain.discussion.actions.links import add_link, remove_link, restore_link
from headway.domain.discussion.actions.watches import set_watch

__all__ = [
    "add_comment",
    "add_link",
    "edit_comment",
    "remove_comment",
    "remove_link",
    "restore_comment",
    "restore_link",
    "set_watch",
]
