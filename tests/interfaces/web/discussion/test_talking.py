"""The panel of talk on a thing's page: with htmx, without JavaScript, as of then."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.discussion.world import THINGS, a_program_to_discuss
from tests.doors import browser_of

from headway.domain.discussion.actions import add_comment, add_link, edit_comment, remove_comment
from headway.domain.discussion.models import Comment, Link, Watch
from headway.domain.discussion.rules import LinkTo

HERE = "/w/acme/"
ITEM = "item/scores/label/"
HTMX = {"HX-Request": "true"}


def panel(client: Client, thing: str = ITEM, **query: str) -> str:
    return client.get(f"{HERE}discussion/{thing}", query, headers=HTMX).content.decode()


@pytest.mark.django_db
class TestThePanel:
    @pytest.mark.parametrize(
        ("page", "thing"),
        [
            ("programs/fraud/", "program/fraud/"),
            ("projects/scores/", "project/scores/"),
            ("projects/scores/items/label/", ITEM),
            ("programs/fraud/decisions/vendor/", "decision/fraud/vendor/"),
            ("programs/fraud/reports/1/", "report/fraud/1/"),
            ("evidence/1/", "record/1/"),
        ],
    )
    def test_every_things_page_loads_its_own_panel(self, cast: Cast, page: str, thing: str) -> None:
        a_program_to_discuss(cast)
        shown = browser_of(cast.vera).get(HERE + page).content.decode()
        assert f'hx-get="{HERE}discussion/{thing}"' in shown
        assert f'href="{HERE}discussion/{thing}"' in shown

    def test_a_thing_is_opened_on_its_page_or_where_it_is_discussed(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        vera = browser_of(cast.vera)
        shown = vera.get(f"{HERE}programs/fraud/").content.decode()
        assert f'<a href="{HERE}programs/fraud/risks/R1/late/">' in shown
        shown = vera.get(f"{HERE}projects/scores/").content.decode()
        assert f'<a href="{HERE}discussion/criterion/scores/recall/">' in shown

    @pytest.mark.parametrize("about", THINGS)
    def test_without_javascript_it_is_a_page_that_leads_back(self, cast: Cast, about: str) -> None:
        a_program_to_discuss(cast)
        kind, _, key = about.partition(":")
        response = browser_of(cast.vera).get(f"{HERE}discussion/{kind}/{key}/")
        assert response.status_code == 200
        assert "<h1>" in response.content.decode()

    @pytest.mark.parametrize("thing", ["user/alice/", "item/scores/none/", "report/fraud/x/"])
    def test_what_is_not_there_is_not_found(self, cast: Cast, thing: str) -> None:
        a_program_to_discuss(cast)
        assert browser_of(cast.vera).get(f"{HERE}discussion/{thing}").status_code == 404

    def test_the_panel_asks_the_database_as_often_for_many_comments_as_for_one(
        self, cast: Cast
    ) -> None:
        a_program_to_discuss(cast)
        vera = browser_of(cast.vera)
        add_comment(cast.bob, "item:scores/label", "One, @ana.", AT)
        panel(vera)
        with CaptureQueriesContext(connection) as one:
            panel(vera)
        for number in range(40):
            add_comment(cast.bob, "item:scores/label", f"{number}, @ana.", AT)
        with CaptureQueriesContext(connection) as many:
            panel(vera)
        assert len(many) <= len(one) <= 22

    def test_earlier_comments_are_a_page_away(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        for number in range(25):
            moment = AT + timedelta(minutes=number)
            add_comment(cast.bob, "item:scores/label", f"Comment-{number}.", moment)
        vera = browser_of(cast.vera)
        first = panel(vera)
        assert "Comment-24." in first
        assert "Comment-4." not in first
        [before] = re.findall(r"before=([0-9a-f-]+)", first)[:1]
        second = panel(vera, before=before)
        assert "Comment-4." in second
        assert "Comment-5." not in second
        for bad in ("x", "0" * 36):
            assert vera.get(f"{HERE}discussion/{ITEM}", {"before": bad}).status_code in (400, 404)


@pytest.mark.django_db
class TestTalking:
    def test_a_comment_is_said_called_and_followed_from_the_panel(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        vera = browser_of(cast.vera)
        sent = {"text": "Seen, @bob and @zoe.\r\nhttps://example.org/a"}
        response = vera.post(f"{HERE}comment/{ITEM}", sent, headers=HTMX)
        shown = response.content.decode()
        assert response.status_code == 200
        assert "Said; Bob B will be told. Cannot sign in here and is not told: Zoe Z." in shown
        assert '<b title="Bob B">@bob</b>' in shown
        assert '<a href="https://example.org/a" rel="noopener noreferrer nofollow ugc">' in shown
        assert "Stop following" in shown

    def test_without_javascript_the_reader_comes_back_to_where_they_were(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        sent = {"text": "Seen.", "next": f"{HERE}projects/scores/items/label/"}
        response = browser_of(cast.vera).post(f"{HERE}comment/{ITEM}", sent)
        assert (response.status_code, response["Location"]) == (302, sent["next"])

    @pytest.mark.parametrize(("text", "said"), [("", "empty"), ("x" * 5_001, "5001"), ("a\0b", "")])
    def test_what_cannot_be_said_is_told_beside_it_and_kept(
        self, cast: Cast, text: str, said: str
    ) -> None:
        a_program_to_discuss(cast)
        response = browser_of(cast.vera).post(f"{HERE}comment/{ITEM}", {"text": text}, headers=HTMX)
        shown = response.content.decode()
        assert response.status_code == 422
        assert said in shown
        assert text.replace("\0", "") in shown or "\0" in text
        assert not Comment.objects.exists()

    def test_fields_that_nobody_offered_change_nothing(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        smuggled = {
            "text": "Mine.",
            "author": "Alice",
            "member": str(cast.alice.member_id),
            "at": "2001-01-01",
            "version": "77",
            "deleted_by": "Alice",
            "kind": "program",
            "workspace": str(cast.other.id),
        }
        browser_of(cast.vera).post(f"{HERE}comment/{ITEM}", smuggled)
        row = Comment.objects.get()
        assert (row.author, row.member_id, row.kind) == ("Vera", cast.vera.member_id, "item")
        assert (row.version, row.deleted_by, row.workspace_id) == (1, "", cast.acme.id)

    def test_following_is_a_button_and_stopping_too(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        vera = browser_of(cast.vera)
        shown = vera.post(f"{HERE}follow/{ITEM}", {"on": "yes"}, headers=HTMX).content.decode()
        assert "Followed by Bob, Vera" in shown
        vera.post(f"{HERE}follow/{ITEM}", {"on": "no"})
        assert [row.is_on for row in Watch.objects.all()] == [False]

    def test_an_edit_shows_that_there_was_one_and_how_it_read(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.vera, "item:scores/label", "Tuesday.", AT)
        vera = browser_of(cast.vera)
        page = f"{HERE}comments/{said.id}/"
        assert "Tuesday." in vera.get(f"{page}edit/").content.decode()
        vera.post(f"{page}edit/", {"text": "Wednesday.", "version": "1"})
        assert f'<a href="{page}">edited</a>' in panel(vera)
        shown = browser_of(cast.bob).get(page).content.decode()
        assert shown.index("Wednesday.") < shown.index("Tuesday.")
        stale = vera.post(f"{page}edit/", {"text": "Friday.", "version": "1"})
        assert stale.status_code == 409
        assert "Wednesday." in stale.content.decode()

    def test_a_deletion_is_undone_from_its_toast(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.vera, "item:scores/label", "Gone-for-now.", AT)
        vera = browser_of(cast.vera)
        page = f"{HERE}comments/{said.id}/"
        shown = vera.post(f"{page}remove/", {"version": "1"}, headers=HTMX).content.decode()
        assert "Gone-for-now." not in shown
        assert "Deleted by Vera" in shown
        assert f'action="{page}restore/"' in shown
        vera.post(f"{page}restore/")
        assert "Gone-for-now." in panel(vera)

    def test_a_reader_of_the_past_reads_and_does_not_write(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        said = add_comment(cast.vera, "item:scores/label", "Then.", AT)
        edit_comment(cast.vera, said.id, "Now.", AT + timedelta(days=1))
        shown = panel(browser_of(cast.vera), at=AT.date().isoformat())
        assert "Then." in shown
        assert "<textarea" not in shown
        assert "Delete" not in shown


@pytest.mark.django_db
class TestLinking:
    @pytest.mark.parametrize(
        ("pasted", "to"),
        [
            ("risk:fraud/R1/late", "risk:fraud/R1/late"),
            ("/w/acme/programs/fraud/decisions/vendor/", "decision:fraud/vendor"),
            ("http://testserver/w/acme/programs/fraud/reports/1/?at=2026-11-20", "report:fraud/1"),
            ("/w/acme/discussion/risk/fraud/R1/late/", "risk:fraud/R1/late"),
            ("/w/acme/evidence/1/", "record:1"),
        ],
    )
    def test_the_address_of_a_page_here_links_its_thing(
        self, cast: Cast, pasted: str, to: str
    ) -> None:
        a_program_to_discuss(cast)
        vera = browser_of(cast.vera)
        sent = {"sort": "caused by", "to": pasted}
        response = vera.post(f"{HERE}link/{ITEM}", sent)
        assert response.status_code == 302, response.content.decode()
        row = Link.objects.get()
        assert f"{row.to_kind}:{row.to_key}" == to
        kind, _, key = to.partition(":")
        assert "causes" in panel(vera, f"{kind}/{key}/")

    def test_any_other_https_address_is_linked_with_a_title(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        vera = browser_of(cast.vera)
        sent = {"sort": "evidence", "to": "https://example.org/dpa", "title": "Contract"}
        vera.post(f"{HERE}link/{ITEM}", sent)
        assert '<a href="https://example.org/dpa" rel="noopener' in panel(vera)

    @pytest.mark.parametrize(
        "to",
        [
            "javascript:alert(1)",
            "/w/other/programs/fraud/",
            "/w/acme/settings/members/",
            "risk:fraud/none",
            "http://example.org/",
        ],
    )
    def test_what_cannot_be_linked_is_said_beside_its_field(self, cast: Cast, to: str) -> None:
        a_program_to_discuss(cast)
        sent = {"sort": "relates to", "to": to}
        response = browser_of(cast.vera).post(f"{HERE}link/{ITEM}", sent)
        assert response.status_code == 422
        assert not Link.objects.exists()

    def test_a_link_is_taken_away_and_put_back_from_the_toast(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        line = add_link(cast.vera, "item:scores/label", LinkTo(to="program:fraud"), AT)
        vera = browser_of(cast.vera)
        assert f"links/{line.id}/remove/" in panel(vera)
        assert f"links/{line.id}/remove/" not in panel(browser_of(cast.ana))
        vera.post(f"{HERE}links/{line.id}/remove/", {"version": "1"})
        assert not Link.objects.exists()
        vera.post(f"{HERE}links/{line.id}/restore/1/")
        assert Link.objects.count() == 1


@pytest.mark.django_db
def test_the_words_of_a_deleted_comment_are_on_no_page(cast: Cast) -> None:
    a_program_to_discuss(cast)
    said = add_comment(cast.vera, "item:scores/label", "unsaid-word", AT)
    remove_comment(cast.vera, said.id, AT)
    vera = browser_of(cast.vera)
    for page in (f"discussion/{ITEM}", f"comments/{said.id}/", f"comments/{said.id}/edit/"):
        assert "unsaid-word" not in vera.get(HERE + page).content.decode()
