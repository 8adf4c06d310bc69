"""One-time links let people in, once, and never into somebody else's account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.actions import issue_link, revoke_link, use_link
from headway.domain.accounts.models import AuditEntry, Member, OneTimeLink, User
from headway.domain.accounts.queries import actor_for_user, headway_actor, link_page, members_page
from headway.domain.accounts.rules import Function, Role
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused


def test_an_invitation_makes_a_member_with_its_role_and_functions(cast: Cast) -> None:
    secret = issue_link(
        cast.alice, Role.APPROVER, AT, email="New@Example.com", functions=[Function.LEGAL]
    )
    user = use_link(secret, AT, name=" Nora ", password="seven green bottles")
    actor = actor_for_user(user.id, "acme")
    assert (user.email, user.name) == ("new@example.com", "Nora")
    assert (actor.role, actor.functions) == (Role.APPROVER, {Function.LEGAL})
    assert user.check_password("seven green bottles")


def test_the_secret_is_stored_as_a_hash_only(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    row = OneTimeLink.objects.values().get()
    assert secret not in str(row)
    assert all(secret not in text for text in AuditEntry.objects.values_list("text", flat=True))


def test_a_link_works_once(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    use_link(secret, AT)
    with pytest.raises(Conflict, match="has been used"):
        use_link(secret, AT, email="mallory@example.com")
    assert not User.objects.filter(email="mallory@example.com").exists()


def test_a_link_expires(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    with pytest.raises(Conflict, match="has expired"):
        use_link(secret, AT + timedelta(days=7))
    with pytest.raises(Conflict, match="has expired"):
        link_page(secret, AT + timedelta(days=7))


def test_an_unknown_link_is_not_found(cast: Cast) -> None:
    for use in (use_link, link_page):
        with pytest.raises(NotFound):
            use("in_nothing", AT)


def test_the_address_of_an_invitation_is_fixed(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    assert use_link(secret, AT, email="mallory@example.com").email == "new@example.com"


def test_a_link_without_an_address_needs_one(cast: Cast) -> None:
    secret = issue_link(headway_actor(cast.acme.id), Role.OWNER, AT, purpose="first_owner")
    with pytest.raises(Invalid, match="e-mail address"):
        use_link(secret, AT)


def test_a_link_never_opens_an_account_that_exists(cast: Cast) -> None:
    """Charlie invites Alice's address into his workspace and opens the link himself."""
    secret = issue_link(cast.charlie, Role.OWNER, AT, email="alice@example.com")
    before = User.objects.get(email="alice@example.com").password
    for holder in (None, cast.charlie.user_id):
        with pytest.raises(Conflict, match="sign in"):
            use_link(secret, AT, password="mallory was here", user_id=holder)
    assert User.objects.get(email="alice@example.com").password == before
    assert not Member.objects.filter(user_id=cast.alice.user_id, workspace=cast.other).exists()


def test_whoever_is_signed_in_gains_the_membership_and_keeps_the_password(cast: Cast) -> None:
    secret = issue_link(cast.charlie, Role.VIEWER, AT, email="alice@example.com")
    before = User.objects.get(email="alice@example.com").password
    use_link(secret, AT, password="another password", user_id=cast.alice.user_id)
    assert actor_for_user(cast.alice.user_id, "other").role == Role.VIEWER
    assert User.objects.get(email="alice@example.com").password == before


def test_a_typed_address_does_not_take_over_its_account(cast: Cast) -> None:
    secret = issue_link(headway_actor(cast.other.id), Role.OWNER, AT, purpose="first_owner")
    with pytest.raises(Conflict, match="sign in"):
        use_link(secret, AT, email="Alice@Example.com", password="mallory was here")


def test_a_link_does_not_raise_the_role_of_a_member(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.OWNER, AT, email="vera@example.com")
    use_link(secret, AT, user_id=cast.vera.user_id)
    assert actor_for_user(cast.vera.user_id, "acme").role == Role.VIEWER


def test_the_sample_link_lets_its_owner_in_again(cast: Cast) -> None:
    headway = headway_actor(cast.acme.id)
    for _ in range(2):
        secret = issue_link(headway, Role.OWNER, AT, email="sam@example.com", purpose="sample")
        assert use_link(secret, AT).email == "sam@example.com"


@pytest.mark.parametrize("purpose", ["sample", "first_owner"])
def test_people_can_only_invite(cast: Cast, purpose: str) -> None:
    with pytest.raises(Refused, match="invite instead"):
        issue_link(cast.alice, Role.OWNER, AT, email="bob@example.com", purpose=purpose)


@pytest.mark.parametrize("name", ["mia", "bob", "ana", "vera", "vic"])
def test_only_owners_invite_and_take_back(cast: Cast, name: str) -> None:
    issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    link = OneTimeLink.objects.get()
    with pytest.raises(Refused):
        issue_link(getattr(cast, name), Role.VIEWER, AT, email="x@example.com")
    with pytest.raises(Refused):
        revoke_link(getattr(cast, name), link.id, AT)


def test_a_revoked_invitation_is_dead_and_gone_from_the_page(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    (line,) = members_page(cast.alice, AT).invitations
    with pytest.raises(NotFound):
        revoke_link(cast.charlie, line.id, AT)
    revoke_link(cast.alice, line.id, AT)
    assert members_page(cast.alice, AT).invitations == []
    with pytest.raises(NotFound):
        use_link(secret, AT)


def test_the_page_of_a_link_says_where_it_leads_and_spends_nothing(cast: Cast) -> None:
    secret = issue_link(cast.alice, Role.MANAGER, AT, email="bob@example.com")
    for _ in range(2):
        page = link_page(secret, AT)
        assert (page.workspace, page.role, page.email) == ("Acme", Role.MANAGER, "bob@example.com")
        assert page.known
    fresh = issue_link(cast.alice, Role.MANAGER, AT, email="new@example.com")
    assert not link_page(fresh, AT).known


def test_a_refused_link_leaves_no_trace(cast: Cast) -> None:
    secret = issue_link(cast.charlie, Role.OWNER, AT, email="alice@example.com")
    rows = AuditEntry.objects.count()
    with pytest.raises(HeadwayError):
        use_link(secret, AT)
    assert AuditEntry.objects.count() == rows
    assert OneTimeLink.objects.get(email="alice@example.com").used_at is None
