"""Systems judged from the ledger: which evidence answers what, as of any moment, at flat cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.maturity.systems import BEGAN, a_version, push, two_systems

from headway.domain.evidence.actions import place_subject
from headway.domain.evidence.models import Subject
from headway.domain.maturity.actions import attest, withdraw_attestation
from headway.domain.maturity.queries import maturity_overview, month_ends, system_maturity
from headway.domain.maturity.rules import Answer, Answered
from headway.domain.programs.actions import edit_system
from headway.errors import Invalid, NotFound, Refused

WORD = {"role": "ML engineer", "link": "https://example.org/rules", "done_on": "2026-11-01"}
DRILL = {"drill": "rollback", "passed": True}


@pytest.fixture
def world(cast: Cast) -> Cast:
    two_systems(cast)
    return cast


def told(cast: Cast, name: str, at: datetime = AT, system: str = "reader") -> Answered:
    return system_maturity(cast.vera, system, at).answer(name)


def test_each_sort_of_evidence_answers_its_test(world: Cast) -> None:
    a_version(world, 1)
    push(world, "deployment:reader/prod", "drill", DRILL)
    alias = {"model": "reader", "alias": "champion", "version": "1", "seen_by": AT}
    push(world, "alias:lab/reader/champion", "alias_move", alias)
    weak = {"metric": "recall", "value": 0.97, "segments": [{"segment": "d=3", "value": 0.8}]}
    push(world, "model:reader@1", "evaluation", weak)
    audit = {"checks": [{"id": "dependency-updates", "verdict": "met"}]}
    push(world, "repository:reader", "audit", audit)
    found = system_maturity(world.vera, "reader", AT)
    met = ("mlts:infra-7", "mlts:monitor-4", "mlts:monitor-5", "mlts:monitor-1", "aws:2-registry")
    assert {name: found.answer(name).answer for name in met} == dict.fromkeys(met, Answer.MET)
    assert found.answer("microsoft:people-1-owner").answer is Answer.MET
    unmet = found.answer("mlts:model-6")
    assert unmet.answer is Answer.UNMET
    assert "the promise rules/weakest" in unmet.sentence
    assert all(record > 0 for one in found.answers.values() for record in one.records)


def test_a_rerun_with_the_same_numbers_answers_the_test_of_reproduction(world: Cast) -> None:
    run = {
        "run_id": "r1",
        "status": "finished",
        "commit": "c0ffee",
        "params": {"seed": "7"},
        "metrics": {"loss": 0.1},
        "tags": {"git.clean": "yes", "headway.environment": "lock 1"},
        "datasets": [{"name": "d", "digest": "d1", "context": "training"}],
    }
    push(world, "run:lab/r1", "run", run)
    push(world, "model:reader@1", "model_version", {"run_id": "r1"})
    assert told(world, "mlts:infra-1").answer is Answer.UNKNOWN
    push(world, "run:lab/r2", "run", {**run, "run_id": "r2"})
    assert told(world, "mlts:infra-1").credit == 1


def test_evidence_of_another_system_answers_nothing(world: Cast) -> None:
    push(world, "deployment:scorer/prod", "drill", DRILL, project="scores")
    assert told(world, "mlts:infra-7").answer is Answer.UNKNOWN
    assert told(world, "mlts:infra-7", system="scorer").answer is Answer.MET


def test_a_newer_version_without_evidence_is_not_covered_by_an_older_one(world: Cast) -> None:
    a_version(world, 1, AT - timedelta(days=9))
    assert told(world, "microsoft:creation-2-models").answer is Answer.MET
    a_version(world, 10, commit=None)
    found = told(world, "microsoft:creation-2-models")
    assert found.answer is Answer.UNKNOWN
    assert "model:reader@10" in found.sentence


def test_a_past_moment_knows_what_was_known_then(world: Cast) -> None:
    then = AT - timedelta(days=60)
    push(world, "deployment:reader/prod", "drill", DRILL, then, learned=AT - timedelta(days=5))
    assert told(world, "mlts:infra-7").answer is Answer.MET
    assert told(world, "mlts:infra-7", AT - timedelta(days=10)).answer is Answer.UNKNOWN
    assert told(world, "mlts:infra-7", AT + timedelta(days=40)).is_stale
    edit_system(world.alice, "reader", {"owner": ""}, AT)
    assert told(world, "microsoft:people-1-owner").answer is Answer.UNMET
    assert told(world, "microsoft:people-1-owner", then).answer is Answer.MET


def test_evidence_that_moves_to_another_system_counted_for_the_first_until_then(
    world: Cast,
) -> None:
    then = AT - timedelta(days=20)
    push(world, "deployment:reader/prod", "drill", DRILL, then)
    subject = Subject.objects.get(name="reader/prod")
    place_subject(world.bob, subject.id, "scores", AT - timedelta(days=5))
    assert told(world, "mlts:infra-7").answer is Answer.UNKNOWN
    assert told(world, "mlts:infra-7", system="scorer").answer is Answer.MET
    assert told(world, "mlts:infra-7", AT - timedelta(days=10)).answer is Answer.MET
    place_subject(world.bob, subject.id, "rules", AT - timedelta(days=1))
    assert told(world, "mlts:infra-7").records == told(world, "mlts:infra-7", then).records


def test_the_trend_says_what_each_page_said_then(world: Cast) -> None:
    push(world, "deployment:reader/prod", "drill", DRILL, BEGAN)
    a_version(world, 1, AT - timedelta(days=100))
    for name in ("data-3", "model-2", "infra-5"):
        attest(world.bob, "reader", f"mlts:{name}", WORD, AT - timedelta(days=1))
    found = system_maturity(world.vera, "reader", AT)
    assert len(found.trend) == 7  # nothing was heard of it before
    for point in found.trend:
        page = system_maturity(world.vera, "reader", point.at)
        assert page.score.final == point.score
        assert page.levels["microsoft"][1].level == point.levels["microsoft:creation"]
    assert found.trend[-1].score == 0.5
    assert month_ends(AT)[-2] == datetime(2026, 10, 31, 23, 59, 59, 999_999, UTC)


def test_the_overview_asks_as_often_for_many_records_as_for_few(world: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(maturity_overview(world.vera, AT)) == 2
        return len(queries)

    few = asked()
    for day in range(12):
        check = {"check": f"nulls-{day}", "passed": True}
        push(world, f"dataset:d{day}@1", "check", check, AT - timedelta(days=day))
    assert asked() == few <= 7


def test_a_word_is_evidence_and_can_be_taken_back(world: Cast) -> None:
    record = attest(world.bob, "reader", "mlts:data-3", WORD, AT)
    found = told(world, "mlts:data-3")
    assert (found.answer, found.credit, found.records) == (Answer.ATTESTED, 0.5, (record,))
    assert found.attested is not None
    assert found.attested.done_on == date(2026, 11, 1)
    assert told(world, "mlts:data-3", AT + timedelta(days=366)).is_stale
    later = AT + timedelta(hours=1)
    withdraw_attestation(world.bob, "reader", "mlts:data-3", later)
    assert told(world, "mlts:data-3", later).answer is Answer.UNKNOWN
    assert told(world, "mlts:data-3").answer is Answer.ATTESTED


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"link": ""}, "counts with a link"),
        ({"done_on": ""}, "counts with the day"),
        ({"done_on": "2026-12-01"}, "still to come"),
        ({"review_on": "2026-11-20"}, "has passed"),
        ({"link": "javascript:alert(1)"}, "no web address"),
        ({"role": ""}, "role is empty"),
        ({"answer": "perhaps"}, "none of"),
    ],
)
def test_a_word_that_would_not_count_is_refused(
    world: Cast, values: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        attest(world.bob, "reader", "mlts:data-3", {**WORD, **values}, AT)


def test_nobody_answers_for_another_workspace_or_without_the_right(world: Cast) -> None:
    with pytest.raises(NotFound):
        attest(world.charlie, "reader", "mlts:data-3", WORD, AT)
    with pytest.raises(NotFound):
        system_maturity(world.charlie, "reader", AT)
    with pytest.raises(Refused):
        attest(world.vera, "reader", "mlts:data-3", WORD, AT)
    with pytest.raises(Refused):
        maturity_overview(world.vic, AT)
    with pytest.raises(NotFound, match="no criterion"):
        attest(world.bob, "reader", "mlts:data-8", WORD, AT)
    assert maturity_overview(world.charlie, AT) == []
