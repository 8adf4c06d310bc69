"""A frozen report shared by a link: that report alone, until the day, as chosen, and counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import LATER, TRIALS, a_judged_program, push_recall
from tests.domain.sharing.asked import HOUR, secret_in

from headway.domain.accounts.models import AuditEntry, User
from headway.domain.plans.actions import edit_item, make_forecast
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft
from headway.domain.sharing.actions import (
    open_shared,
    open_shared_file,
    revoke_report_link,
    share_report,
)
from headway.domain.sharing.models import LinkOpening, ReportLink
from headway.domain.sharing.queries import report_links
from headway.domain.sharing.rules import (
    LONGEST_SHARE,
    USUAL_SHARE,
    LinkState,
    SpentLink,
    UnknownLink,
    share_until,
)
from headway.errors import Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db

PLACE = ("fraud", 1)
BOARD = {"whom": "the board"}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    a_judged_program(cast)
    push_recall(cast, "scores", 0.95)
    freeze_report(cast.mia, "fraud", PackDraft(), AT, known_at=AT)


def a_share(cast: Cast, **values: object) -> str:
    return secret_in(share_report(cast.mia, PLACE, {**BOARD, **values}, AT).address)


class TestReading:
    def test_it_shows_the_frozen_report_whatever_happened_since(self, cast: Cast) -> None:
        secret = a_share(cast)
        before = open_shared(secret, AT).page
        edit_item(cast.bob, ("scores", "A"), {"estimate": "90 120 200"}, LATER)
        make_forecast(cast.bob, "fraud", LATER, trials=TRIALS)
        freeze_report(cast.mia, "fraud", PackDraft(), LATER)
        after = open_shared(secret, LATER)
        assert (after.number, after.page) == (1, before)

    def test_it_carries_who_shared_it_with_whom_until_when_and_as_of(self, cast: Cast) -> None:
        User.objects.filter(id=cast.mia.user_id).update(name="Mia Lindqvist")
        secret = a_share(cast, formats=["html", "md"])
        mark = "Shared by Mia Lindqvist with the board, until 7 Dec 2026; frozen as of 23 Nov 2026"
        assert open_shared(secret, AT).watermark == mark
        assert mark in open_shared_file(secret, "md", AT).data.decode()

    def test_it_names_nobody_by_an_address(self, cast: Cast) -> None:
        User.objects.filter(id=cast.mia.user_id).update(name="")
        secret = a_share(cast, formats=["html", "md"])
        page = open_shared(secret, AT)
        assert "@" not in page.page + page.watermark
        assert "Shared by a member with" in page.watermark

    def test_a_format_that_was_not_chosen_is_not_given(self, cast: Cast) -> None:
        secret = a_share(cast, formats=["md"])
        assert open_shared(secret, AT).page == ""
        assert open_shared_file(secret, "md", AT).name == "fraud-report-1.md"
        for form in ("pdf", "html", "exe", ""):
            with pytest.raises(SpentLink):
                open_shared_file(secret, form, AT)


class TestEnding:
    def test_it_ends_after_two_weeks_unless_told(self, cast: Cast) -> None:
        secret = a_share(cast)
        assert open_shared(secret, AT + USUAL_SHARE - timedelta(seconds=1))
        with pytest.raises(SpentLink):
            open_shared(secret, AT + USUAL_SHARE)

    def test_taken_back_it_and_its_files_are_dead_with_the_same_commit(self, cast: Cast) -> None:
        secret = a_share(cast)
        link = ReportLink.objects.get()
        revoke_report_link(cast.mia, PLACE, link.id, AT + HOUR)
        with pytest.raises(SpentLink):
            open_shared(secret, AT + HOUR)
        with pytest.raises(SpentLink):
            open_shared_file(secret, "pdf", AT + HOUR)
        with pytest.raises(NotFound):
            revoke_report_link(cast.mia, PLACE, link.id, AT + HOUR)

    def test_unknown_and_spent_say_the_same(self, cast: Cast) -> None:
        secret = a_share(cast)
        with pytest.raises(UnknownLink) as unknown:
            open_shared("sh_nonsense", AT)
        with pytest.raises(SpentLink) as spent:
            open_shared(secret, AT + LONGEST_SHARE)
        assert str(unknown.value) == str(spent.value)

    @given(days=st.integers(-400, 400))
    def test_no_link_lasts_longer_than_ninety_days(self, days: int) -> None:
        wanted = AT.date() + timedelta(days=days)
        if 0 <= days <= LONGEST_SHARE.days:
            assert AT < share_until(AT, wanted) <= AT + LONGEST_SHARE
        else:
            with pytest.raises(Invalid):
                share_until(AT, wanted)

    def test_only_a_hash_of_the_secret_is_kept(self, cast: Cast) -> None:
        secret = a_share(cast)
        assert len(secret) >= 3 + 43  # 256 random bits
        assert secret not in repr(ReportLink.objects.values().get())
        assert not any(secret in entry.text for entry in AuditEntry.objects.all())


class TestCounting:
    def test_each_opening_is_kept_with_its_time_and_format_and_nothing_else(
        self, cast: Cast
    ) -> None:
        secret = a_share(cast, formats=["html", "md"])
        open_shared(secret, AT + HOUR)
        open_shared_file(secret, "md", AT + 2 * HOUR)
        (line,) = report_links(cast.vera, program_named(cast.vera, "fraud"), AT + 3 * HOUR)
        assert [(one.at, one.form) for one in line.openings] == [
            (AT + 2 * HOUR, "md"),
            (AT + HOUR, "html"),
        ]
        names = {field.name for field in LinkOpening._meta.get_fields()}
        assert names == {"id", "workspace", "link", "at", "form"}

    def test_a_page_that_is_loaded_again_within_a_minute_is_one_opening(self, cast: Cast) -> None:
        secret = a_share(cast)
        for seconds in (0, 10, 59, 61, 90):
            open_shared(secret, AT + timedelta(seconds=seconds))
        assert LinkOpening.objects.count() == 2

    def test_what_is_dead_is_not_counted(self, cast: Cast) -> None:
        secret = a_share(cast, formats=["md"])
        with pytest.raises(SpentLink):
            open_shared(secret, AT + LONGEST_SHARE)
        with pytest.raises(SpentLink):
            open_shared_file(secret, "pdf", AT)
        assert not LinkOpening.objects.exists()

    def test_the_list_is_as_it_was_on_the_day_one_looks_from(self, cast: Cast) -> None:
        a_share(cast)
        program = program_named(cast.vera, "fraud")
        assert report_links(cast.vera, program, AT - HOUR) == []
        assert report_links(cast.vera, program, AT)[0].state == LinkState.OPEN


class TestSharing:
    @pytest.mark.parametrize("who", ["bob", "ana", "vera", "vic"])
    def test_only_who_freezes_reports_gives_them_out(self, cast: Cast, who: str) -> None:
        a_share(cast)
        link = ReportLink.objects.get()
        with pytest.raises(Refused):
            share_report(getattr(cast, who), PLACE, BOARD, AT)
        with pytest.raises(Refused):
            revoke_report_link(getattr(cast, who), PLACE, link.id, AT)

    def test_another_workspace_finds_nothing(self, cast: Cast) -> None:
        a_share(cast)
        for act in (
            lambda: share_report(cast.charlie, PLACE, BOARD, AT),
            lambda: revoke_report_link(cast.charlie, PLACE, ReportLink.objects.get().id, AT),
            lambda: report_links(cast.charlie, program_named(cast.mia, "fraud"), AT),
        ):
            with pytest.raises(NotFound):
                act()

    def test_a_link_is_taken_back_at_its_own_report_only(self, cast: Cast) -> None:
        a_share(cast)
        freeze_report(cast.mia, "fraud", PackDraft(), LATER)
        with pytest.raises(NotFound):
            revoke_report_link(cast.mia, ("fraud", 2), ReportLink.objects.get().id, AT)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"whom": " "}, "empty"),
            ({"formats": []}, "No format"),
            ({"formats": ["exe"]}, "no report as"),
            ({"audience": "press"}, "press"),
            ({"until": date(2020, 1, 1)}, "choose a day"),
            ({"until": "soon"}, "not a day"),
        ],
    )
    def test_what_cannot_be_shared_is_refused_in_words(
        self, cast: Cast, values: dict[str, object], said: str
    ) -> None:
        with pytest.raises(Invalid, match=said):
            share_report(cast.mia, PLACE, {**BOARD, **values}, AT)
        assert not ReportLink.objects.exists()

    def test_giving_and_taking_back_stand_in_the_audit_trail(self, cast: Cast) -> None:
        a_share(cast)
        revoke_report_link(cast.mia, PLACE, ReportLink.objects.get().id, AT)
        actions = AuditEntry.objects.values_list("action", flat=True)
        assert {"share_report", "revoke_report_link"} <= set(actions)
