"""Laws of a card: neither time nor silence makes anything known; nothing stands on no ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.cards import CardKind, check_card
from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.cards import (
    MODEL_PLACES,
    CardDocument,
    ModelEvidence,
    Number,
    Origin,
    Words,
    model_card,
)
from headway.domain.compliance.rules.cards.files import card_markdown
from headway.domain.inventory.rules.versions import ModelVersion

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = st.integers(0, 20)


def a_version(version: str) -> ModelVersion:
    return ModelVersion("m", version, 1, AT - 9 * DAY, "READY", "", (), "ci", False)


@st.composite
def numbers(draw: st.DrawFn) -> Number:
    ago, lasts = draw(DAYS), draw(st.none() | DAYS)
    seen = AT - ago * DAY
    return Number(
        record=draw(st.integers(2, 40)),
        version=draw(st.sampled_from(["", "1", "2"])),
        metric=draw(st.sampled_from(["auc", "f1"])),
        segment=draw(st.sampled_from(["", "", "age=1", "age=1 & site=2"])),
        value=draw(st.none() | st.floats(0, 1)),
        n=draw(st.none() | st.integers(0, 9_999)),
        low=None,
        high=None,
        confidence=None,
        dataset=draw(st.sampled_from(["", "loans"])),
        digest="",
        split=draw(st.sampled_from(["test", "live", "train"])),
        is_estimated=draw(st.booleans()),
        observed_at=seen,
        valid_until=None if lasts is None else seen + lasts * DAY,
    )


@st.composite
def evidence(draw: st.DrawFn) -> ModelEvidence:
    words = {
        place: Words(UUID(int=1), place, "Ranks loans for a clerk.", "lea", AT - DAY, review, 1)
        for place in draw(st.sets(st.sampled_from(sorted(MODEL_PLACES))))
        for review in [draw(st.none() | st.dates(date(2026, 11, 10), date(2026, 12, 9)))]
    }
    return ModelEvidence(
        name="m",
        at=AT,
        version=draw(st.none() | st.sampled_from([a_version("1"), a_version("2")])),
        system="",
        tier="",
        owner="",
        licence=draw(st.sampled_from(["", "MIT"])),
        licence_records=(),
        run=None,
        reproducible="",
        aliases=(),
        placed=(),
        numbers=draw(st.lists(numbers(), max_size=8)),
        data=(),
        promises=(),
        watches=(),
        approvals=(),
        charter={},
        words=words,
    )


def met(card: CardDocument) -> set[str]:
    return {one.key for one in card.paragraphs if one.verdict is Verdict.MET}


@given(evidence(), st.integers(1, 40))
def test_time_alone_makes_no_statement_fresh(held: ModelEvidence, days: int) -> None:
    later = model_card(replace(held, at=AT + days * DAY))
    assert met(later) <= met(model_card(held))


@given(evidence(), st.sampled_from(["", "1", "2"]))
def test_a_subject_that_falls_silent_makes_nothing_known(held: ModelEvidence, version: str) -> None:
    left = [one for one in held.numbers if one.version != version]
    assert met(model_card(replace(held, numbers=left))) <= met(model_card(held))


@given(evidence())
def test_what_evidence_states_names_its_records_and_what_is_unknown_names_none(
    held: ModelEvidence,
) -> None:
    for one in model_card(held).paragraphs:
        if one.verdict is Verdict.MISSING:
            assert one.text.startswith("Unknown: no ")
            assert not one.records
        elif one.origin is Origin.EVIDENCE:
            assert one.records


@given(evidence())
def test_our_own_check_reads_back_which_sections_are_known(held: ModelEvidence) -> None:
    card = model_card(held)
    read = check_card(card_markdown(card).encode(), "m.md", CardKind.MODEL)
    missing = {one.key for one in card.sections if one.verdict is Verdict.MISSING}
    assert {one.name for one in read.sections if one.verdict is Verdict.MISSING} == missing
