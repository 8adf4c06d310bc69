"""A plan is locked before the first look; what changes afterwards says why; a decision is kept."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import AT, Cast
from tests.domain.checks.monitoring import DAY, HOUR, a_monitor, a_project, a_run

from headway.domain.checks.actions import (
    amend_trial,
    ask_run,
    decide_trial,
    lock_trial,
    set_trial,
)
from headway.domain.checks.models import CheckRun
from headway.domain.checks.queries import trial_page
from headway.domain.evidence.models import Record
from headway.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db

PLAN: dict[str, Any] = {
    "variant": "arm",
    "control": "old",
    "split": {"old": 0.5, "new": 0.5},
    "metrics": [{"column": "clicked", "kind": "proportion"}, {"column": "seconds", "margin": 0.02}],
    "sample_size": 4000,
}


def an_experiment(cast: Cast) -> None:
    """Watch an online experiment whose plan is a draft."""
    a_project(cast)
    a_monitor(cast, kind="experiment", subject="system:scorer", settings={})
    set_trial(cast.bob, "live-error", "Does the new model bring more clicks?", PLAN, AT)


def a_look(cast: Cast, word: str, at: Any) -> None:
    """Look once; the readout says `word`."""
    row = a_run(cast, "met", at)
    CheckRun.objects.filter(id=row.id).update(word=word)


def test_nobody_looks_before_the_plan_is_locked(cast: Cast) -> None:
    an_experiment(cast)
    with pytest.raises(Conflict, match="not locked"):
        ask_run(cast.bob, "live-error", AT, AT)


def test_a_locked_plan_is_on_record_and_no_draft_any_more(cast: Cast) -> None:
    an_experiment(cast)
    locked = lock_trial(cast.bob, "live-error", AT + HOUR)
    assert locked.locked_by == cast.bob.label
    assert locked.digest in Record.objects.get(kind="note").payload
    with pytest.raises(Conflict, match="amend it"):
        set_trial(cast.bob, "live-error", "Another?", {**PLAN, "alpha": 0.2}, AT + HOUR)


def test_an_amendment_says_why_and_after_how_many_looks(cast: Cast) -> None:
    an_experiment(cast)
    lock_trial(cast.bob, "live-error", AT)
    a_look(cast, "keep running", AT + HOUR)
    with pytest.raises(Invalid, match="reason"):
        amend_trial(cast.bob, "live-error", {"sample_size": 8000}, "", AT + DAY)
    amend_trial(cast.bob, "live-error", {"sample_size": 8000}, "Traffic halved.", AT + DAY)
    page = trial_page(cast.vera, "live-error")
    amended = page.trial.amendments[0]
    assert (amended.looks, amended.reason) == (1, "Traffic halved.")
    assert (amended.before["sample_size"], page.trial.plan["sample_size"]) == (4000, 8000)
    assert trial_page(cast.vera, "live-error", AT + HOUR).trial.amendments == []


def test_a_decision_keeps_who_and_what_was_seen(cast: Cast) -> None:
    an_experiment(cast)
    lock_trial(cast.bob, "live-error", AT)
    with pytest.raises(Conflict, match="looked"):
        decide_trial(cast.mia, "live-error", "ship", "", AT)
    a_look(cast, "ship", AT + HOUR)
    with pytest.raises(Refused):
        decide_trial(cast.bob, "live-error", "ship", "", AT + DAY)
    with pytest.raises(Invalid, match="The readout says “ship”"):
        decide_trial(cast.mia, "live-error", "stop", "", AT + DAY)
    done = decide_trial(cast.mia, "live-error", "ship", "", AT + DAY)
    assert (done.state, done.decided_by) == ("decided", cast.mia.label)
    assert done.seen["look"] == 1
    with pytest.raises(Conflict, match="is decided"):
        ask_run(cast.bob, "live-error", AT + DAY, AT + DAY)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"split": {"old": 0.5, "new": 0.6}}, "add up to 1.1"),
        ({"split": {"old": 1}}, "each variant"),
        ({"control": "gone"}, "none of the variants"),
        ({"metrics": []}, "guardrails|metric"),
        ({"metrics": [{"column": "a"}, {"column": "a"}]}, "named 2 times"),
        ({"metrics": [{"column": "a", "kind": "ratio"}]}, "ratio=DENOM"),
        ({"alpha": 0}, "alpha"),
        ({"method": "peek"}, "choose one of"),
    ],
)
def test_a_plan_that_decides_nothing_is_refused_in_words(
    cast: Cast, change: dict[str, Any], said: str
) -> None:
    an_experiment(cast)
    with pytest.raises(Invalid, match=said):
        set_trial(cast.bob, "live-error", "Does it?", {**PLAN, **change}, AT)
