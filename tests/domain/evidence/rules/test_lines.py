"""Push files: every line becomes an observation or a refusal, and nothing else happens."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.cast import AT
from tests.domain.evidence.payloads import GOOD, an_observation, as_line, as_value

from headway.domain.evidence.rules import KINDS, Defaults, Refusal, read_lines
from headway.domain.evidence.rules.ledger import draft
from headway.errors import Invalid
from headway.observation import Observation

NONE = Defaults()

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["run", "note", "model:a@1", "2026-10-05T12:00:00Z", "\x00", "a\ud800"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)
#: Near misses: a good line with some keys replaced by anything.
NEAR = st.builds(
    lambda kind, spoilt, payload: {
        **as_value(an_observation(kind)),
        **spoilt,
        "payload": {**GOOD[kind], **payload},
    },
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(st.sampled_from(["subject", "kind", "source", "observed_at"]), VALUES),
    st.dictionaries(st.sampled_from(["value", "metrics", "points", "text", "amount"]), VALUES),
)


def _only(text: str, defaults: Defaults = NONE) -> Observation | Refusal:
    [(_, read)] = read_lines(text, defaults)
    return read


def _reason(line: str, defaults: Defaults = NONE) -> str:
    read = _only(line, defaults)
    assert isinstance(read, Refusal)
    return read.reason


@given(st.text())
@example("{" * 100_000)
@example("[" * 100_000 + "]" * 100_000)
@example('{"payload": ' + "9" * 5_000 + "}")
@example('{"a": 1, "a": 2}')
def test_any_text_gives_observations_or_refusals(text: str) -> None:
    for number, read in read_lines(text, NONE):
        assert number >= 1
        assert isinstance(read, Observation | Refusal)


@given(st.lists(VALUES | NEAR, max_size=4))
def test_any_json_gives_a_draft_or_a_reason(values: list[object]) -> None:
    text = "\n".join(json.dumps(value) for value in values)
    for number, read in read_lines(text, NONE):
        if isinstance(read, Refusal):
            assert read.reason
            continue
        with suppress(Invalid):
            json.loads(draft(read, number).payload.encode())


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_what_is_read(kind: str) -> None:
    observation = an_observation(kind, project="meter-reading")
    assert _only(as_line(observation)) == observation


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_that_is_not_json_is_refused(constant: str) -> None:
    line = as_line(an_observation("evaluation")).replace("0.93", constant)
    assert f"{constant} is not a value" in _reason(line)


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_that_overflows_is_refused(number: str) -> None:
    read = _only(as_line(an_observation("evaluation")).replace("0.93", number))
    assert isinstance(read, Observation)
    with pytest.raises(Invalid, match="value"):
        draft(read, 1)


def test_a_key_given_twice_is_refused() -> None:
    line = as_line(an_observation()).replace('{"subject"', '{"kind": "run", "subject"', 1)
    assert "'kind' is given twice" in _reason(line)


def test_an_unknown_key_is_named() -> None:
    value = {**as_value(an_observation()), "observed": "2026-10-05"}
    assert "Unknown key 'observed'" in _reason(as_line(value))


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    good = as_line(an_observation())
    text = f"\n{good}\r\n\n   \nnot json\n{good}"
    numbers = [(number, isinstance(read, Refusal)) for number, read in read_lines(text, NONE)]
    assert numbers == [(2, False), (5, True), (6, False)]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b"], ids=repr)
def test_a_line_separator_inside_a_string_does_not_end_the_line(separator: str) -> None:
    value = as_value(an_observation(text=f"one{separator}two"))
    text = json.dumps(value, ensure_ascii=False)
    if separator == "\x0b":
        assert "not JSON" in _reason(text.replace("\\u000b", separator))
    else:
        read = _only(text)
        assert isinstance(read, Observation)
        assert read.payload["text"] == f"one{separator}two"


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-10-05T12:00:00", "no zone"),
        ("soon", "not a time"),
        (1_700_000_000, "must be a time"),
        ("0001-01-01T00:00:00+05:00", "outside the years"),
        ("9999-12-31T23:00:00-05:00", "outside the years"),
    ],
)
def test_a_time_that_cannot_be_kept_is_refused(moment: object, why: str) -> None:
    value = {**as_value(an_observation()), "observed_at": moment}
    assert why in _reason(json.dumps(value))


def test_defaults_fill_what_a_line_does_not_say() -> None:
    defaults = Defaults(subject="model:a@1", kind="note", source="ci", project="p", at=AT)
    read = _only('{"text": "bare payload"}', defaults)
    assert isinstance(read, Observation)
    assert (str(read.subject), read.kind, read.source, read.project) == (
        "model:a@1",
        "note",
        "ci",
        "p",
    )
    assert read.observed_at == AT
    assert read.payload == {"text": "bare payload"}


def test_a_line_says_it_better_than_the_defaults() -> None:
    read = _only(as_line(an_observation()), Defaults(subject="model:b@2", kind="run", source="ci"))
    assert read == an_observation()


def test_a_message_does_not_repeat_a_long_line() -> None:
    value = {**as_value(an_observation()), "source": "s" * 500_000}
    assert len(_reason(as_line(value))) < 1_000
    assert "at most 1,000,000 are read" in _reason('"' + "x" * 1_000_001 + '"')


@pytest.mark.parametrize("name", ["model:a\x00b", "model:a\ud800b"], ids=ascii)
def test_a_subject_that_no_database_can_hold_is_refused(name: str) -> None:
    read = _only(as_line({**as_value(an_observation()), "subject": name}))
    assert isinstance(read, Observation)
    with pytest.raises(Invalid, match="no text may hold"):
        draft(read, 1)


def test_a_nul_in_a_payload_is_refused_and_its_spelling_is_not() -> None:
    with pytest.raises(Invalid, match="NUL"):
        draft(an_observation(text="a\x00b"), 1)
    assert draft(an_observation(text="a\\u0000b"), 1).payload == '{"text":"a\\\\u0000b"}'
    with pytest.raises(Invalid, match="NUL"):
        draft(an_observation(text="a\\\x00b"), 1)


def test_evidence_cannot_expire_before_it_is() -> None:
    with pytest.raises(Invalid, match="cannot expire"):
        draft(an_observation(hours=1, valid_until=AT), 1)


def test_a_payload_too_long_belongs_in_a_file() -> None:
    points = [{"step": step, "at": "2026-10-05T10:00:00Z", "value": 0.1} for step in range(25_000)]
    with pytest.raises(Invalid, match="Keep the data in a file"):
        draft(an_observation("metric_series", points=points), 1)


def test_a_long_source_is_refused_not_cut() -> None:
    assert draft(an_observation(source="s" * 200), 1).source == "s" * 200
    with pytest.raises(Invalid, match="201 characters"):
        draft(an_observation(source="s" * 201), 1)
