"""The pages of the four registers: write down, confirm, close, undo, and what the brief says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.accounts.models import Workspace
from headway.domain.plans.actions import set_blocked_items, set_promise_items
from headway.domain.plans.queries import (
    blocker_standing,
    latest_forecast,
    promise_standing,
)
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_action, set_assumption, set_blocker
from headway.domain.risks.models import Action, Assumption, Blocker
from headway.domain.stakeholders.actions import confirm_promise, set_promise
from headway.domain.stakeholders.models import Promise

ALL = f"{PAGES.program}raid/"
HOSTILE = "<script>alert(1)</script>&\"'{{ x }}"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
TODAY = AT.date()


@pytest.fixture
def bob(cast: Cast) -> Client:
    a_running_program(cast)
    # A pinned workspace has its own now: ages are the same whenever the test runs.
    Workspace.objects.filter(id=cast.acme.id).update(pinned_at=AT + timedelta(hours=1))
    return browser_of(cast.bob)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def filled(cast: Cast, word: str = "Old") -> None:
    """Write one of each down, all of them asking for somebody."""
    set_blocker(cast.bob, "control", "b", {"name": f"{word} blocker", "since": "2026-11-02"}, AT)
    set_blocked_items(cast.bob, "control", "b", ["reading/LABEL"], AT)
    set_action(
        cast.bob, "control", "a", {"name": f"{word} action", "due": "2026-11-20", "owner": "x"}, AT
    )
    values = {"name": f"{word} promise", "giver": f"{word} giver", "promised": "2026-12-01"}
    set_promise(cast.bob, "control", "p", values, AT)
    set_promise_items(cast.bob, "control", "p", ["reading/TRAIN"], AT)
    taken = {"name": f"{word} assumption", "criterion": "reading/recall", "rests_on_it": word}
    set_assumption(cast.bob, "control", "s", taken, AT)


@pytest.mark.django_db
class TestWriting:
    def test_an_action_is_added_done_and_undone(self, cast: Cast, bob: Client) -> None:
        sent = {"name": "Ask vendor B", "owner": "amara", "due": "2026-11-20"}
        assert bob.post(f"{PAGES.program}new-action/", sent).status_code == 302
        assert "overdue by 3 days" in text(bob, ALL)
        one = f"{PAGES.program}actions/ask-vendor-b/"
        assert bob.post(f"{one}close/", {"state": "done", "version": "1"}).status_code == 302
        text(bob, ALL)  # the toast, which names it, is told once
        assert "Ask vendor B" not in text(bob, ALL)
        assert Action.objects.get().state == "done"
        assert bob.post(f"{one}restore/1/").status_code == 302
        assert Action.objects.get().state == "open"

    def test_a_blocker_is_added_with_what_it_holds_up_and_what_a_week_costs(
        self, cast: Cast, bob: Client
    ) -> None:
        sent = {
            "name": "No access",
            "items": "reading/LABEL",
            "since": "2026-11-09",
            "escalation": "noor after 3\nines after 20",
        }
        assert bob.post(f"{PAGES.program}new-blocker/", sent).status_code == 302
        page = text(bob, f"{PAGES.program}blockers/no-access/")
        assert "10 working days" in page
        assert "It is with noor now." in page
        assert "One more week costs" in page
        held = blocker_standing(
            cast.bob, program_named(cast.bob, "control"), "no-access", TODAY
        ).outlook
        assert held is not None
        assert held.first is not None
        assert f"{held.first.days_p80:+d}" in page

    def test_an_item_that_is_not_there_is_said_beside_its_field_and_nothing_is_kept(
        self, cast: Cast, bob: Client
    ) -> None:
        for sort, more in (("blocker", {}), ("promise", {"giver": "x", "direction": "get"})):
            sent = {"name": "No access", "items": "reading/LABL", **more}
            response = bob.post(f"{PAGES.program}new-{sort}/", sent)
            assert response.status_code == 422
            assert "reading" in response.content.decode()
        assert not Blocker.objects.exists()
        assert not Promise.objects.exists()

    def test_a_promise_is_confirmed_from_the_list_and_its_float_is_said(
        self, cast: Cast, bob: Client
    ) -> None:
        sent = {
            "name": "Labels",
            "direction": "get",
            "giver": "Vendor B",
            "items": "reading/TRAIN",
            "promised": "2026-12-01",
        }
        assert bob.post(f"{PAGES.program}new-promise/", sent).status_code == 302
        assert "not confirmed" in text(bob, ALL)
        one = f"{PAGES.program}promises/labels/"
        assert bob.post(f"{one}confirm/", {"next": ALL, "version": "1"}).url == ALL
        page = text(bob, ALL)
        assert "not confirmed" not in page
        standing = promise_standing(cast.bob, program_named(cast.bob, "control"), "labels", TODAY)
        assert f"{standing.float_days} day" in page

    def test_a_late_promise_can_be_taken_into_the_plan_and_the_forecast_moves(
        self, cast: Cast, bob: Client
    ) -> None:
        values = {"name": "Labels", "giver": "Vendor B", "promised": "2027-06-01"}
        set_promise(cast.bob, "control", "labels", values, AT)
        set_promise_items(cast.bob, "control", "labels", ["reading/TRAIN"], AT)
        one = f"{PAGES.program}promises/labels/"
        page = text(bob, one)
        assert "later than the plan needs it" in page
        assert "Let the plan wait for it" in page
        program = program_named(cast.bob, "control")
        before = latest_forecast(cast.bob, program)
        assert bob.post(f"{one}plan/").status_code == 302
        after = latest_forecast(cast.bob, program)
        assert before is not None
        assert after is not None
        assert (after.finish("p80") or TODAY) > (before.finish("p80") or TODAY)
        assert bob.post(f"{one}plan/").status_code == 409

    def test_an_assumption_shows_what_evidence_says_of_its_own_bound(
        self, cast: Cast, bob: Client
    ) -> None:
        filled(cast)
        one = f"{PAGES.program}assumptions/s/"
        assert "against at least 0.97" in text(bob, one)
        sent = {"name": "Lower", "criterion": "reading/recall", "bound": "0.5", "version": "1"}
        assert bob.post(f"{one}edit/", sent).status_code == 302
        page = text(bob, one)
        assert "against at least 0.5" in page
        assert "Met" in page
        assert bob.post(f"{one}close/", {"state": "failed", "note": "No."}).status_code == 302
        assert Assumption.objects.get().state == "failed"
        assert bob.post(f"{one}reopen/").status_code == 302

    def test_a_form_holds_what_there_is_and_a_stale_save_shows_both_values(
        self, cast: Cast, bob: Client
    ) -> None:
        filled(cast)
        form = text(bob, f"{PAGES.program}blockers/b/edit/")
        assert 'value="reading/LABEL"' in form
        assert 'value="2026-11-02"' in form
        assert 'value="reading/recall"' in text(bob, f"{PAGES.program}assumptions/s/edit/")
        set_action(cast.mia, "control", "a", {"owner": "noor"}, AT)
        sent = {"name": "Old action", "owner": "yuki", "version": "1"}
        stale = bob.post(f"{PAGES.program}actions/a/edit/", sent)
        assert stale.status_code == 409
        assert "It is “noor” now; you wrote “yuki”" in stale.content.decode()

    def test_only_who_speaks_for_the_program_promises_in_its_name(
        self, cast: Cast, bob: Client
    ) -> None:
        sent = {"name": "Scores", "direction": "give", "taker": "Planning", "promised": ""}
        assert bob.post(f"{PAGES.program}new-promise/", sent).status_code == 403
        assert browser_of(cast.mia).post(f"{PAGES.program}new-promise/", sent).status_code == 302


@pytest.mark.django_db
class TestLooking:
    def test_the_page_can_be_asked_for_one_owners_and_for_closed_ones(
        self, cast: Cast, bob: Client
    ) -> None:
        set_action(cast.bob, "control", "one", {"name": "Alpha", "owner": "amara"}, AT)
        set_action(cast.bob, "control", "two", {"name": "Beta", "owner": "noor"}, AT)
        page = text(bob, f"{ALL}?owner=amara")
        assert "Alpha" in page
        assert "Beta" not in page
        assert '<option value="amara" selected>' in page
        bob.post(f"{PAGES.program}actions/two/close/", {"state": "dropped"})
        text(bob, ALL)  # the toast, which names it, is told once
        assert "Beta" not in text(bob, ALL)
        assert "dropped" in text(bob, f"{ALL}?state=all")

    def test_nothing_written_down_is_calm_and_teaches(self, bob: Client) -> None:
        page = text(bob, ALL)
        assert "Nothing blocks, nothing is overdue, every promise is confirmed." in page
        assert "its float comes from the plan" in page

    def test_whoever_only_looks_is_offered_no_button(self, cast: Cast, bob: Client) -> None:
        filled(cast)
        page = text(browser_of(cast.vera), ALL)
        assert "Old blocker" in page
        assert "Resolve<" not in page
        assert "Add a blocker" not in page

    def test_the_past_is_shown_as_it_was_and_cannot_be_changed(
        self, cast: Cast, bob: Client
    ) -> None:
        filled(cast)
        then = (AT - timedelta(days=7)).date().isoformat()
        page = text(bob, f"{ALL}?at={then}")
        assert "Old blocker" not in page
        assert bob.get(f"{PAGES.program}blockers/b/?at={then}").status_code == 404

    def test_hostile_words_stay_words(self, cast: Cast, bob: Client) -> None:
        filled(cast, HOSTILE)
        for address in (
            "/w/acme/",
            ALL,
            *(f"{PAGES.program}{sort}/" for sort in ("blockers/b", "actions/a", "promises/p")),
            f"{PAGES.program}assumptions/s/",
            f"{PAGES.program}blockers/b/edit/",
            "/w/acme/palette/?q=alert",
        ):
            page = text(bob, address)
            assert "<script>alert" not in page, address
            assert ESCAPED in page, address


@pytest.mark.django_db
class TestTheBrief:
    def test_each_line_of_the_week_stands_on_home_and_opens(self, cast: Cast, bob: Client) -> None:
        filled(cast)
        page = text(bob, "/w/acme/")
        order = ["Blockers", "Overdue actions", "Promises to look at", "What needs you"]
        places = [page.index(f"{title}</h2>") for title in order]
        assert places == sorted(places)
        for address in ("blockers/b/", "actions/a/", "promises/p/", "raid/"):
            assert f'href="{PAGES.program}{address}"' in page, address
        assert "15 days" in page
        assert "3 days" in page

    def test_what_does_not_fit_is_counted(self, cast: Cast, bob: Client) -> None:
        for number in range(11):
            values = {"name": f"Late {number}", "due": "2026-11-01"}
            set_action(cast.bob, "control", f"a{number}", values, AT)
        page = text(bob, "/w/acme/")
        assert "And 3 more, on the pages of their programs." in page

    def test_a_confirmed_promise_in_time_leaves_the_reader_alone(
        self, cast: Cast, bob: Client
    ) -> None:
        values = {"name": "Calm", "giver": "x", "promised": "2026-12-01"}
        set_promise(cast.bob, "control", "p", values, AT)
        assert "Promises to look at" in text(bob, "/w/acme/")
        confirm_promise(cast.bob, ("control", "p"), AT)
        assert "Promises to look at" not in text(bob, "/w/acme/")

    def test_the_palette_finds_an_entry_by_its_words(self, cast: Cast, bob: Client) -> None:
        filled(cast)
        assert f"{PAGES.program}blockers/b/" in text(bob, "/w/acme/palette/?q=old block")
        assert f"{ALL}#promises" in text(bob, "/w/acme/palette/?q=promises of")
        assert "Old blocker" not in text(bob, "/w/acme/palette/?q=")
