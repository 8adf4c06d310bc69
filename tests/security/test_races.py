"""One link, many hands at once: exactly one of them comes in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from tests.cast import AT, Cast, a_member

from headway.domain.accounts.actions import (
    admit_guess,
    issue_link,
    remove_member,
    rename_workspace,
    use_link,
)
from headway.domain.accounts.models import AuditEntry, Member, User
from headway.domain.accounts.queries import audit_break, headway_actor
from headway.domain.accounts.rules import Role
from headway.domain.accounts.rules.guesses import Door
from headway.errors import Conflict, HeadwayError

HANDS = 8


def at_once(act: Callable[[int], object]) -> list[object]:
    """Run `act` in many threads that start together; return their results or errors."""
    start, results = threading.Barrier(HANDS), [None] * HANDS

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = act(number)
        except HeadwayError as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_a_link_is_spent_once_however_many_try(lasting_cast: Cast) -> None:
    headway = headway_actor(lasting_cast.acme.id)
    secret = issue_link(headway, Role.OWNER, AT, purpose="first_owner")
    results = at_once(lambda n: use_link(secret, AT, email=f"new{n}@example.com", name="New"))
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == HANDS - 1
    assert User.objects.filter(email__startswith="new").count() == 1
    assert audit_break(lasting_cast.alice) is None


def test_two_links_for_one_address_make_one_account(lasting_cast: Cast) -> None:
    secrets = [
        issue_link(lasting_cast.alice, Role.VIEWER, AT, email="new@example.com")
        for _ in range(HANDS)
    ]
    results = at_once(lambda n: use_link(secrets[n], AT))
    assert sum(isinstance(result, User) for result in results) == 1
    assert User.objects.filter(email="new@example.com").count() == 1


def test_the_audit_chain_holds_under_many_writers(lasting_cast: Cast) -> None:
    at_once(lambda n: rename_workspace(lasting_cast.alice, f"Acme {n}", AT))
    rows = AuditEntry.objects.filter(workspace=lasting_cast.acme, action="rename_workspace")
    assert rows.count() == HANDS
    assert audit_break(lasting_cast.alice) is None


def test_owners_who_remove_each_other_at_once_leave_one(lasting_cast: Cast) -> None:
    owners = [a_member(lasting_cast.acme, f"Owner{n}", Role.OWNER) for n in range(HANDS - 1)]
    owners.append(lasting_cast.alice)
    at_once(lambda n: remove_member(owners[n], owners[(n + 1) % HANDS].member_id, AT))
    left = Member.objects.filter(workspace=lasting_cast.acme, role=Role.OWNER).count()
    assert left >= 1


def test_many_hands_get_no_more_guesses_than_one(lasting_cast: Cast) -> None:
    def guess(number: int) -> int:
        moments = [AT + timedelta(seconds=second) for second in range(5)]
        return sum(
            admit_guess(Door.SIGN_IN, at, address=f"192.0.2.{number}", account="alice")
            for at in moments
        )

    assert sum(at_once(guess)) <= 10
