"""A one-time link lets one named person answer one question, once, and do nothing else."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT, Cast
from tests.domain.sharing.asked import ASKED, HOUR, PLACE, a_question, secret_in

from headway.domain.accounts.models import AuditEntry, Member
from headway.domain.accounts.queries import headway_actor, link_actor
from headway.domain.accounts.rules import Actor, Permission, may
from headway.domain.evidence.actions import record_evidence
from headway.domain.notices.models import Notice
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import edit_item, set_decision, take_decision
from headway.domain.plans.models import Decision, Forecast, WorkItem
from headway.domain.plans.queries import decision_named, decisions_of
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft
from headway.domain.sharing.actions import answer_decision, ask_by_link, revoke_decision_link
from headway.domain.sharing.models import DecisionLink
from headway.domain.sharing.queries import answer_page, decision_links
from headway.domain.sharing.rules import (
    LONGEST_ANSWER,
    LinkState,
    SpentLink,
    UnknownLink,
    answer_until,
)
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused

INES = {"name": "Ines Okafor"}


def a_link(cast: Cast, at: datetime = AT, **values: object) -> str:
    """Return the secret of a link that Mia made for Ines."""
    return secret_in(ask_by_link(cast.mia, PLACE, {**INES, **values}, at).address)


def decision_of(cast: Cast) -> Decision:
    return Decision.objects.get(workspace=cast.acme, key="vendor-b")


@pytest.mark.django_db
class TestAnswering:
    def test_the_answer_is_recorded_under_the_name_and_as_by_link(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        before = answer_page(secret, AT + HOUR)
        taken = answer_decision(
            secret, "vendor", AT + HOUR, version=before.decision.version, reason="Labels are late."
        )
        assert (taken.state, taken.chosen, taken.reason) == ("taken", "vendor", "Labels are late.")
        assert taken.taken_by == "Ines Okafor by one-time link"
        entry = AuditEntry.objects.get(action="take_decision")
        assert entry.actor == "Ines Okafor by one-time link"
        told = AuditEntry.objects.get(action="answer_by_link")
        assert str(DecisionLink.objects.get().id) in told.text

    def test_it_moves_the_plan_and_the_forecast_through_the_path_of_every_decision(
        self, cast: Cast
    ) -> None:
        a_question(cast)
        assert not Forecast.objects.exists()
        answer_decision(a_link(cast), "vendor", AT + HOUR, version=decision_of(cast).version)
        item = WorkItem.objects.get(project__workspace=cast.acme, key="label")
        assert item.remaining == [10, 15, 20]
        assert Forecast.objects.get().at == AT + HOUR
        row = WorkItem.history.filter(key="label").latest("history_id")
        assert (row.history_date, row.history_user) == (AT + HOUR, None)
        assert decision_of(cast).seen["options"]

    def test_whoever_asked_is_told_the_answer(self, cast: Cast) -> None:
        a_question(cast)
        answer_decision(a_link(cast), "wait", AT + HOUR, version=decision_of(cast).version)
        (told,) = Notice.objects.filter(about__startswith="answer ")
        assert told.member_id == cast.mia.member_id
        assert told.sentence == "Fraud: Ines Okafor answered “Vendor B for the labels?”: Wait."
        assert told.link == "programs/fraud/decisions/vendor-b/"

    def test_it_works_once(self, cast: Cast) -> None:
        a_question(cast)
        secret, version = a_link(cast), decision_of(cast).version
        answer_decision(secret, "wait", AT + HOUR, version=version)
        with pytest.raises(SpentLink):
            answer_decision(secret, "vendor", AT + HOUR, version=decision_of(cast).version)
        with pytest.raises(SpentLink):
            answer_page(secret, AT + HOUR)
        assert decision_of(cast).chosen == "wait"

    def test_used_it_stays_dead_when_the_question_is_opened_again(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        answer_decision(secret, "wait", AT + HOUR, version=decision_of(cast).version)
        from headway.domain.plans.actions import reopen_decision

        reopen_decision(cast.mia, *PLACE, AT + 2 * HOUR)
        with pytest.raises(SpentLink):
            answer_page(secret, AT + 2 * HOUR)

    def test_what_was_decided_by_somebody_else_is_asked_no_longer(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        take_decision(cast.mia, PLACE, "wait", AT + HOUR)
        with pytest.raises(SpentLink):
            answer_page(secret, AT + HOUR)
        with pytest.raises(SpentLink):
            answer_decision(secret, "vendor", AT + HOUR, version=1)

    def test_a_wrong_option_and_no_version_record_nothing_and_spend_nothing(
        self, cast: Cast
    ) -> None:
        a_question(cast)
        secret, version = a_link(cast), decision_of(cast).version
        with pytest.raises(Invalid, match="no option"):
            answer_decision(secret, "nonsense", AT, version=version)
        with pytest.raises(Invalid, match="version"):
            answer_decision(secret, "wait", AT, version=None)
        assert DecisionLink.objects.get().used_at is None
        assert answer_decision(secret, "wait", AT, version=version).chosen == "wait"

    def test_an_option_that_breaks_today_s_plan_leaves_everything_as_it_was(
        self, cast: Cast
    ) -> None:
        a_question(cast)
        secret = a_link(cast)
        WorkItem.objects.filter(key="label").delete()
        with pytest.raises(HeadwayError):
            answer_decision(secret, "vendor", AT + HOUR, version=decision_of(cast).version)
        assert decision_of(cast).state == "open"
        assert DecisionLink.objects.get().used_at is None


@pytest.mark.django_db
class TestVersions:
    def test_a_question_that_changed_is_told_and_must_be_seen_before_it_is_answered(
        self, cast: Cast
    ) -> None:
        a_question(cast)
        secret, version = a_link(cast), decision_of(cast).version
        assert not answer_page(secret, AT).has_changed
        more = {**ASKED, "options": [*ASKED["options"], {"key": "both", "name": "Both"}]}
        set_decision(cast.bob, "fraud", "vendor-b", more, AT + HOUR)
        page = answer_page(secret, AT + HOUR)
        assert page.has_changed
        assert [option.key for option in page.decision.options] == ["vendor", "wait", "both"]
        with pytest.raises(Conflict):
            answer_decision(secret, "wait", AT + HOUR, version=version)
        assert decision_of(cast).state == "open"
        taken = answer_decision(secret, "both", AT + HOUR, version=page.decision.version)
        assert taken.chosen == "both"


@pytest.mark.django_db
class TestEnding:
    def test_it_ends_with_its_last_moment(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        ends = DecisionLink.objects.get().expires_at
        assert ends.date() == date(2026, 12, 1)
        assert answer_page(secret, ends - timedelta(microseconds=1))
        with pytest.raises(SpentLink):
            answer_page(secret, ends)

    def test_taken_back_it_is_dead_with_the_same_commit(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        held = decision_named(cast.mia, program_named(cast.mia, "fraud"), "vendor-b")
        link = DecisionLink.objects.get()
        revoke_decision_link(cast.mia, held, link.id, AT + HOUR)
        with pytest.raises(SpentLink):
            answer_page(secret, AT + HOUR)
        with pytest.raises(NotFound):
            revoke_decision_link(cast.mia, held, link.id, AT + HOUR)
        assert AuditEntry.objects.filter(action="revoke_decision_link").count() == 1

    def test_every_dead_link_says_the_same(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        with pytest.raises(UnknownLink) as unknown:
            answer_page("an_nonsense", AT)
        with pytest.raises(SpentLink) as expired:
            answer_page(secret, AT + 2 * LONGEST_ANSWER)
        assert str(unknown.value) == str(expired.value)

    def test_only_a_hash_of_the_secret_is_kept(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        assert len(secret) >= 3 + 43  # 256 random bits
        row = DecisionLink.objects.values().get()
        assert secret not in repr(row)
        assert not any(secret in entry.text for entry in AuditEntry.objects.all())

    @given(
        due=st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 1)),
        hours=st.integers(0, 24 * 30),
    )
    def test_no_link_lasts_longer_than_two_weeks_nor_ends_before_it_was_made(
        self, due: date | None, hours: int
    ) -> None:
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours)
        ends = answer_until(due, at)
        assert at < ends <= at + LONGEST_ANSWER
        if due is not None and at.date() <= due < (at + LONGEST_ANSWER).date():
            assert ends.date() == due

    @pytest.mark.parametrize("wanted", [date(2026, 11, 22), date(2026, 12, 8), date(2036, 1, 1)])
    def test_a_day_that_is_past_or_too_far_is_refused(self, wanted: date) -> None:
        with pytest.raises(Invalid, match="choose a day"):
            answer_until(None, AT, wanted)
        assert answer_until(None, AT, date(2026, 11, 23)) > AT


@pytest.mark.django_db
class TestAsking:
    def test_who_stands_on_the_roster_is_asked_by_name_and_address(self, cast: Cast) -> None:
        a_question(cast)
        set_person(cast.mia, "ines", {"name": "Ines Okafor", "email": "ines@example.com"}, AT)
        asked = ask_by_link(cast.mia, PLACE, {"name": "ines"}, AT)
        assert asked.name == "Ines Okafor"
        assert asked.address.startswith("http")  # no mail server: it is handed over
        assert DecisionLink.objects.get().email == "ines@example.com"

    @pytest.mark.parametrize("who", ["bob", "ana", "vera", "vic"])
    def test_only_who_answers_for_programs_hands_the_power_on(self, cast: Cast, who: str) -> None:
        a_question(cast)
        secret_of = ask_by_link(cast.mia, PLACE, INES, AT)
        held = decision_named(cast.mia, program_named(cast.mia, "fraud"), "vendor-b")
        actor = getattr(cast, who)
        with pytest.raises(Refused):
            ask_by_link(actor, PLACE, INES, AT)
        with pytest.raises(Refused):
            revoke_decision_link(actor, held, secret_of.id, AT)

    def test_another_workspace_neither_asks_nor_sees_nor_revokes(self, cast: Cast) -> None:
        a_question(cast)
        a_link(cast)
        held = decision_named(cast.mia, program_named(cast.mia, "fraud"), "vendor-b")
        for act in (
            lambda: ask_by_link(cast.charlie, PLACE, INES, AT),
            lambda: decision_links(cast.charlie, held, AT),
            lambda: revoke_decision_link(cast.charlie, held, DecisionLink.objects.get().id, AT),
        ):
            with pytest.raises(NotFound):
                act()

    def test_a_question_without_options_or_settled_is_not_asked(self, cast: Cast) -> None:
        a_question(cast)
        set_decision(cast.bob, "fraud", "empty", {"question": "What now?"}, AT)
        with pytest.raises(Conflict, match="no option"):
            ask_by_link(cast.mia, ("fraud", "empty"), INES, AT)
        take_decision(cast.mia, PLACE, "wait", AT)
        with pytest.raises(Conflict, match="not open"):
            ask_by_link(cast.mia, PLACE, INES, AT)

    @pytest.mark.parametrize(
        "values", [{}, {"name": " "}, {"name": "x" * 201}, {"name": "I", "email": "not one"}]
    )
    def test_nobody_and_nowhere_are_refused(self, cast: Cast, values: dict[str, str]) -> None:
        a_question(cast)
        with pytest.raises(Invalid):
            ask_by_link(cast.mia, PLACE, values, AT)
        assert not DecisionLink.objects.exists()

    def test_addresses_are_shown_to_those_who_manage_only(self, cast: Cast) -> None:
        a_question(cast)
        a_link(cast, email="ines@example.com")
        held = decision_named(cast.mia, program_named(cast.mia, "fraud"), "vendor-b")
        (mine,), (theirs,) = (decision_links(one, held, AT) for one in (cast.mia, cast.vera))
        assert (mine.email, theirs.email) == ("ines@example.com", "")
        assert (mine.asked_by, mine.state) == ("Mia", LinkState.OPEN)
        assert decision_links(cast.mia, held, AT - HOUR) == []

    def test_without_whoever_asked_the_link_goes_on(self, cast: Cast) -> None:
        a_question(cast)
        secret = a_link(cast)
        Member.objects.filter(id=cast.mia.member_id).delete()
        assert answer_page(secret, AT).asked_by == "A member of the program"


@pytest.mark.django_db
class TestPower:
    """What the holder of a link is: an actor with one power over one thing."""

    def holder(self, cast: Cast) -> Actor:
        return link_actor(cast.acme.id, "Ines", decision_of(cast).id)

    def test_it_is_one_permission_and_no_other(self, cast: Cast) -> None:
        a_question(cast)
        holder = self.holder(cast)
        assert [one for one in Permission if may(holder, one)] == [Permission.DECIDE]

    def test_it_reads_edits_and_freezes_nothing(self, cast: Cast) -> None:
        a_question(cast)
        holder = self.holder(cast)
        program = program_named(cast.mia, "fraud")
        for act in (
            lambda: program_named(holder, "fraud"),
            lambda: decisions_of(holder, program),
            lambda: edit_item(holder, ("scores", "label"), {"name": "x"}, AT),
            lambda: set_decision(holder, *PLACE, {"question": "x"}, AT),
            lambda: freeze_report(holder, "fraud", PackDraft(), AT),
            lambda: record_evidence(holder, [], AT),
            lambda: ask_by_link(holder, PLACE, INES, AT),
        ):
            with pytest.raises(Refused, match="one question"):
                act()

    def test_it_does_not_reach_another_question(self, cast: Cast) -> None:
        a_question(cast)
        set_decision(cast.bob, "fraud", "other", {**ASKED, "question": "Other?"}, AT)
        with pytest.raises(Refused, match="decide"):
            take_decision(self.holder(cast), ("fraud", "other"), "wait", AT)
        assert Decision.objects.get(key="other").state == "open"

    def test_nobody_else_is_narrowed(self) -> None:
        assert {field.name: field.default for field in fields(Actor)}["only"] is None
        assert may(headway_actor(AT), Permission.MEMBERS)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestApprovers:
    def test_an_approver_takes_the_decision_that_names_them(self, cast: Cast) -> None:
        a_question(cast)
        taken = take_decision(cast.ana, PLACE, "vendor", AT + HOUR)
        assert taken.taken_by == "ana@example.com"
        assert WorkItem.objects.get(key="label").remaining == [10, 15, 20]

    def test_an_approver_on_the_roster_is_known_by_the_address(self, cast: Cast) -> None:
        a_question(cast)
        set_person(cast.mia, "ana", {"name": "Ana", "email": "Ana@Example.com"}, AT)
        set_decision(cast.bob, *PLACE, {"owner": "ana"}, AT)
        assert take_decision(cast.ana, PLACE, "wait", AT).state == "taken"

    @pytest.mark.parametrize("owner", ["", "Ana", "mia@example.com", "ines"])
    def test_an_approver_takes_no_other_and_no_name_makes_one_the_owner(
        self, cast: Cast, owner: str
    ) -> None:
        a_question(cast)
        set_person(cast.mia, "ines", {"name": "Ana", "email": "ines@example.com"}, AT)
        set_decision(cast.bob, *PLACE, {"owner": owner}, AT)
        with pytest.raises(Refused, match="to decide"):
            take_decision(cast.ana, PLACE, "wait", AT)

    def test_an_approver_still_edits_no_plan(self, cast: Cast) -> None:
        a_question(cast)
        with pytest.raises(Refused):
            edit_item(cast.ana, ("scores", "label"), {"name": "x"}, AT)

    @pytest.mark.parametrize("who", ["bob", "vera", "vic"])
    def test_who_is_no_approver_decides_nothing_even_when_named(self, cast: Cast, who: str) -> None:
        a_question(cast)
        set_decision(cast.bob, *PLACE, {"owner": f"{who}@example.com"}, AT)
        with pytest.raises(Refused):
            take_decision(getattr(cast, who), PLACE, "wait", AT)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_answers_at_the_same_moment_are_one(self, lasting_cast: Cast) -> None:
        a_question(lasting_cast)
        secret, version = a_link(lasting_cast), decision_of(lasting_cast).version
        gate, said = Barrier(2), []

        def answer(option: str) -> None:
            gate.wait()
            try:
                answer_decision(secret, option, AT + HOUR, version=version)
                said.append(option)
            except HeadwayError as error:
                said.append(type(error).__name__)
            finally:
                connection.close()

        both = [Thread(target=answer, args=(option,)) for option in ("vendor", "wait")]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(said)[0] in {"SpentLink", "Conflict"}
        assert decision_of(lasting_cast).chosen in said
        assert AuditEntry.objects.filter(action="take_decision").count() == 1
