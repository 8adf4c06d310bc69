"""A repeated request with the same key gets the first answer, and does nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.actions import finish_reply, start_reply
from headway.errors import Conflict, Invalid


def test_the_first_answer_is_given_again(cast: Cast) -> None:
    assert start_reply(cast.bob, "k1", "digest", AT) is None
    finish_reply(cast.bob, "k1", status=201, body='{"id": 1}', etag="v1")
    kept = start_reply(cast.bob, "k1", "digest", AT)
    assert kept is not None
    assert (kept.status, kept.body, kept.etag) == (201, '{"id": 1}', "v1")


def test_a_key_belongs_to_one_request(cast: Cast) -> None:
    start_reply(cast.bob, "k1", "digest", AT)
    with pytest.raises(Invalid, match="another request"):
        start_reply(cast.bob, "k1", "other", AT)


def test_while_the_first_runs_the_second_waits(cast: Cast) -> None:
    start_reply(cast.bob, "k1", "digest", AT)
    with pytest.raises(Conflict, match="still running"):
        start_reply(cast.bob, "k1", "digest", AT)


def test_a_failed_request_may_be_tried_again(cast: Cast) -> None:
    start_reply(cast.bob, "k1", "digest", AT)
    finish_reply(cast.bob, "k1", status=None)
    assert start_reply(cast.bob, "k1", "digest", AT) is None


def test_a_key_is_one_s_own_and_lasts_a_day(cast: Cast) -> None:
    start_reply(cast.bob, "k1", "digest", AT)
    assert start_reply(cast.mia, "k1", "other", AT) is None
    assert start_reply(cast.charlie, "k1", "other", AT) is None
    assert start_reply(cast.bob, "k1", "other", AT + timedelta(hours=25)) is None


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_length(cast: Cast, key: str) -> None:
    with pytest.raises(Invalid):
        start_reply(cast.bob, key, "digest", AT)
