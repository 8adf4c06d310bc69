"""The cheapest steps to a goal, against trying every choice."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.maturity.rules.knowing import AT, known, passing, word

from headway.domain.maturity.rules import Goal, Known, answers, model_of, score_of, steps_to
from headway.errors import Invalid


def test_the_steps_to_a_level_are_all_that_is_open_below_it() -> None:
    done = [word("microsoft:release-2-owned")]
    steps = steps_to(Goal("microsoft", "release", 2), answers(known((), done), AT))
    assert [one.criterion.id for one in steps] == [
        "microsoft:release-1-script",
        "microsoft:release-2-tested",
    ]
    assert (
        steps_to(
            Goal("microsoft", "people", 1),
            answers(known((), [word("microsoft:people-1-owner")]), AT),
        )
        == ()
    )


@settings(max_examples=12)
@given(st.sets(st.integers(1, 7), max_size=3), st.sampled_from([0.5, 1.0, 2.5, 4.0]))
def test_the_steps_to_a_score_are_the_cheapest_there_are(done: set[int], target: float) -> None:
    full = [f"mlts:{section}-{n}" for section in ("model", "infra", "monitor") for n in range(1, 8)]
    found = answers(known(passing(full), [word(f"mlts:data-{number}") for number in done]), AT)
    steps = steps_to(Goal("mlts", "", target), found)
    tests = [found[one.id] for one in model_of("mlts").of_column("data")]
    tried = []
    for choice in product((0.0, 0.5, 1.0), repeat=7):
        gains = [max(c, one.credit) for c, one in zip(choice, tests, strict=True)]
        if sum(gains) >= target:
            tried.append(sum(_days(one, c) for c, one in zip(choice, tests, strict=True)))
    assert sum(one.days for one in steps) == pytest.approx(min(tried))
    assert sum(one.credit for one in tests) + sum(one.gain for one in steps) >= target


def _days(test: object, reached: float) -> float:
    if reached <= test.credit:  # type: ignore[attr-defined]
        return 0.0
    criterion = test.criterion  # type: ignore[attr-defined]
    return criterion.by_hand[1] if reached == 0.5 else criterion.effort[1]


def test_doing_the_steps_reaches_the_score() -> None:
    steps = steps_to(Goal("mlts", "", 2), answers(Known(), AT))
    by_hand = [word(one.criterion.id) for one in steps if one.by_hand]
    lasting = passing([one.criterion.id for one in steps if not one.by_hand])
    assert score_of(answers(known(lasting, by_hand), AT)).final >= 2


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (Goal("mlts", "", 8), "to 7"),
        (Goal("mlts", "", 1.3), "halves"),
        (Goal("mlts", "", float("nan")), "cannot be reached"),
        (Goal("google", "people", 1), "no column 'people'"),
        (Goal("microsoft", "people", 5), "no level 5"),
    ],
)
def test_a_goal_that_does_not_exist_is_refused(goal: Goal, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        steps_to(goal, answers(Known(), AT))
