"""A corpus of broken push files: each bad line is refused by number and the good ones are kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.cast import AT, Cast
from tests.domain.evidence.broken_lines import GOOD, LINES

from headway.domain.evidence.actions import push_evidence
from headway.domain.evidence.actions.record import Outcome
from headway.domain.evidence.models import Record, Subject
from headway.domain.evidence.rules import Defaults

NONE = Defaults(at=datetime(2026, 11, 23, 9, tzinfo=UTC))


def pushed(cast: Cast, *lines: str) -> Outcome:
    return push_evidence(cast.bob, "\n".join(lines), NONE, AT)


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert len(LINES) >= 60


@pytest.mark.parametrize("case", LINES)
def test_a_broken_line_is_named_and_nothing_of_it_is_recorded(cast: Cast, case: str) -> None:
    line, said = LINES[case]
    outcome = pushed(cast, "", line)
    assert (outcome.recorded, outcome.already_known) == (0, 0)
    assert [one.line for one in outcome.refused] == [2]
    reason = outcome.refused[0].reason
    assert said in reason
    assert reason.endswith(".")
    assert len(reason) < 600
    assert not Record.objects.exists()
    assert not Subject.objects.exists()


@pytest.mark.parametrize("case", LINES)
def test_the_good_lines_around_a_broken_one_are_recorded_once(cast: Cast, case: str) -> None:
    good = [json.dumps(GOOD | {"payload": {"text": f"note {number}"}}) for number in range(2)]
    lines = (good[0], LINES[case][0], good[1])
    first = pushed(cast, *lines)
    assert (first.recorded, [one.line for one in first.refused]) == (2, [2])
    again = pushed(cast, *lines)
    assert (again.recorded, again.already_known) == (0, 2)
    assert (again.head_sequence, again.head_digest) == (first.head_sequence, first.head_digest)


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n", "\r\n\r\n", "\n" * 5_000])
def test_a_file_of_nothing_records_nothing_and_refuses_nothing(cast: Cast, text: str) -> None:
    outcome = push_evidence(cast.bob, text, NONE, AT)
    assert (outcome.recorded, outcome.refused) == (0, [])
