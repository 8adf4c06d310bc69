"""What each kind of evidence takes, and what it refuses by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from tests.domain.evidence.payloads import GOOD

from headway.domain.evidence.rules import KINDS, STATE_KINDS, read_payload, state_of
from headway.domain.evidence.rules.kinds import LATER_KEYS
from headway.errors import Invalid

NUMBERS = [("evaluation", "value"), ("evaluation", "low"), ("evaluation", "confidence")]
NOT_NUMBERS = [float("nan"), float("inf"), float("-inf"), 10**400, True, "0.5", [1], {}]


def test_every_kind_has_a_good_payload_here() -> None:
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_payload_is_taken_and_completed(kind: str) -> None:
    read = read_payload(kind, GOOD[kind])
    assert set(GOOD[kind]) <= set(read)
    assert set(read) == set(KINDS[kind].model_fields) - set(LATER_KEYS.get(kind, ()))


def test_a_key_that_came_later_leaves_older_evidence_the_same() -> None:
    before = read_payload("check", GOOD["check"])
    bound = read_payload("check", {**GOOD["check"], "dataset_digest": "9f2c", "commit": None})
    assert bound == {**before, "dataset_digest": "9f2c"}


@pytest.mark.parametrize("kind", KINDS)
def test_reading_a_payload_twice_changes_nothing(kind: str) -> None:
    read = read_payload(kind, GOOD[kind])
    assert read_payload(kind, read) == read


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_key_is_refused_by_name(kind: str) -> None:
    with pytest.raises(Invalid, match="acuracy"):
        read_payload(kind, {**GOOD[kind], "acuracy": 1})


@pytest.mark.parametrize("kind", KINDS)
def test_each_missing_key_is_named(kind: str) -> None:
    required = [name for name, field in KINDS[kind].model_fields.items() if field.is_required()]
    for key in required:
        spoilt = {name: value for name, value in GOOD[kind].items() if name != key}
        with pytest.raises(Invalid) as refusal:
            read_payload(kind, spoilt)
        assert key in [problem.where for problem in refusal.value.problems]


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match="'vibe' is not known; the kinds are run, "):
        read_payload("vibe", {})


@pytest.mark.parametrize(("kind", "key"), NUMBERS)
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
def test_what_is_not_a_finite_number_is_refused(kind: str, key: str, value: object) -> None:
    with pytest.raises(Invalid, match=key):
        read_payload(kind, {**GOOD[kind], key: value})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", 10**400], ids=repr)
def test_a_metric_of_a_run_is_a_finite_number_or_null(value: object) -> None:
    with pytest.raises(Invalid, match="metrics/auc"):
        read_payload("run", {**GOOD["run"], "metrics": {"auc": value}})


def test_null_says_that_there_is_no_value() -> None:
    assert read_payload("evaluation", {**GOOD["evaluation"], "value": None})["value"] is None


def test_a_large_whole_number_is_a_number() -> None:
    read = read_payload("run", {**GOOD["run"], "metrics": {"flops": 10**18}})
    assert read["metrics"] == {"flops": 1e18}


@pytest.mark.parametrize("rows", [-1, 2**53 + 1, 10**30, 1.5, "7", True], ids=repr)
def test_a_count_is_a_whole_number_that_json_keeps_exact(rows: object) -> None:
    with pytest.raises(Invalid, match="rows"):
        read_payload("dataset_version", {"digest": "d", "rows": rows})


def test_a_segment_given_twice_is_refused() -> None:
    twice = [{"segment": "digit=3", "value": 0.8}, {"segment": "digit=3", "value": 0.9}]
    with pytest.raises(Invalid, match="'digit=3' is given twice"):
        read_payload("evaluation", {**GOOD["evaluation"], "segments": twice})


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "1e5", "1e999999", " 12", "1_0", "１２", "", "12.", 12.5]
)
def test_an_amount_is_plain_decimal_text(amount: object) -> None:
    with pytest.raises(Invalid, match="amount"):
        read_payload("cost", {**GOOD["cost"], "amount": amount})


def test_a_credit_is_a_negative_amount() -> None:
    assert read_payload("cost", {**GOOD["cost"], "amount": "-3.20"})["amount"] == "-3.20"


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-10-05T10:00:00", 1_700_000_000, "0001-01-01T00:00:00+05:00"]
)
def test_a_moment_needs_a_zone_and_a_year_we_can_write(moment: object) -> None:
    with pytest.raises(Invalid, match="started_at"):
        read_payload("run", {**GOOD["run"], "started_at": moment})


def test_one_instant_has_one_text() -> None:
    there = datetime(2026, 10, 5, 12, tzinfo=timezone(timedelta(hours=2)))
    here = datetime(2026, 10, 5, 10, tzinfo=UTC)
    reads = [read_payload("run", {**GOOD["run"], "started_at": at}) for at in (there, here)]
    assert reads[0] == reads[1]


def test_python_values_become_their_json() -> None:
    values = {"amount": Decimal("1.20"), "period_start": date(2026, 10, 1)}
    assert read_payload("cost", {**GOOD["cost"], **values})["amount"] == "1.20"


def test_a_value_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(Invalid, match="it holds a object"):
        read_payload("note", {"text": object()})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Invalid, match="note"):
        read_payload("note", {"text": "\ud800"})


def test_a_message_does_not_repeat_a_megabyte() -> None:
    with pytest.raises(Invalid) as refusal:
        read_payload("note", {"text": "x", "k" * 1_000_000: "v" * 1_000_000})
    assert len(str(refusal.value)) < 2_000


def test_an_alias_state_is_model_alias_and_version_only() -> None:
    first = read_payload("alias_move", GOOD["alias_move"])
    again = {**first, "seen_by": "2026-11-01T00:00:00Z", "from_version": "2"}
    moved = {**first, "version": "4"}
    assert state_of("alias_move", first) == state_of("alias_move", again)
    assert state_of("alias_move", first) != state_of("alias_move", moved)


def test_the_state_of_a_bill_is_what_it_says_and_not_which_file_said_it() -> None:
    first = read_payload("bill", GOOD["bill"])
    assert state_of("bill", first) == state_of("bill", {**first, "file": "again.csv"})
    assert state_of("bill", first) != state_of("bill", {**first, "rows": 3})


@pytest.mark.parametrize("kind", sorted(set(STATE_KINDS) - {"alias_move", "bill"}))
def test_any_other_state_is_the_whole_payload(kind: str) -> None:
    read = read_payload(kind, GOOD[kind])
    assert state_of(kind, read) == read
