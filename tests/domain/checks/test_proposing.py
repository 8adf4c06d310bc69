"""From an alert to work: a proposal, accepted or dismissed, and the bridge that names it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.checks.monitoring import DAY, HOUR, a_monitor, a_project, a_run

from headway.domain.checks.actions import (
    accept_retraining,
    dismiss_retraining,
    reopen_retraining,
)
from headway.domain.checks.queries import proposal_named, retraining_proposals
from headway.domain.checks.rules import ProposalFacts, proposed_range
from headway.domain.plans.queries import item_named, odds_bridge
from headway.domain.programs.queries import program_named, project_named
from headway.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


def an_alert(cast: Cast) -> ProposalFacts:
    """Let a model's monitor alert, and return what is proposed."""
    a_project(cast)
    a_monitor(cast)
    a_run(cast, "unmet", AT)
    assert retraining_proposals(cast.bob) == []
    a_run(cast, "unmet", AT + HOUR)
    return retraining_proposals(cast.bob)[0]


class TestProposing:
    def test_an_alert_on_a_model_proposes_to_train_it_anew_and_only_once(self, cast: Cast) -> None:
        proposal = an_alert(cast)
        a_run(cast, "unmet", AT + 2 * HOUR)
        assert len(retraining_proposals(cast.bob)) == 1
        assert proposal.subject == "model:scores@3"
        assert proposal.record is not None
        # The one finished training took four days; others' history widens it.
        assert proposal.work["fields"]["estimate"] == [2.0, 4.0, 8.0]
        assert "1 finished training" in proposal.range_words

    def test_an_alert_on_a_dataset_proposes_no_training(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast, subject="dataset:scores-live@3")
        a_run(cast, "unmet", AT)
        a_run(cast, "unmet", AT + HOUR)
        assert retraining_proposals(cast.bob) == []

    def test_a_range_without_any_training_says_that_it_is_a_default(self) -> None:
        found, words = proposed_range([], [])
        assert found == [2.5, 5.0, 10.0]
        assert "a stated default" in words
        assert "a default of others" in words

    def test_the_programs_own_misses_widen_the_range_once_there_are_enough(self) -> None:
        found, words = proposed_range([6.0], [1.5] * 20)
        assert found == [8.5, 9.0, 9.5]
        assert "20 finished items here" in words


class TestAnswering:
    def test_accepted_it_is_work_and_the_bridge_names_the_record(self, cast: Cast) -> None:
        proposal = an_alert(cast)
        said = {"key": "retrain", "estimate": "10 12 15", "before": ["scores/integrate"]}
        done = accept_retraining(cast.bob, proposal.key, said, AT + DAY)
        assert (done.state, done.item) == ("accepted", "scores/retrain")
        item = item_named(cast.bob, project_named(cast.bob, "scores"), "retrain")
        assert (item.kind, item.estimate) == ("training", [10, 12, 15])
        program = program_named(cast.bob, "fraud")
        bridge = odds_bridge(cast.bob, program, AT + 2 * HOUR, AT + 2 * DAY)
        line = next(one for one in bridge.lines if one.records)
        assert line.records == (proposal.record,)
        assert f"“Live error” alerted, record {proposal.record}" in line.sentence
        assert line.days_p80 is not None
        assert line.days_p80 > 0

    def test_a_no_needs_a_reason_and_can_be_taken_back(self, cast: Cast) -> None:
        proposal = an_alert(cast)
        with pytest.raises(Invalid, match="Say why"):
            dismiss_retraining(cast.bob, proposal.key, " ", AT)
        gone = dismiss_retraining(cast.bob, proposal.key, "The sensor was broken.", AT + DAY)
        assert (gone.state, gone.reason) == ("dismissed", "The sensor was broken.")
        with pytest.raises(Conflict, match="dismissed"):
            accept_retraining(cast.bob, proposal.key, {}, AT + DAY)
        reopen_retraining(cast.bob, proposal.key, AT + 2 * DAY)
        assert proposal_named(cast.bob, proposal.key).is_open
        assert proposal_named(cast.bob, proposal.key, AT + 1.5 * DAY).state == "dismissed"

    def test_who_may_not_plan_may_not_answer(self, cast: Cast) -> None:
        proposal = an_alert(cast)
        with pytest.raises(Refused):
            accept_retraining(cast.vera, proposal.key, {}, AT)
        with pytest.raises(NotFound):
            dismiss_retraining(cast.charlie, proposal.key, "no", AT)

    def test_work_that_would_not_hold_leaves_the_proposal_open(self, cast: Cast) -> None:
        proposal = an_alert(cast)
        around = {"after": ["scores/integrate"], "before": ["scores/integrate"]}
        with pytest.raises(Invalid):
            accept_retraining(cast.bob, proposal.key, around, AT + timedelta(days=1))
        assert proposal_named(cast.bob, proposal.key).is_open
