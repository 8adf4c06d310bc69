from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import (
    create_release,
    create_stage_template,
    create_system,
    edit_stage_template,
    move_release,
)
from headway.domain.programs.queries import (
    moves_of,
    release_of,
    releases_of,
    stage_templates_of,
)
from headway.domain.programs.rules import DEFAULT_STAGES
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
SHORT = [{"id": "try", "name": "Try"}, {"id": "live"}]


@pytest.fixture
def release(cast: Cast) -> UUID:
    create_system(cast.mia, {"name": "Scorer"}, AT)
    return create_release(cast.bob, "scorer", "v3", AT).id


def test_the_first_release_makes_the_standard_stages(cast: Cast, release: UUID) -> None:
    made = release_of(cast.vera, release)
    assert made.stages == DEFAULT_STAGES
    assert (made.stage, made.stage_name) == ("frame", "Frame")
    create_release(cast.bob, "scorer", "v4", AT)
    assert len(stage_templates_of(cast.vera)) == 1


def test_moving_back_is_allowed_and_counted(cast: Cast, release: UUID) -> None:
    move_release(cast.bob, release, "experiment", AT)
    moved = move_release(cast.bob, release, "data", LATER, reason="Labels were wrong")
    assert (moved.stage, moved.moves, moved.moves_back) == ("data", 2, 1)
    last = moves_of(cast.vera, moved)[-1]
    assert (last.from_stage, last.is_back, last.reason) == (
        "experiment",
        True,
        "Labels were wrong",
    )


def test_the_past_knows_where_it_stood_then(cast: Cast, release: UUID) -> None:
    move_release(cast.bob, release, "live", LATER)
    then = release_of(cast.vera, release, AT)
    assert (then.stage, then.moves) == ("frame", 0)


def test_moving_to_where_it_stands_is_no_move(cast: Cast, release: UUID) -> None:
    assert move_release(cast.bob, release, "frame", LATER).moves == 0


def test_an_unknown_stage_is_named_with_the_nearest(cast: Cast, release: UUID) -> None:
    with pytest.raises(Invalid, match="did you mean 'canary'"):
        move_release(cast.bob, release, "canari", LATER)


def test_a_stale_move_is_a_conflict(cast: Cast, release: UUID) -> None:
    move_release(cast.bob, release, "data", LATER, version=1)
    with pytest.raises(Conflict, match="stage is now 'data', you wrote 'live'"):
        move_release(cast.bob, release, "live", LATER, version=1)


def test_a_stage_where_a_release_stands_cannot_go(cast: Cast, release: UUID) -> None:
    template = stage_templates_of(cast.mia)[0]
    with pytest.raises(Conflict, match="stands in stage 'frame'"):
        edit_stage_template(cast.mia, template.id, SHORT, LATER)
    kept = [{"id": "frame"}, {"id": "live"}]
    edited = edit_stage_template(cast.mia, template.id, kept, LATER, version=1)
    assert [stage.id for stage in edited.stages] == ["frame", "live"]


def test_a_workspace_may_have_stages_of_its_own(cast: Cast, release: UUID) -> None:
    own = create_stage_template(cast.mia, "Short", SHORT, AT)
    made = create_release(cast.bob, "scorer", "v5", AT, template_id=own.id)
    assert [stage.name for stage in made.stages] == ["Try", "Live"]


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([], "at least two"),
        ("frame, live", "at least two"),
        ([{"id": "a"}, {"id": "a"}], "twice"),
        ([{"id": "a"}, {"id": "B b"}], "small letters"),
        ([{"id": "a"}, "b"], "id and a name"),
    ],
)
def test_stages_that_make_no_way_are_refused(cast: Cast, stages: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        create_stage_template(cast.mia, "Odd", stages, AT)


def test_strangers_and_viewers_stay_out(cast: Cast, release: UUID) -> None:
    with pytest.raises(NotFound):
        move_release(cast.charlie, release, "live", LATER)
    with pytest.raises(NotFound):
        release_of(cast.charlie, release)
    with pytest.raises(NotFound):
        edit_stage_template(cast.charlie, stage_templates_of(cast.mia)[0].id, SHORT, LATER)
    with pytest.raises(Refused):
        move_release(cast.vera, release, "live", LATER)


def test_the_list_takes_four_queries_whatever_its_length(
    cast: Cast, release: UUID, django_assert_num_queries: object
) -> None:
    for number in range(10):
        create_release(cast.bob, "scorer", f"w{number}", AT)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(releases_of(cast.vera)) == 11
