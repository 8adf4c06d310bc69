"""Comments on any thing that one can see: said, called, changed, taken back, read as of then."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_member
from tests.domain.discussion.world import THINGS, a_program_to_discuss

from headway.domain.accounts.models import AuditEntry, Member
from headway.domain.accounts.rules import Role
from headway.domain.discussion.actions import (
    add_comment,
    edit_comment,
    remove_comment,
    restore_comment,
    set_watch,
)
from headway.domain.discussion.models import Addressee, Comment
from headway.domain.discussion.queries import (
    comment_named,
    comments_page,
    thing_named,
    versions_of_comment,
    watching_of,
)
from headway.domain.discussion.rules import Kind, read_about
from headway.domain.people.actions import set_person
from headway.errors import Conflict, Invalid, NotFound, Refused

MINUTE = timedelta(minutes=1)
ITEM = "item:scores/label"
LABEL = read_about("about", ITEM)


def told() -> dict[str, str]:
    """Return why whom is to be told, by first name."""
    rows = Addressee.objects.select_related("member__user")
    return {row.member.user.name: row.why for row in rows}


def test_every_kind_that_is_allowed_has_its_thing_here() -> None:
    assert {read_about("about", one).kind for one in THINGS} == set(Kind)


@pytest.mark.django_db
class TestWhatMayBeTalkedAbout:
    @pytest.mark.parametrize("about", THINGS)
    def test_each_kind_is_found_named_and_talked_about(self, cast: Cast, about: str) -> None:
        a_program_to_discuss(cast)
        assert thing_named(cast.vera, read_about("about", about)).name
        add_comment(cast.vera, about, "Seen.", AT)
        page = comments_page(cast.bob, read_about("about", about))
        assert [one.text for one in page.comments] == ["Seen."]

    @pytest.mark.parametrize("about", THINGS)
    def test_nobody_talks_about_what_another_workspace_holds(self, cast: Cast, about: str) -> None:
        a_program_to_discuss(cast)
        with pytest.raises(NotFound):
            add_comment(cast.charlie, about, "Hello?", AT)
        with pytest.raises(NotFound):
            comments_page(cast.charlie, read_about("about", about))
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("about", THINGS)
    def test_the_same_address_in_two_workspaces_is_two_things(self, cast: Cast, about: str) -> None:
        a_program_to_discuss(cast)
        a_program_to_discuss(cast, cast.charlie)
        add_comment(cast.bob, about, "Ours.", AT)
        assert comments_page(cast.charlie, read_about("about", about)).total == 0

    @pytest.mark.parametrize(
        "about",
        [
            "item:scores/none",
            "item:scores",
            "risk:fraud/R2",
            "report:fraud/99",
            "report:fraud/x",
            "record:0",
            "record:٣",
            "record:9" + "9" * 40,
            "program:fraud/x",
        ],
    )
    def test_what_is_not_there_cannot_be_talked_about(self, cast: Cast, about: str) -> None:
        a_program_to_discuss(cast)
        with pytest.raises(NotFound):
            add_comment(cast.alice, about, "Hello?", AT)

    def test_a_vendor_neither_reads_nor_writes(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        with pytest.raises(Refused):
            add_comment(cast.vic, ITEM, "Hello?", AT)
        with pytest.raises(Refused):
            comments_page(cast.vic, LABEL)


@pytest.mark.django_db
class TestCalling:
    def test_who_is_called_is_told_and_follows_from_then_on(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.mia, ITEM, "@ana and @Bob: see https://example.org.", AT)
        assert [(one.handle, one.name) for one in said.mentions] == [
            ("ana", "Ana"),
            ("bob", "Bob B"),
        ]
        assert told() == {"Ana": "mentioned", "Bob": "mentioned"}
        assert watching_of(cast.ana, LABEL).is_mine

    def test_nobody_is_told_of_what_they_said_themselves(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_comment(cast.mia, ITEM, "@mia, remember.", AT)
        assert "Mia" not in told()

    def test_who_cannot_see_it_is_not_called(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.mia, ITEM, "@vic @charlie @nobody", AT)
        assert said.mentions == []
        assert told() == {"Bob": "following"}

    def test_somebody_of_the_roster_who_cannot_sign_in_is_named_and_not_told(
        self, cast: Cast
    ) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "Ask @zoe.", AT)
        assert [(one.name, one.member) for one in said.mentions] == [("Zoe Z", None)]
        assert told() == {}

    def test_a_first_name_that_two_bear_calls_neither(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        for name in ("Kim Lee", "Kim Park"):
            member = a_member(cast.acme, name.replace(" ", ""), Role.VIEWER)
            Member.objects.get(id=member.member_id).user.__class__.objects.filter(
                id=member.user_id
            ).update(name=name)
        said = add_comment(cast.mia, ITEM, "@kim @kim-park", AT)
        assert [one.name for one in said.mentions] == ["Kim Park"]

    def test_a_name_on_the_roster_with_its_own_address_is_not_taken_over(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        set_person(cast.mia, "ceo", {"name": "Vera", "email": "ceo@example.com"}, AT)
        said = add_comment(cast.mia, ITEM, "@ceo", AT)
        assert said.mentions[0].member is None

    def test_followers_are_told_and_who_stopped_is_not(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        set_watch(cast.vera, ITEM, True, AT)
        set_watch(cast.bob, ITEM, False, AT)
        add_comment(cast.mia, ITEM, "News.", AT)
        assert told() == {"Vera": "following"}

    def test_who_stopped_is_told_when_called_and_still_does_not_follow(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        set_watch(cast.bob, ITEM, False, AT)
        add_comment(cast.mia, ITEM, "@bob, please.", AT)
        assert told() == {"Bob": "mentioned"}
        assert not watching_of(cast.bob, LABEL).is_mine

    def test_an_edit_tells_only_who_is_newly_called(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.mia, ITEM, "@bob", AT)
        Addressee.objects.update(told_at=AT)
        edit_comment(cast.mia, said.id, "@bob @ana", AT + MINUTE)
        fresh = Addressee.objects.filter(told_at=None).select_related("member__user")
        assert [row.member.user.name for row in fresh] == ["Ana"]


@pytest.mark.django_db
class TestChangingOnesWords:
    def test_what_was_said_before_stays_to_be_seen(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "Tuesday.", AT)
        changed = edit_comment(cast.bob, said.id, "Wednesday.", AT + MINUTE, version=1)
        assert (changed.text, changed.edited_at, changed.version) == (
            "Wednesday.",
            AT + MINUTE,
            2,
        )
        assert [one.text for one in versions_of_comment(cast.vera, said.id)] == [
            "Wednesday.",
            "Tuesday.",
        ]

    def test_it_reads_as_of_then_as_it_read_then(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "Tuesday.", AT)
        edit_comment(cast.bob, said.id, "Wednesday.", AT + 2 * MINUTE)
        add_comment(cast.bob, ITEM, "Later.", AT + 3 * MINUTE)
        then = comments_page(cast.vera, LABEL, AT + MINUTE)
        assert [one.text for one in then.comments] == ["Tuesday."]
        assert then.total == 1

    def test_only_the_author_changes_words(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "Tuesday.", AT)
        with pytest.raises(Refused):
            edit_comment(cast.alice, said.id, "Never.", AT)
        with pytest.raises(NotFound):
            edit_comment(cast.charlie, said.id, "Never.", AT)

    def test_a_stale_edit_is_refused_and_an_equal_one_changes_nothing(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "Tuesday.", AT)
        edit_comment(cast.bob, said.id, "Wednesday.", AT, version=1)
        with pytest.raises(Conflict):
            edit_comment(cast.bob, said.id, "Thursday.", AT, version=1)
        assert edit_comment(cast.bob, said.id, "Wednesday.", AT).version == 2

    def test_a_deleted_comment_leaves_its_place_and_none_of_its_words(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "secret-word @ana", AT)
        remove_comment(cast.bob, said.id, AT + MINUTE)
        [left] = comments_page(cast.vera, LABEL).comments
        assert (left.text, left.mentions, left.deleted_by) == ("", [], "Bob")
        assert [one.text for one in versions_of_comment(cast.vera, said.id)] == [""]
        assert told() == {}
        with pytest.raises(Conflict):
            edit_comment(cast.bob, said.id, "x", AT)
        with pytest.raises(Conflict):
            remove_comment(cast.bob, said.id, AT)

    def test_the_audit_trail_keeps_no_word_that_can_be_deleted(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "secret-word", AT)
        edit_comment(cast.bob, said.id, "secret-word again", AT)
        remove_comment(cast.bob, said.id, AT)
        actions = AuditEntry.objects.filter(action__endswith="_comment")
        assert actions.count() == 3
        assert not AuditEntry.objects.filter(text__contains="secret-word").exists()

    def test_a_deletion_is_undone_with_its_words(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.bob, ITEM, "Back again, @ana", AT)
        remove_comment(cast.bob, said.id, AT)
        back = restore_comment(cast.bob, said.id, AT)
        assert (back.text, back.deleted_at) == ("Back again, @ana", None)
        assert [one.name for one in back.mentions] == ["Ana"]
        with pytest.raises(Conflict):
            restore_comment(cast.bob, said.id, AT)

    def test_who_answers_for_programs_may_delete_and_the_author_cannot_undo_that(
        self, cast: Cast
    ) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.vera, ITEM, "Rude.", AT)
        with pytest.raises(Refused):
            remove_comment(cast.bob, said.id, AT)
        remove_comment(cast.mia, said.id, AT)
        with pytest.raises(Refused):
            restore_comment(cast.vera, said.id, AT)
        assert restore_comment(cast.alice, said.id, AT).text == "Rude."

    def test_a_comment_outlives_its_author_by_name(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.vera, ITEM, "Bye.", AT)
        Member.objects.filter(id=cast.vera.member_id).delete()
        assert comment_named(cast.bob, said.id).author == "Vera"


@pytest.mark.django_db
class TestSize:
    @pytest.mark.parametrize("words", ["", " \n ", "x" * 5_001, "bell\x07"])
    def test_words_have_a_size(self, cast: Cast, words: str) -> None:
        a_program_to_discuss(cast)
        with pytest.raises(Invalid):
            add_comment(cast.bob, ITEM, words, AT)

    def test_the_lines_of_a_browsers_text_area_are_lines(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        assert add_comment(cast.bob, ITEM, "one\r\ntwo", AT).text == "one\ntwo"

    def test_ten_thousand_comments_are_walked_by_cursor_each_once(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        rows = [
            Comment(
                workspace_id=cast.acme.id,
                kind="item",
                key="scores/label",
                author="x",
                at=AT + timedelta(seconds=number // 3),
                text=str(number),
            )
            for number in range(10_000)
        ]
        Comment.objects.bulk_create(rows, batch_size=500)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = comments_page(cast.vera, LABEL, limit=200)
        assert len(asked) <= 8
        assert page.total == 10_000
        seen = [one.id for one in page.comments]
        while page.earlier:
            page = comments_page(cast.vera, LABEL, before=page.earlier, limit=200)
            seen += [one.id for one in page.comments]
        assert len(seen) == len(set(seen)) == 10_000

    def test_a_cursor_of_another_thing_finds_nothing(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        elsewhere = add_comment(cast.bob, "program:fraud", "x", AT)
        for before in (elsewhere.id, uuid4()):
            with pytest.raises(NotFound):
                comments_page(cast.bob, LABEL, before=before)
