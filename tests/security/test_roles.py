"""Nobody raises a role, their own or another's, except an owner: every case of the table."""

from __future__ import annotations

import itertools

import pytest
from tests.cast import AT, Cast, a_member

from headway.domain.accounts.actions import change_functions, change_role, remove_member
from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Function, Role
from headway.errors import Refused


def roles(cast: Cast) -> dict[str, str]:
    return dict(Member.objects.filter(workspace=cast.acme).values_list("user__email", "role"))


@pytest.mark.parametrize(("requester", "target"), list(itertools.product(Role, Role)))
def test_only_an_owner_changes_roles(cast: Cast, requester: Role, target: Role) -> None:
    actor = cast.of_role(requester)
    other = a_member(cast.acme, "Target", target)
    before = roles(cast)
    for new_role in Role:
        if requester == Role.OWNER:
            assert change_role(actor, other.member_id, new_role, AT).role == new_role
            continue
        with pytest.raises(Refused):
            change_role(actor, other.member_id, new_role, AT)
        with pytest.raises(Refused):
            change_role(actor, actor.member_id, new_role, AT)
    if requester != Role.OWNER:
        assert roles(cast) == before


@pytest.mark.parametrize("requester", [role for role in Role if role != Role.OWNER])
def test_only_an_owner_gives_functions_and_removes(cast: Cast, requester: Role) -> None:
    actor = cast.of_role(requester)
    for target in (actor, cast.alice, cast.bob):
        with pytest.raises(Refused):
            change_functions(actor, target.member_id, list(Function), AT)
        with pytest.raises(Refused):
            remove_member(actor, target.member_id, AT)
