"""Standing orders: composed in time, sent on a word or by the order, blocked where it must be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import a_judged_program
from tests.peers.postbox import Postbox

from headway.domain.accounts.models import AuditEntry, Member
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.notices.models import Notice
from headway.domain.plans.actions import edit_item
from headway.domain.programs.queries import program_named
from headway.domain.reports.models import Report
from headway.domain.sharing.actions import (
    end_order,
    open_shared,
    order_pack,
    run_orders,
    send_dispatch,
    send_packs,
)
from headway.domain.sharing.models import Dispatch, PackMail, ReportLink, StandingOrder
from headway.domain.sharing.queries import dispatches_of, draft_page, orders_of
from headway.domain.sharing.rules import next_due, read_order
from headway.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
#: Monday the 30th, 08:00 UTC: the first time that the order below is due.
DUE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
LAST = date(2026, 12, 20)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = {
    "name": "Monday pack",
    "audiences": ["executive", "finance"],
    "formats": ["md"],
    "recipients": "Ines Okafor <ines@example.com>\nboard@example.com",
    "rhythm": "weekly",
    "on_day": 0,
    "hour": "08:00",
}


@pytest.fixture
def worker(cast: Cast) -> Actor:
    a_judged_program(cast)
    return headway_actor(cast.acme.id)


def ordered(cast: Cast, **values: object) -> StandingOrder:
    return order_pack(cast.mia, "fraud", {**ORDER, **values}, AT)


class TestDrafting:
    def test_a_draft_is_composed_a_day_before_it_is_due_once_and_told(
        self, cast: Cast, worker: Actor
    ) -> None:
        assert ordered(cast).next_at == DUE
        assert run_orders(worker, DUE - DAY - HOUR) == 0
        assert run_orders(worker, DUE - DAY) == 1
        assert run_orders(worker, DUE - DAY + HOUR) == 0
        (line,) = dispatches_of(cast.vera, program_named(cast.vera, "fraud"), DUE)
        assert (line.due_at, line.problem, line.sent_at) == (DUE, "", None)
        told = Notice.objects.get(kind="report")
        assert told.member_id == cast.mia.member_id
        assert "Monday pack" in told.sentence
        assert not Report.objects.exists()
        assert StandingOrder.objects.get().next_at == DUE + 7 * DAY

    def test_it_is_frozen_as_it_was_composed_and_mailed_on_a_word(
        self, cast: Cast, worker: Actor, mailbox: Postbox
    ) -> None:
        ordered(cast)
        run_orders(worker, DUE - DAY)
        dispatch = Dispatch.objects.get()
        edit_item(cast.bob, ("scores", "A"), {"estimate": "90 120 200"}, DUE - HOUR)
        number = send_dispatch(cast.mia, "fraud", dispatch.id, DUE)
        report = Report.objects.get(number=number)
        assert (report.data_date, report.made_at) == (DUE - DAY, DUE)
        assert report.snapshot == dispatch.snapshot
        assert send_packs(worker, DUE) == 2
        assert send_packs(worker, DUE + HOUR) == 0
        assert sorted(to for (to,), _ in mailbox.arrived) == [
            "board@example.com",
            "ines@example.com",
        ]
        message = mailbox.arrived[0][1]
        names = [part.get_filename() for part in message.iter_attachments()]
        assert names == ["fraud-report-1.md", "fraud-report-1-finance.md"]
        assert message.get_body(("html",)) is not None
        (line,) = dispatches_of(cast.mia, program_named(cast.mia, "fraud"), DUE)
        assert [(mail.name, mail.mailed_at) for mail in line.mails] == [
            ("Ines Okafor", DUE),
            ("board@example.com", DUE),
        ]

    def test_it_is_sent_once(self, cast: Cast, worker: Actor) -> None:
        ordered(cast)
        run_orders(worker, DUE - DAY)
        dispatch = Dispatch.objects.get()
        send_dispatch(cast.mia, "fraud", dispatch.id, DUE)
        with pytest.raises(Conflict, match="already"):
            send_dispatch(cast.alice, "fraud", dispatch.id, DUE)
        assert PackMail.objects.count() == 2

    def test_a_draft_that_was_not_sent_by_its_time_is_told_once(
        self, cast: Cast, worker: Actor
    ) -> None:
        ordered(cast)
        run_orders(worker, DUE - DAY)
        for moment in (DUE - HOUR, DUE, DUE + HOUR, DUE + DAY):
            run_orders(worker, moment)
        late = Notice.objects.filter(about__startswith="late ")
        assert [one.sentence for one in late] == [
            "Fraud: the pack “Monday pack” was due and is not sent."
        ]

    def test_the_page_of_a_draft_shows_what_would_be_told(self, cast: Cast, worker: Actor) -> None:
        ordered(cast)
        run_orders(worker, DUE - DAY)
        program = program_named(cast.vera, "fraud")
        page = draft_page(cast.vera, program, Dispatch.objects.get().id, DUE)
        assert "Fraud" in page.page
        assert page.recipients == ["Ines Okafor", "somebody outside"]
        assert page.line.is_late


class TestSendingByTheOrder:
    def test_it_goes_out_when_it_is_due_in_the_name_of_who_ordered_it(
        self, cast: Cast, worker: Actor, mailbox: Postbox
    ) -> None:
        ordered(cast, sends=True)
        assert run_orders(worker, DUE - HOUR) == 0
        assert run_orders(worker, DUE) == 1
        assert send_packs(worker, DUE) == 2
        assert Report.objects.get().author == "mia@example.com by standing order"
        assert AuditEntry.objects.get(action="send_pack").actor.endswith("by standing order")

    def test_a_judgement_greener_than_the_evidence_keeps_it_and_is_told(
        self, cast: Cast, worker: Actor, mailbox: Postbox
    ) -> None:
        judge_health(cast.mia, JudgementDraft("fraud", "quality", "Fine.", "", "good", LAST), AT)
        ordered(cast, sends=True)
        run_orders(worker, DUE)
        dispatch = Dispatch.objects.get()
        assert "write the reason" in dispatch.problem
        assert not Report.objects.exists()
        assert send_packs(worker, DUE) == 0
        assert "does not go out" in Notice.objects.get(about__startswith="blocked ").sentence
        with pytest.raises(Invalid, match="reason"):
            send_dispatch(cast.mia, "fraud", dispatch.id, DUE)
        send_dispatch(cast.mia, "fraud", dispatch.id, DUE, reason="The board knows.")
        assert Report.objects.get().reason == "The board knows."

    def test_it_ends_with_the_right_of_whoever_ordered_it(
        self, cast: Cast, worker: Actor, mailbox: Postbox
    ) -> None:
        ordered(cast, sends=True)
        Member.objects.filter(id=cast.mia.member_id).update(role="viewer")
        run_orders(worker, DUE)
        assert "may not freeze reports" in Dispatch.objects.get().problem
        assert not Report.objects.exists()

    def test_after_a_long_silence_one_pack_goes_out_and_not_many(
        self, cast: Cast, worker: Actor
    ) -> None:
        ordered(cast, sends=True)
        later = DUE + 30 * DAY
        assert run_orders(worker, later) == 1
        assert run_orders(worker, later) == 0
        assert Report.objects.count() == 1
        assert StandingOrder.objects.get().next_at > later

    def test_by_link_each_recipient_gets_one_of_their_own(
        self, cast: Cast, worker: Actor, mailbox: Postbox
    ) -> None:
        ordered(cast, sends=True, by_link=True)
        run_orders(worker, DUE)
        mailbox.is_closed = True
        assert send_packs(worker, DUE) == 0
        mailbox.is_closed = False
        assert send_packs(worker, DUE + HOUR) == 2
        assert ReportLink.objects.count() == 2
        addresses = [
            word
            for number in range(2)
            for word in mailbox.text(number).split()
            if "/shared/" in word
        ]
        assert len(set(addresses)) == 2
        for address in addresses:
            secret = address.rstrip("/").rpartition("/")[2]
            assert open_shared(secret, DUE + 2 * HOUR).number == 1
            assert secret not in repr(list(ReportLink.objects.values()))
        assert [*mailbox.arrived[0][1].iter_attachments()] == []

    def test_ended_or_past_its_last_day_nothing_goes_out(self, cast: Cast, worker: Actor) -> None:
        first = ordered(cast, sends=True)
        ordered(cast, sends=True, until=date(2026, 11, 29))
        end_order(cast.mia, "fraud", first.id, AT)
        assert run_orders(worker, DUE) == 0
        assert not Dispatch.objects.exists()
        assert all(row.ended_at for row in StandingOrder.objects.all())


class TestOrdering:
    @pytest.mark.parametrize("who", ["bob", "ana", "vera", "vic"])
    def test_only_who_freezes_reports_orders_ends_and_sends(
        self, cast: Cast, worker: Actor, who: str
    ) -> None:
        row, actor = ordered(cast), getattr(cast, who)
        run_orders(worker, DUE - DAY)
        for act in (
            lambda: order_pack(actor, "fraud", ORDER, AT),
            lambda: end_order(actor, "fraud", row.id, AT),
            lambda: send_dispatch(actor, "fraud", Dispatch.objects.get().id, DUE),
            lambda: run_orders(cast.vera, DUE),
            lambda: send_packs(cast.vera, DUE),
        ):
            with pytest.raises(Refused):
                act()

    def test_another_workspace_finds_nothing(self, cast: Cast, worker: Actor) -> None:
        row = ordered(cast)
        run_orders(worker, DUE - DAY)
        program = program_named(cast.mia, "fraud")
        for act in (
            lambda: order_pack(cast.charlie, "fraud", ORDER, AT),
            lambda: end_order(cast.charlie, "fraud", row.id, AT),
            lambda: send_dispatch(cast.charlie, "fraud", Dispatch.objects.get().id, DUE),
            lambda: orders_of(cast.charlie, program),
            lambda: dispatches_of(cast.charlie, program, DUE),
            lambda: draft_page(cast.charlie, program, Dispatch.objects.get().id, DUE),
        ):
            with pytest.raises(NotFound):
                act()

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"name": ""}, "empty"),
            ({"audiences": []}, "No audience"),
            ({"audiences": ["vendor"]}, "no audience here"),
            ({"formats": ["exe"]}, "no format here"),
            ({"recipients": ""}, "0 recipients"),
            ({"recipients": "Ines"}, "no e-mail address"),
            ({"recipients": "\n".join(f"p{n}@example.com" for n in range(51))}, "51 recipients"),
            ({"on_day": 7}, "0 .Monday. to 6"),
            ({"rhythm": "monthly", "on_day": 0}, "from 1 to 28"),
            ({"rhythm": "daily"}, "none of"),
            ({"hour": ""}, "an hour"),
            ({"hour": "noon"}, "not a time"),
            ({"time_zone": "Mars/Base"}, "not known"),
        ],
    )
    def test_what_cannot_be_ordered_is_refused_in_words(
        self, values: dict[str, object], said: str
    ) -> None:
        with pytest.raises(Invalid, match=said):
            read_order({**ORDER, **values})

    def test_a_line_break_in_a_name_forges_no_recipient(self) -> None:
        draft = read_order({**ORDER, "recipients": [{"name": "A\nBcc: x", "email": "a@b.example"}]})
        assert draft.recipients[0].name == "A Bcc: x"

    @given(
        after=st.datetimes(BEGIN.replace(tzinfo=None), BEGIN.replace(tzinfo=None, year=2030)),
        monthly=st.booleans(),
        on_day=st.integers(1, 28),
        hour=st.times(),
        zone=st.sampled_from(["", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
    )
    def test_what_is_due_next_lies_ahead_and_within_its_rhythm(
        self, after: datetime, monthly: bool, on_day: int, hour: time, zone: str
    ) -> None:
        moment, at = after.replace(tzinfo=UTC), hour.replace(microsecond=0, fold=0)
        rhythm, day = ("monthly", on_day) if monthly else ("weekly", on_day % 7)
        due = next_due(rhythm, day, at, zone, moment)
        assert moment < due <= moment + (timedelta(days=33) if monthly else timedelta(days=8))
