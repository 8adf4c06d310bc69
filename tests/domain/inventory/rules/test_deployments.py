"""The matrix of deployments: the last word of each subject, two versions at once, since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.inventory.rules.deployments import Deployment, matrix, placed_now

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEVEN = Deployment(
    1, "deployment:x/prod", "x", "7", "prod", "cloud", "live", 1.0, "", "", None, NOON
)


def cells(told: Sequence[Deployment]) -> dict[tuple[str, str], str]:
    found = matrix(placed_now(told)).cells
    return {key: place.deployment.status for key, place in found.items()}


def test_moving_on_replaces_the_version_of_a_subject_and_moving_back_restores_it() -> None:
    eight = replace(SEVEN, record=2, version="8", observed_at=NOON + HOUR)
    back = replace(SEVEN, record=3, observed_at=NOON + 2 * HOUR)
    assert cells([SEVEN, eight]) == {("8", "prod"): "live"}
    assert cells([eight, SEVEN, back]) == {("7", "prod"): "live"}
    (place,) = placed_now([SEVEN, eight, back])
    assert place.since == NOON + 2 * HOUR


def test_more_traffic_is_the_same_standing_since_the_first_time() -> None:
    more = replace(SEVEN, record=2, traffic=0.5, observed_at=NOON + HOUR)
    (place,) = placed_now([SEVEN, more])
    assert (place.since, place.records, place.deployment.traffic) == (NOON, (2,), 0.5)


def test_two_versions_run_at_once_under_subjects_of_their_own() -> None:
    old = replace(SEVEN, subject="deployment:x/prod@7", traffic=0.95)
    new = replace(SEVEN, subject="deployment:x/prod@10", version="10", status="canary", traffic=0.1)
    found = matrix(placed_now([old, new]))
    assert found.versions == ["10", "7"]
    assert found.notes == ["In prod the shares of traffic add up to 105%."]
    gone = replace(new, record=2, status="retired", observed_at=NOON + HOUR)
    assert cells([old, new, gone]) == {("7", "prod"): "live"}


def test_what_is_withdrawn_leaves_its_environment_and_no_version() -> None:
    nothing = replace(SEVEN, record=2, version="", status="retired", observed_at=NOON + HOUR)
    found = matrix(placed_now([SEVEN, nothing]))
    assert (found.environments, found.versions, found.cells) == (["prod"], [], {})


@given(st.permutations([replace(SEVEN, record=n, version=str(n % 3), observed_at=NOON + n * HOUR)
                        for n in range(5)]))  # fmt: skip
def test_late_records_change_nothing(told: list[Deployment]) -> None:
    assert cells(told) == {("1", "prod"): "live"}
