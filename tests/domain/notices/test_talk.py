"""Who is told of comments and of changes: each once, nobody of their own, in no words that go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.discussion.world import a_program_to_discuss

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.discussion.actions import (
    add_comment,
    edit_comment,
    remove_comment,
    set_watch,
)
from headway.domain.installation.actions import tick
from headway.domain.notices.actions import tell_changes, tell_comments
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import notices_of
from headway.domain.plans.actions import add_item, edit_item, remove_item
from headway.domain.risks.actions import set_risk

ITEM = "item:scores/label"
LATER = AT + timedelta(hours=1)


def told(actor: Actor) -> list[str]:
    return [line.sentence for line in notices_of(actor)]


def house(cast: Cast) -> Actor:
    return headway_actor(cast.acme.id)


@pytest.mark.django_db
class TestComments:
    def test_who_is_called_and_who_follows_is_told_once_and_the_author_is_not(
        self, cast: Cast
    ) -> None:
        a_program_to_discuss(cast)
        set_watch(cast.vera, ITEM, True, AT)
        add_comment(cast.mia, ITEM, "@ana, the vendor called.", AT)
        assert tell_comments(house(cast), LATER) == 3
        assert tell_comments(house(cast), LATER) == 0
        assert told(cast.ana) == ["Label: Mia mentioned you."]
        assert told(cast.vera) == told(cast.bob) == ["Label: Mia commented."]
        assert told(cast.mia) == []

    def test_the_notice_opens_the_comment(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.mia, "risk:fraud/R1/late", "@ana", AT)
        tell_comments(house(cast), LATER)
        [line] = notices_of(cast.ana)
        assert line.link == f"discussion/risk/fraud/R1/late/#c-{said.id}"

    def test_no_notice_holds_words_that_can_be_deleted(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_comment(cast.mia, ITEM, "secret-word @ana", AT)
        tell_comments(house(cast), LATER)
        assert not Notice.objects.filter(sentence__contains="secret-word").exists()

    def test_what_was_deleted_before_the_tick_is_not_told(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.mia, ITEM, "@ana", AT)
        remove_comment(cast.mia, said.id, AT)
        assert tell_comments(house(cast), LATER) == 0

    def test_a_thing_that_is_gone_is_not_told_of(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_comment(cast.mia, ITEM, "@ana", AT)
        remove_item(cast.mia, ("scores", "label"), AT)
        assert tell_comments(house(cast), LATER) == 0
        assert tell_comments(house(cast), LATER) == 0

    def test_who_was_told_is_not_told_again_by_an_edit(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.mia, ITEM, "@ana", AT)
        tell_comments(house(cast), LATER)
        edit_comment(cast.mia, said.id, "@ana @vera", LATER)
        assert tell_comments(house(cast), LATER) == 1
        assert told(cast.vera) == ["Label: Mia mentioned you."]

    def test_the_tick_does_it(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_comment(cast.mia, ITEM, "@ana", AT)
        tick(LATER)
        assert "Label: Mia mentioned you." in told(cast.ana)


@pytest.mark.django_db
class TestChanges:
    def test_who_follows_is_told_what_others_changed_and_not_what_they_did(
        self, cast: Cast
    ) -> None:
        a_program_to_discuss(cast)
        set_watch(cast.vera, ITEM, True, AT)
        tell_changes(house(cast), AT)
        edit_item(cast.bob, ("scores", "label"), {"estimate": [2, 3, 4]}, LATER)
        assert tell_changes(house(cast), LATER) == 1
        assert told(cast.vera) == ["Bob changed Label."]
        assert told(cast.bob) == []
        edit_item(cast.mia, ("scores", "label"), {"estimate": [3, 4, 5]}, LATER)
        tell_changes(house(cast), LATER)
        assert told(cast.bob) == ["Mia changed Label."]

    def test_the_past_is_not_told_when_the_mark_is_first_set(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        edit_item(cast.mia, ("scores", "label"), {"estimate": [2, 3, 4]}, AT)
        assert tell_changes(house(cast), LATER) == 0
        assert tell_changes(house(cast), LATER) == 0

    def test_many_changes_of_one_person_are_one_notice(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        for key in "abcde":
            add_item(cast.mia, "scores", key, {"name": f"Item {key}", "estimate": [1]}, AT)
            set_watch(cast.vera, f"item:scores/{key}", True, AT)
        tell_changes(house(cast), AT)
        for key in "abcde":
            for days in (2, 3):
                edit_item(cast.bob, ("scores", key), {"estimate": [days]}, LATER)
        assert tell_changes(house(cast), LATER) == 1
        assert told(cast.vera) == ["Bob changed Item a; Item b; Item c and 2 more."]

    def test_who_stopped_is_not_told_even_as_owner(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        set_watch(cast.bob, ITEM, False, AT)
        tell_changes(house(cast), AT)
        edit_item(cast.mia, ("scores", "label"), {"estimate": [2, 3, 4]}, LATER)
        assert tell_changes(house(cast), LATER) == 0

    def test_nobody_hears_of_another_workspaces_thing_of_the_same_name(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        a_program_to_discuss(cast, cast.charlie)
        set_watch(cast.vera, "risk:fraud/R1/late", True, AT)
        for workspace in (cast.acme, cast.other):
            tell_changes(headway_actor(workspace.id), AT)
        set_risk(cast.charlie, "fraud", "R1/late", {"probability": 0.9}, LATER)
        assert tell_changes(house(cast), LATER) == 0
        tell_changes(headway_actor(cast.other.id), LATER)
        assert told(cast.vera) == []

    def test_a_quiet_tick_asks_little(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        tell_changes(house(cast), AT)
        with CaptureQueriesContext(connection) as asked:
            tell_changes(house(cast), LATER)
        assert len(asked) <= 22
