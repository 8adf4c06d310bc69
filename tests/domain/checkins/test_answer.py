"""Answering: ordinary edits with an author, all or none, for one's own work alone; and undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.checkins.team import THURSDAY, a_team, item, says, work

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Role, Scope
from headway.domain.checkins.actions import (
    answer_by_link,
    answer_check_in,
    ask_check_ins,
    issue_check_in_link,
    undo_check_in,
)
from headway.domain.checkins.models import CheckIn, CheckInLink
from headway.domain.checkins.queries import (
    answers_of,
    check_in_by_link,
    check_in_page,
    not_checked_in,
)
from headway.domain.people.actions import set_person, set_rhythm
from headway.domain.plans.actions import edit_item, set_blocked_items
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import blocker_standings, history_of_item
from headway.domain.programs.queries import program_named, project_named
from headway.domain.risks.actions import set_blocker
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(hours=3)


@pytest.fixture(autouse=True)
def team(cast: Cast) -> None:
    a_team(cast)


def authors(actor: Actor, key: str) -> list[str]:
    return [one.author for one in history_of_item(actor, project_named(actor, "scores"), key)]


def test_what_is_left_becomes_plan_history_with_its_author(cast: Cast) -> None:
    done = answer_check_in(
        cast.bob, "bob", [says("train", 1, started="2026-11-23", left="4/6/10")], "Slow.", LATER
    )
    held = item(cast.bob, "train")
    assert (held.started, list(held.remaining or ())) == (AT.date(), [4, 6, 10])
    assert list(held.estimate or ()) == [5, 8, 12], "what was planned stays"
    assert authors(cast.mia, "train")[0] == "Bob"
    assert (done.author, done.line, done.answered_at) == ("bob@example.com", "Slow.", LATER)
    assert [(one["item"], one["fields"]) for one in done.changes] == [
        ("scores/train", ["remaining", "started"])
    ]


def test_a_range_for_work_that_has_not_begun_is_its_estimate(cast: Cast) -> None:
    answer_check_in(cast.bob, "bob", [says("ship", left=[1, 2, 4])], "", LATER)
    held = item(cast.bob, "ship")
    assert (list(held.estimate or ()), held.remaining) == ([1, 2, 4], None)


def test_what_is_finished_has_nothing_left(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    answer_by_link(secret, [says("label", 1, finished="2026-11-23", left="5/8/12")], "", LATER)
    held = item(cast.mia, "label")
    assert (held.finished, held.remaining) == (AT.date(), None)


def test_a_start_taken_back_leaves_nothing_half_done(cast: Cast) -> None:
    answer_check_in(cast.mia, "dana", [says("label", started=None, left="5/8/12")], "", LATER)
    held = item(cast.mia, "label")
    assert (held.started, held.remaining, list(held.estimate or ())) == (None, None, [5, 8, 12])


def test_an_answer_that_changes_nothing_is_an_answer_and_no_history(cast: Cast) -> None:
    before = authors(cast.mia, "label")
    said = says("label", 1, started="2026-11-23", left="5/8/12", blocked_by="")
    done = answer_check_in(cast.mia, "dana", [said], "", LATER)
    assert (done.changes, done.answered_at) == ([], LATER)
    assert authors(cast.mia, "label") == before


def test_a_stale_answer_changes_nothing_at_all(cast: Cast) -> None:
    edit_item(cast.mia, ("scores", "ship"), {"deadline": "2027-04-01"}, LATER)
    said = [says("train", 1, started="2026-11-23"), says("ship", 1, left="1")]
    with pytest.raises(Conflict, match="Ship changed since you read it"):
        answer_check_in(cast.bob, "bob", said, "", LATER)
    assert item(cast.bob, "train").started is None
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"left": "9/2/1"}, "Train: The remaining work 9 2 1 is out of order"),
        ({"left": ["NaN", 1, 2]}, "Train: "),
        ({"left": "many"}, "Train: "),
        ({"started": "2026-11-24"}, "is to come"),
        ({"finished": "2031-01-01"}, "is to come"),
        ({"started": "soon"}, "not a day"),
        ({"blocked_by": "x" * 201}, "201 characters"),
        ({"estimate": "1"}, "no field 'estimate'"),
    ],
)
def test_what_does_not_fit_names_its_item_and_changes_nothing(
    cast: Cast, said: dict[str, object], complaint: str
) -> None:
    answers = [says("ship", left="1/2/3"), says("train", **said)]
    with pytest.raises(Invalid, match=complaint) as caught:
        answer_check_in(cast.bob, "bob", answers, "", LATER)
    assert [problem.where for problem in caught.value.problems] == ["scores/train"]
    assert list(item(cast.bob, "ship").estimate or ()) == [5, 8, 12]


def test_today_is_their_own_clock_s(cast: Cast) -> None:
    set_rhythm(cast.bob, "bob", {"time_zone": "Pacific/Auckland"}, AT)
    evening = AT.replace(hour=20)  # the 24th there
    answer_check_in(cast.bob, "bob", [says("train", started="2026-11-24")], "", evening)
    assert str(item(cast.bob, "train").started) == "2026-11-24"


def test_nobody_answers_for_others_work(cast: Cast) -> None:
    with pytest.raises(NotFound, match="no open work 'scores/label' of Bob Poe"):
        answer_check_in(cast.bob, "bob", [says("label", left="1")], "", LATER)
    for stranger in (cast.vera, cast.bob, cast.vic):
        with pytest.raises(Refused):
            answer_check_in(stranger, "dana", [says("label", left="1")], "", LATER)
        with pytest.raises(Refused):
            check_in_page(stranger, "dana", LATER)
    with pytest.raises(NotFound):
        answer_check_in(cast.charlie, "dana", [], "", LATER)
    with pytest.raises(NotFound):
        check_in_page(cast.charlie, "dana", LATER)


def test_what_is_done_or_was_never_theirs_is_not_open(cast: Cast) -> None:
    work(cast.mia, "old", "bob", started="2026-11-20", finished="2026-11-22")
    assert {one.item.key for one in check_in_page(cast.bob, "bob", AT).work} == {"train", "ship"}
    with pytest.raises(NotFound):
        answer_check_in(cast.bob, "bob", [says("old", left="1")], "", LATER)


def test_who_only_looks_on_elsewhere_may_say_how_the_own_work_stands(cast: Cast) -> None:
    set_person(cast.mia, "vera", {"name": "Vera", "email": "vera@example.com"}, AT)
    work(cast.mia, "review", "vera")
    answer_check_in(cast.vera, "vera", [says("review", started="2026-11-23")], "", LATER)
    assert item(cast.mia, "review").started == AT.date()
    assert authors(cast.mia, "review")[0] == "Vera"
    with pytest.raises(Refused):
        edit_item(cast.vera, ("scores", "review"), {"name": "Mine"}, LATER)


def test_a_token_that_may_only_read_changes_nothing(cast: Cast) -> None:
    token = Actor(
        cast.bob.workspace_id,
        Role.CONTRIBUTOR,
        "bob@example.com by token x",
        cast.bob.user_id,
        cast.bob.member_id,
        scopes=frozenset({Scope.READ}),
        kind="token",
    )
    with pytest.raises(Refused):
        answer_check_in(token, "bob", [says("train", started="2026-11-23")], "", LATER)
    assert item(cast.bob, "train").started is None


def blockers(cast: Cast) -> list[tuple[str, list[str]]]:
    """Return the open blockers: for whom each waits, and what it holds up."""
    program = program_named(cast.mia, "fraud")
    rows = blocker_standings(cast.mia, [program], LATER.date(), only_open=True)[program.id]
    return [(one.blocker.waits_for, [item.address for item in one.items]) for one in rows]


def test_blocked_by_stands_in_the_register_until_it_is_said_to_be_over(cast: Cast) -> None:
    answer_check_in(cast.bob, "bob", [says("train", blocked_by="Vendor A")], "", LATER)
    assert blockers(cast) == [("Vendor A", ["scores/train"])]
    page = check_in_page(cast.bob, "bob", LATER)
    assert page.blocked == {"scores/train": "Vendor A"}
    again = answer_check_in(cast.bob, "bob", [says("train", blocked_by="Vendor A")], "", LATER)
    assert again.blocked == [], "said once more is nothing new"
    other = answer_check_in(cast.bob, "bob", [says("train", blocked_by="Vendor B")], "", LATER)
    assert [(one["did"], one["by"]) for one in other.blocked] == [("changed", "Vendor B")]
    assert blockers(cast) == [("Vendor B", ["scores/train"])]
    answer_check_in(cast.bob, "bob", [says("ship", left="3")], "", LATER)
    assert blockers(cast) == [("Vendor B", ["scores/train"])], "what is not said stays"
    over = answer_check_in(cast.bob, "bob", [says("train", blocked_by="")], "", LATER)
    assert [one["did"] for one in over.blocked] == ["resolved"]
    assert blockers(cast) == []


def test_what_is_finished_is_blocked_no_more(cast: Cast) -> None:
    answer_check_in(cast.bob, "bob", [says("train", blocked_by="Vendor A")], "", LATER)
    said = says("train", started="2026-11-23", finished="2026-11-23", blocked_by="Vendor A")
    answer_check_in(cast.bob, "bob", [said], "", LATER)
    assert blockers(cast) == []


def test_others_that_a_blocker_holds_up_stay_held_up(cast: Cast) -> None:
    made = set_blocker(cast.mia, "fraud", "", {"name": "No data", "waits_for": "Clinic"}, AT)
    set_blocked_items(cast.mia, "fraud", made.key, ["scores/train", "scores/ship"], AT)
    assert check_in_page(cast.bob, "bob", LATER).blocked["scores/ship"] == "Clinic"
    done = answer_check_in(cast.bob, "bob", [says("train", blocked_by="")], "", LATER)
    assert blockers(cast) == [("Clinic", ["scores/ship"])]
    undo_check_in(cast.bob, done.id, LATER)
    assert blockers(cast) == [("Clinic", ["scores/ship", "scores/train"])]


def test_an_undo_takes_back_what_was_blocked(cast: Cast) -> None:
    opened = answer_check_in(cast.bob, "bob", [says("train", blocked_by="Vendor A")], "", LATER)
    changed = answer_check_in(cast.bob, "bob", [says("train", blocked_by="Vendor B")], "", LATER)
    resolved = answer_check_in(cast.bob, "bob", [says("train", blocked_by="")], "", LATER)
    undo_check_in(cast.bob, resolved.id, LATER)
    assert blockers(cast) == [("Vendor B", ["scores/train"])]
    undo_check_in(cast.bob, changed.id, LATER)
    assert blockers(cast) == [("Vendor A", ["scores/train"])]
    undo_check_in(cast.bob, opened.id, LATER)
    assert blockers(cast) == []


def test_a_blocker_said_by_link_has_its_author(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    answer_by_link(secret, [says("label", blocked_by="Vendor A")], "", LATER)
    assert blockers(cast) == [("Vendor A", ["scores/label"])]
    entry = AuditEntry.objects.get(action="set_blocker")
    assert entry.actor == "dana by one-time link"


def test_an_answer_is_in_the_audit_trail_without_a_name(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    answer_by_link(secret, [says("label", left="2")], "", LATER)
    rows = AuditEntry.objects.filter(actor="dana by one-time link").order_by("id")
    assert [row.action for row in rows] == ["edit_item", "answer_check_in"]
    assert not AuditEntry.objects.filter(text__contains="Dana Roe").exists()


def test_by_link_the_author_is_the_person_and_says_how(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    done = answer_by_link(secret, [says("label", left="2/3/4")], "85 a week, not 95.", LATER)
    assert authors(cast.mia, "label")[0] == "Dana Roe by one-time link"
    assert done.author == "dana by one-time link"
    set_person(cast.mia, "dana", {"name": "Erased", "email": ""}, LATER)
    assert authors(cast.mia, "label")[0] == "Erased by one-time link"


def test_a_link_works_once(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    assert check_in_by_link(secret, LATER).person.key == "dana"
    answer_by_link(secret, [], "Fine.", LATER)
    for again in (lambda: answer_by_link(secret, [], "", LATER), lambda: look(secret)):
        with pytest.raises(Conflict, match="has been used"):
            again()


def look(secret: str) -> None:
    check_in_by_link(secret, LATER)


def test_a_link_ends_after_seven_days(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    assert check_in_by_link(secret, AT + timedelta(days=6, hours=23))
    with pytest.raises(Conflict, match="has expired"):
        answer_by_link(secret, [], "", AT + timedelta(days=7))
    assert item(cast.mia, "label").version == 1


def test_every_link_to_an_answered_check_in_is_spent(cast: Cast) -> None:
    first, second = (issue_check_in_link(cast.mia, "dana", AT) for _ in range(2))
    answer_check_in(cast.mia, "dana", [], "She told me.", LATER)
    for secret in (first, second):
        with pytest.raises(Conflict):
            answer_by_link(secret, [says("label", left="1")], "", LATER)


def test_a_refused_answer_leaves_the_link_alive(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    with pytest.raises(Invalid):
        answer_by_link(secret, [says("label", left="x")], "", LATER)
    answer_by_link(secret, [says("label", left="3")], "", LATER)


@pytest.mark.parametrize("secret", ["", "ci_", "ci_" + "A" * 43, "' OR 1=1 --", "\0"])
def test_a_guessed_link_is_not_known(cast: Cast, secret: str) -> None:
    issue_check_in_link(cast.mia, "dana", AT)
    with pytest.raises(NotFound):
        answer_by_link(secret, [says("label", left="1")], "", LATER)


def test_a_link_is_kept_as_a_hash_only(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    row = CheckInLink.objects.get()
    assert secret not in str(CheckInLink.objects.values().get())
    assert len(row.secret_hash) == 64
    assert not AuditEntry.objects.filter(text__contains=secret).exists()


def test_a_link_reaches_no_work_but_that_person_s(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", AT)
    assert [one.item.key for one in check_in_by_link(secret, LATER).work] == ["label"]
    with pytest.raises(NotFound):
        answer_by_link(secret, [says("train", left="1")], "", LATER)


def test_only_who_runs_programs_hands_out_links(cast: Cast) -> None:
    for actor in (cast.bob, cast.vera, cast.vic):
        with pytest.raises(Refused):
            issue_check_in_link(actor, "dana", AT)
    with pytest.raises(NotFound):
        issue_check_in_link(cast.charlie, "dana", AT)


def test_an_answer_is_taken_back_whole(cast: Cast) -> None:
    ask_check_ins(headway_actor(cast.acme.id), THURSDAY)
    done = answer_check_in(
        cast.bob,
        "bob",
        [says("train", started="2026-11-25", left="1"), says("ship", left="9")],
        "Hm.",
        THURSDAY,
    )
    program = program_named(cast.mia, "fraud")
    assert [one.person for one in not_checked_in(cast.mia, THURSDAY, program)] == ["dana"]
    undo_check_in(cast.bob, done.id, THURSDAY + timedelta(minutes=1))
    held = item(cast.bob, "train")
    assert (held.started, held.remaining) == (None, None)
    assert list(item(cast.bob, "ship").estimate or ()) == [5, 8, 12]
    assert len(not_checked_in(cast.mia, THURSDAY + timedelta(minutes=1))) == 2
    assert answers_of(cast.mia) == []
    with pytest.raises(Conflict, match="nothing to take back"):
        undo_check_in(cast.bob, done.id, THURSDAY)


def test_what_somebody_changed_since_is_not_taken_back(cast: Cast) -> None:
    done = answer_check_in(cast.bob, "bob", [says("train", left="1")], "", LATER)
    edit_item(cast.mia, ("scores", "train"), {"owner": "dana"}, LATER)
    with pytest.raises(Conflict, match="Train changed since"):
        undo_check_in(cast.bob, done.id, LATER)
    assert list(item(cast.mia, "train").estimate or ()) == [1, 1, 1]
    for stranger, error in ((cast.vera, Refused), (cast.charlie, NotFound)):
        with pytest.raises(error):
            undo_check_in(stranger, done.id, LATER)


def test_an_answer_of_a_million_items_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="at most 200"):
        answer_check_in(cast.bob, "bob", [says("train")] * 201, "", LATER)


def test_a_name_that_two_people_have_gives_neither_the_other_s_work(cast: Cast) -> None:
    set_person(cast.mia, "other-bob", {"name": "Bob Poe"}, AT)
    assert [one.item.key for one in check_in_page(cast.bob, "bob", AT).work] == ["train"]
    assert WorkItem.objects.filter(owner="Bob Poe").exists()
