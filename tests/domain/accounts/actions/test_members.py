"""Members change only as the table of roles allows, and never across workspaces."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast, a_member

from headway.domain.accounts.actions import (
    change_functions,
    change_role,
    create_token,
    mark_seen,
    remove_member,
    rename_user,
)
from headway.domain.accounts.models import AuditEntry, Member, Token
from headway.domain.accounts.queries import actor_for_user, audit_break
from headway.domain.accounts.rules import Function, Role, Scope
from headway.errors import Conflict, Invalid, NotFound


def test_the_last_owner_stays(cast: Cast) -> None:
    with pytest.raises(Conflict, match="last owner"):
        change_role(cast.alice, cast.alice.member_id, Role.VIEWER, AT)
    with pytest.raises(Conflict, match="last owner"):
        remove_member(cast.alice, cast.alice.member_id, AT)


def test_an_owner_may_go_when_another_stays(cast: Cast) -> None:
    second = a_member(cast.acme, "Olga", Role.OWNER)
    remove_member(second, cast.alice.member_id, AT)
    with pytest.raises(NotFound):
        actor_for_user(cast.alice.user_id, "acme")


def test_a_removed_member_s_tokens_die_with_the_same_commit(cast: Cast) -> None:
    create_token(cast.bob, "ci", [Scope.READ], AT)
    remove_member(cast.alice, cast.bob.member_id, AT)
    assert not Token.objects.exists()


def test_members_of_another_workspace_do_not_exist(cast: Cast) -> None:
    for act in (
        lambda: change_role(cast.alice, cast.charlie.member_id, Role.VIEWER, AT),
        lambda: change_functions(cast.alice, cast.charlie.member_id, [Function.LEGAL], AT),
        lambda: remove_member(cast.alice, cast.charlie.member_id, AT),
    ):
        with pytest.raises(NotFound):
            act()
    assert actor_for_user(cast.charlie.user_id, "other").role == Role.OWNER


def test_functions_are_kept_sorted_and_audited(cast: Cast) -> None:
    change_functions(cast.alice, cast.bob.member_id, [Function.PRIVACY, Function.LEGAL], AT)
    assert Member.objects.get(id=cast.bob.member_id).functions == ["legal", "privacy"]
    entry = AuditEntry.objects.get(workspace=cast.acme, action="change_functions")
    assert '"before":[]' in entry.text


def test_a_visit_ends_after_half_an_hour_of_silence_and_the_one_before_is_kept(cast: Cast) -> None:
    for minutes in (0, 25, 50, 52, 90):
        mark_seen(cast.bob, AT + timedelta(minutes=minutes))
    member = Member.objects.get(id=cast.bob.member_id)
    assert member.previous_seen_at == AT + timedelta(minutes=50)
    assert member.last_seen_at == AT + timedelta(minutes=90)


def test_a_new_name_is_noted_in_every_workspace_of_the_person(cast: Cast) -> None:
    Member.objects.create(
        workspace=cast.other, user_id=cast.bob.user_id, role=Role.VIEWER, joined_at=AT
    )
    rename_user(cast.bob.user_id, " Robert ", AT)
    entries = AuditEntry.objects.filter(action="rename_user")
    assert {entry.workspace_id for entry in entries} == {cast.acme.id, cast.other.id}
    assert audit_break(cast.alice) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_is_needed(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid):
        rename_user(cast.bob.user_id, name, AT)
