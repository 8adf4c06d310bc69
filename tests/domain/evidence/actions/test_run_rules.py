"""Rules about runs: said once, applied to what is there and to what comes, taken back whole."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.many_runs import an_mlflow_run, synced, untagged_runs

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.evidence.actions import (
    place_subject,
    record_evidence,
    remove_run_rule,
    restore_run_rule,
    set_run_rule,
    settle_waiting,
)
from headway.domain.evidence.models import Placement, RunRule, Subject
from headway.domain.evidence.queries import (
    RunsView,
    best_so_far,
    costs_of,
    inbox_page,
    measurements_of,
    metrics_seen,
    projection_export,
    run_rules,
    runs_page,
    subject_names,
    unplaced_count,
)
from headway.domain.programs.models import Project
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

HOUR = timedelta(hours=1)
FRAUD = {"group": "fraud-*", "project": "fraud"}
SCRATCH = {"group": "anna-playground", "is_scratch": True}


@pytest.fixture
def server(cast: Cast) -> Cast:
    """Fifty runs of five experiments wait in Acme's inbox; Fraud and Meter Reading are there."""
    for slug in ("fraud", "meter-reading"):
        a_project(cast.acme, slug)
    synced(cast.bob, list(untagged_runs(50)))
    return cast


def home(text: str) -> tuple[str, bool, str]:
    """Return where a run belongs: its project, whether it is scratch, who said so."""
    row = Subject.objects.select_related("project").get(kind="run", name=f"ml/{text}")
    return (row.project.slug if row.project else "", row.is_scratch, row.placed_by)


def project_id(slug: str) -> UUID:
    return Project.objects.get(slug=slug).id


def count_of(cast: Cast, slug: str, at: object = None) -> int:
    return runs_page(cast.vera, project_id(slug), RunsView(limit=1), at).total  # type: ignore[arg-type]


class TestSaying:
    def test_a_rule_takes_what_waits_and_what_comes(self, server: Cast) -> None:
        ruled = set_run_rule(server.bob, FRAUD, AT)
        assert ruled.moved == 20
        assert home("r0") == ("fraud", False, "rule")
        assert home("r2") == ("", False, "")
        synced(server.bob, [an_mlflow_run(900, "fraud-new"), an_mlflow_run(901, "other")])
        assert home("r900") == ("fraud", False, "rule")
        assert home("r901") == ("", False, "")

    def test_scratch_is_remembered_and_leaves_the_inbox(self, server: Cast) -> None:
        set_run_rule(server.bob, SCRATCH, AT)
        assert unplaced_count(server.vera)[0] == 40
        synced(server.bob, [an_mlflow_run(900, "anna-playground")])
        assert home("r900") == ("", True, "rule")
        assert unplaced_count(server.vera)[0] == 40

    def test_the_rule_that_asks_most_wins_in_whatever_order_they_were_made(
        self, server: Cast
    ) -> None:
        narrow = {"group": "fraud-scoring", "name": "run-*0", "is_scratch": True}
        whole = {"group": "fraud-scoring", "project": "meter-reading"}
        for rule in (narrow, FRAUD, whole):
            set_run_rule(server.bob, rule, AT)
        assert home("r0") == ("", True, "rule")  # two conditions
        assert home("r5") == ("meter-reading", False, "rule")  # a whole name before a pattern
        assert home("r1") == ("fraud", False, "rule")
        assert [rule.condition.group for rule in run_rules(server.vera)] == [
            "fraud-scoring",
            "fraud-scoring",
            "fraud-*",
        ]

    def test_the_same_condition_has_one_answer(self, server: Cast) -> None:
        first = set_run_rule(server.bob, FRAUD, AT)
        second = set_run_rule(server.bob, {**FRAUD, "project": "meter-reading"}, AT + HOUR)
        assert second.rule.id == first.rule.id
        assert second.moved == 20
        assert RunRule.objects.count() == 1
        assert home("r0")[0] == "meter-reading"

    def test_a_rule_is_changed_and_its_runs_follow(self, server: Cast) -> None:
        held = set_run_rule(server.bob, FRAUD, AT).rule
        changed = set_run_rule(
            server.bob, {"group": "fraud-scoring"}, AT + HOUR, rule_id=held.id, version=1
        )
        assert changed.rule.version == 2
        assert home("r0")[0] == "fraud"
        assert home("r1") == ("", False, "")
        with pytest.raises(Conflict, match="version 1, now 2"):
            set_run_rule(server.bob, {"order": 3}, AT, rule_id=held.id, version=1)

    def test_it_is_audited_with_its_author(self, server: Cast) -> None:
        set_run_rule(server.bob, {**FRAUD, "reason": "the fraud team's server"}, AT)
        entry = AuditEntry.objects.get(workspace=server.acme, action="set_run_rule")
        assert "the fraud team" in entry.text
        assert run_rules(server.vera)[0].author == server.bob.label

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"project": "fraud"}, "asks nothing"),
            ({"group": "x"}, "either which project"),
            ({"group": "x", "project": "fraud", "is_scratch": True}, "either which project"),
            ({"tag_value": "x", "group": "y", "project": "fraud"}, "names no tag"),
            ({"colour": "red", "project": "fraud"}, "no field 'colour'"),
            ({"group": "x" * 1_001, "project": "fraud"}, "at most 1000"),
        ],
    )
    def test_a_rule_that_says_nothing_is_refused(
        self, server: Cast, said: dict[str, object], why: str
    ) -> None:
        with pytest.raises(Invalid, match=why):
            set_run_rule(server.bob, said, AT)
        assert not RunRule.objects.exists()

    def test_names_full_of_wildcards_are_taken_as_they_are(self, server: Cast) -> None:
        odd = [" odd [1]* ", "odd 1", "\x01odd"]
        synced(server.bob, [an_mlflow_run(f"x{n}", name) for n, name in enumerate(odd)])
        before = unplaced_count(server.vera)[0]
        groups = {one.group.condition.group: one.group for one in inbox_page(server.vera).groups}
        asked = [one.condition for one in groups.values() if "odd" in one.condition.group]
        assert len(asked) == 3
        for condition in asked:
            ruled = set_run_rule(
                server.bob,
                {"source": condition.source, "group": condition.group, "is_scratch": True},
                AT,
            )
            assert ruled.moved == 1
        assert unplaced_count(server.vera)[0] == before - 3


class TestWhoWins:
    def test_a_tag_wins_over_every_rule_and_every_hand(self, server: Cast) -> None:
        set_run_rule(server.bob, SCRATCH, AT)
        tagged = an_mlflow_run(
            900, "anna-playground", tags={"headway.project": "fraud"}, project="fraud"
        )
        synced(server.bob, [tagged])
        assert home("r900") == ("fraud", False, "tag")
        subject = Subject.objects.get(name="ml/r900")
        with pytest.raises(Conflict, match="a tag always wins"):
            place_subject(server.bob, subject.id, "meter-reading", AT)

    def test_a_tag_set_later_moves_the_run_and_taken_off_lets_it_go(self, server: Cast) -> None:
        set_run_rule(server.bob, SCRATCH, AT)
        assert home("r4") == ("", True, "rule")
        again = {"group": "anna-playground", "ended": AT}
        tagged = an_mlflow_run(4, tags={"headway.project": "fraud"}, project="fraud", **again)  # type: ignore[arg-type]
        synced(server.bob, [tagged], AT + HOUR)
        assert home("r4") == ("fraud", False, "tag")
        again["ended"] = AT + HOUR
        synced(server.bob, [an_mlflow_run(4, **again)], AT + 2 * HOUR)  # type: ignore[arg-type]
        assert home("r4") == ("", True, "rule")

    def test_a_rule_wins_over_the_connections_mapping_and_gives_it_back(self, server: Cast) -> None:
        mapped = [an_mlflow_run(f"m{n}", "anna-playground", project="fraud") for n in range(3)]
        synced(server.bob, mapped)
        assert home("rm0") == ("fraud", False, "source")
        rule = set_run_rule(server.bob, SCRATCH, AT).rule
        assert home("rm0") == ("", True, "rule")
        remove_run_rule(server.bob, rule.id, AT)
        assert home("rm0") == ("fraud", False, "source")

    def test_a_pushed_line_and_a_hand_are_beyond_a_rule(self, server: Cast) -> None:
        record_evidence(server.bob, [an_mlflow_run("p", project="meter-reading")], AT)
        by_hand = Subject.objects.get(name="ml/r0")
        place_subject(server.bob, by_hand.id, "meter-reading", AT)
        set_run_rule(server.bob, FRAUD, AT)
        assert home("rp") == ("meter-reading", False, "push")
        assert home("r0") == ("meter-reading", False, "person")
        place_subject(server.bob, by_hand.id, "", AT)
        assert home("r0") == ("fraud", False, "rule")

    def test_one_subject_is_scratch_by_hand_and_counts_again(self, server: Cast) -> None:
        set_run_rule(server.bob, FRAUD, AT)
        subject = Subject.objects.get(name="ml/r0")
        place_subject(server.bob, subject.id, "", AT, is_scratch=True)
        assert home("r0") == ("", True, "person")
        place_subject(server.bob, subject.id, "", AT)
        assert home("r0") == ("fraud", False, "rule")

    def test_what_named_a_project_before_it_was_made_follows_at_the_next_turn(
        self, server: Cast
    ) -> None:
        lone = an_mlflow_run(900, "x", tags={"headway.project": "churn"}, project="churn")
        synced(server.bob, [lone])
        assert home("r900") == ("", False, "")
        assert list(inbox_page(server.vera).unknown) == [("churn", 1)]
        house = headway_actor(server.acme.id)
        assert settle_waiting(house, AT) == 0
        a_project(server.acme, "churn")
        assert settle_waiting(house, AT) == 1
        assert home("r900") == ("churn", False, "tag")

    def test_an_alias_goes_where_its_model_goes(self, server: Cast) -> None:
        version = Observation(
            SubjectRef("model", "team/scorer", "3"), "model_version", "mlflow:ml", AT, {}
        )
        moved = {
            "model": "team/scorer",
            "alias": "champion",
            "version": "3",
            "seen_by": AT.isoformat(),
        }
        alias = Observation(
            SubjectRef("alias", "ml/team/scorer/champion"), "alias_move", "mlflow:ml", AT, moved
        )
        synced(server.bob, [version, alias])
        ruled = set_run_rule(server.bob, {"subject": "model:team/scorer", "project": "fraud"}, AT)
        assert ruled.moved == 2


class TestTakingBack:
    def test_a_rule_taken_away_puts_its_runs_back_and_undo_brings_all_of_it_again(
        self, server: Cast
    ) -> None:
        rule = set_run_rule(server.bob, FRAUD, AT).rule
        gone = remove_run_rule(server.bob, rule.id, AT + HOUR)
        assert gone.moved == 20
        assert unplaced_count(server.vera)[0] == 50
        back = restore_run_rule(server.bob, rule.id, rule.version, AT + 2 * HOUR)
        assert back.moved == 20
        assert home("r0") == ("fraud", False, "rule")

    def test_runs_fall_to_the_next_rule_that_fits(self, server: Cast) -> None:
        set_run_rule(server.bob, FRAUD, AT)
        narrow = set_run_rule(server.bob, {"group": "fraud-scoring", "is_scratch": True}, AT).rule
        remove_run_rule(server.bob, narrow.id, AT)
        assert home("r0") == ("fraud", False, "rule")

    def test_no_rule_of_another_workspace_can_be_touched(self, server: Cast) -> None:
        rule = set_run_rule(server.bob, FRAUD, AT).rule
        for rule_id in (rule.id, uuid4()):
            with pytest.raises(NotFound):
                remove_run_rule(server.charlie, rule_id, AT)
            with pytest.raises(NotFound):
                set_run_rule(server.charlie, {"order": 1}, AT, rule_id=rule_id)
        a_project(server.other, "theirs")
        with pytest.raises(NotFound):
            set_run_rule(server.bob, {"group": "x", "project": "theirs"}, AT)

    @pytest.mark.parametrize("name", ["ana", "vera", "vic"])
    def test_who_only_looks_says_nothing(self, server: Cast, name: str) -> None:
        with pytest.raises(Refused):
            set_run_rule(getattr(server, name), FRAUD, AT)


class TestWhatItFeeds:
    def test_scratch_feeds_no_verdict_no_chart_and_no_actuals(self, server: Cast) -> None:
        paid = {
            "amount": "12.00",
            "currency": "USD",
            "category": "compute",
            "period_start": "2026-11-01",
            "period_end": "2026-11-02",
        }
        bill = Observation(SubjectRef("run", "ml/r0"), "cost", "mlflow:ml", AT, paid)
        synced(server.bob, [bill])
        rule = set_run_rule(server.bob, FRAUD, AT).rule
        fraud = project_id("fraud")

        def fed() -> tuple[int, int, int]:
            measured = measurements_of(server.vera, [fraud], kinds=("run",), metrics=("recall",))
            best = best_so_far(server.vera, fraud, "recall", "maximise")
            return len(measured), len(best), len(costs_of(server.vera, [fraud]))

        assert fed() == (20, 20, 1)
        changed = set_run_rule(server.bob, {"is_scratch": True}, AT, rule_id=rule.id)
        assert changed.rule.project == ""
        assert fed() == (0, 0, 0)
        set_run_rule(server.bob, {"project": "fraud"}, AT, rule_id=rule.id)
        assert fed() == (20, 20, 1)

    def test_what_a_rule_decided_is_known_of_every_past_moment(self, server: Cast) -> None:
        day = timedelta(days=1)
        rule = set_run_rule(server.bob, FRAUD, AT + day).rule
        remove_run_rule(server.bob, rule.id, AT + 2 * day)
        set_run_rule(server.bob, {**FRAUD, "project": "meter-reading"}, AT + 3 * day)
        moments = [AT, AT + day, AT + 2 * day, AT + 3 * day]
        assert [count_of(server, "fraud", at) for at in moments] == [0, 20, 0, 0]
        assert [count_of(server, "meter-reading", at) for at in moments] == [0, 0, 0, 20]
        assert [inbox_page(server.vera, at).subjects for at in moments] == [50, 30, 50, 30]
        assert inbox_page(server.vera, AT - day).subjects == 0
        assert [len(run_rules(server.vera, at)) for at in moments] == [0, 1, 0, 1]
        fraud = project_id("fraud")
        for at, count in zip(moments, (0, 20, 0, 0), strict=True):
            assert len(subject_names(server.vera, [fraud], at, kinds=("run",))) == count
            assert sum(one.count for one in metrics_seen(server.vera, fraud, at)) == 2 * count

    def test_placements_never_overlap_and_end_where_the_next_begins(self, server: Cast) -> None:
        for hour, slug in enumerate(["fraud", "meter-reading", "fraud", "meter-reading"]):
            set_run_rule(server.bob, {**FRAUD, "project": slug}, AT + hour * HOUR)
        slices = Placement.objects.filter(subject__name="ml/r0").order_by("known_from")
        ends = [one.known_until for one in slices]
        assert ends == [one.known_from for one in slices][1:] + [None]

    def test_rules_leave_ledger_and_projections_as_they_were(self, server: Cast) -> None:
        before = list(projection_export(server.vera))
        rule = set_run_rule(server.bob, FRAUD, AT).rule
        assert list(projection_export(server.vera)) == before
        remove_run_rule(server.bob, rule.id, AT)
        assert list(projection_export(server.vera)) == before
