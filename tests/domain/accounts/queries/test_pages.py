"""The members and audit pages show one's own workspace, and only to those who may see it."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.actions import issue_link, rename_workspace
from headway.domain.accounts.queries import audit_page, members_page
from headway.domain.accounts.queries.pages import PAGE
from headway.domain.accounts.rules import Role
from headway.errors import Refused


def test_members_are_listed_by_name_and_invitations_for_owners_only(cast: Cast) -> None:
    issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    page = members_page(cast.alice, AT)
    assert [line.name for line in page.members] == ["Alice", "Ana", "Bob", "Mia", "Vera", "Vic"]
    assert [line.is_you for line in page.members].count(True) == 1
    assert [line.email for line in page.invitations] == ["new@example.com"]
    assert members_page(cast.mia, AT).invitations == []


def test_a_vendor_sees_no_names(cast: Cast) -> None:
    with pytest.raises(Refused):
        members_page(cast.vic, AT)


def test_the_trail_pages_from_the_newest_to_the_first(cast: Cast) -> None:
    for number in range(PAGE + 20):
        rename_workspace(cast.alice, f"Acme {number}", AT)
    first = audit_page(cast.alice)
    second = audit_page(cast.alice, before=first.older)
    sequences = [line.sequence for line in [*first.lines, *second.lines]]
    assert sequences == list(range(first.total, 0, -1))
    assert (len(first.lines), second.older) == (PAGE, None)
    assert first.head == first.lines[0].digest


def test_the_trail_can_be_narrowed_to_one_action(cast: Cast) -> None:
    rename_workspace(cast.alice, "Acme Ltd", AT)
    (line,) = audit_page(cast.alice, action="rename_workspace").lines
    assert line.detail == {"before": "Acme", "after": "Acme Ltd"}


@pytest.mark.parametrize("name", ["bob", "vera", "vic"])
def test_the_trail_is_not_for_everybody(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        audit_page(getattr(cast, name))
