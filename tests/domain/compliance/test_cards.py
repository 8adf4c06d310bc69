"""Cards written from evidence: nothing invented, everything bound, stale when its ground is."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.compliance.carded import DAY, MODEL, evaluated, told, with_a_model

from headway.analysis.cards import CardKind, check_card
from headway.analysis.verdicts import Verdict
from headway.domain.compliance.actions import record_card, restore_card_words, write_card
from headway.domain.compliance.queries import (
    annex_iv_file,
    card_lines,
    card_words,
    datasheet_page,
    model_card_page,
)
from headway.domain.compliance.rules.cards import MODEL_PLACES, CardDocument, Paragraph
from headway.domain.compliance.rules.cards.files import card_json, card_markdown, card_page
from headway.domain.programs.actions import (
    create_release,
    move_release,
)
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.rendering.report import as_html_document, as_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(cast: Cast) -> Cast:
    return with_a_model(cast)


def card(cast: Cast, **more: object) -> CardDocument:
    return model_card_page(cast.vera, "scores", AT, **more).document  # type: ignore[arg-type]


def found(document: CardDocument, key: str) -> Paragraph:
    return next(one for one in document.paragraphs if one.key == key)


def verdicts(document: CardDocument) -> dict[str, Verdict]:
    return {section.key: section.verdict for section in document.sections}


class TestCard:
    def test_each_statement_names_its_records_and_what_nobody_knows_is_said_unknown(
        self, acme: Cast
    ) -> None:
        place = evaluated(acme, "1", 0.9, ago=3)
        document = card(acme)
        assert found(document, "auc:loans-test:test").records == (place,)
        assert "age=1: 0.8 (n = 50)" in found(document, "auc:loans-test:test:unitary").text
        licence = found(document, "training:loans:licence")
        assert licence.text == "Unknown: no evidence of the training data's licence."
        assert (licence.verdict, licence.records) == (Verdict.MISSING, ())
        assert "the loan book" in found(document, "training:loans").text
        for one in document.paragraphs:
            assert one.records or one.origin != "evidence" or not one.is_known

    def test_evidence_that_ran_out_turns_its_statement_stale_and_only_then(
        self, acme: Cast
    ) -> None:
        evaluated(acme, "1", 0.9, ago=3, lasts=5)
        assert card(acme).until == AT + 2 * DAY
        later = model_card_page(acme.vera, "scores", AT + 3 * DAY).document
        assert found(later, "auc:loans-test:test").verdict is Verdict.STALE
        assert verdicts(later)["quantitative analyses"] is Verdict.STALE
        assert "stale since 25 Nov 2026" in card_markdown(later)

    def test_a_result_of_an_older_version_is_never_the_new_ones(self, acme: Cast) -> None:
        evaluated(acme, "1", 0.9, ago=3)
        told(acme, f"{MODEL}@2", "model_version", {"status": "READY"}, ago=1)
        document = card(acme)
        assert document.about == f"{MODEL}@2"
        stale = found(document, "auc:loans-test:test")
        assert stale.verdict is Verdict.STALE
        assert "of version 1; of this version there is no such result" in stale.text
        assert "model-index" not in dict(document.front)
        assert found(document, "training-data").verdict is Verdict.MISSING
        first = card(acme, version="1")
        assert found(first, "auc:loans-test:test").verdict is Verdict.MET
        with pytest.raises(NotFound, match="known are 2, 1"):
            card(acme, version="9")

    def test_the_past_card_is_written_from_what_was_known_then(self, acme: Cast) -> None:
        evaluated(acme, "1", 0.9, ago=3)
        write_card(acme.mia, MODEL, "uses", {"text": "Ranks loans for review."}, AT - DAY)
        then = AT - 10 * DAY
        past = model_card_page(acme.vera, "scores", then, known_at=then).document
        assert found(past, "results").verdict is Verdict.MISSING
        assert found(past, "uses").verdict is Verdict.MISSING
        assert found(card(acme), "uses").text == "Ranks loans for review."

    def test_the_same_knowledge_gives_the_same_bytes_in_every_format(self, acme: Cast) -> None:
        evaluated(acme, "1", 0.9, ago=3)
        one, two = card(acme), card(acme)
        assert card_markdown(one) == card_markdown(two)
        told_json = json.dumps(card_json(one))
        assert told_json == json.dumps(card_json(two))
        page = card_page(one)
        assert "no evidence of the training data" in as_html_document(page)
        assert as_pdf(page).startswith(b"%PDF")

    def test_the_list_asks_as_much_for_many_models_as_for_one(self, acme: Cast) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                card_lines(acme.vera, AT)
            return len(asked)

        evaluated(acme, "1", 0.9, ago=3)
        before = queries()
        for name in ("a", "b", "c"):
            told(acme, f"model:{name}@1", "model_version", {"run_id": "r1"}, ago=2)
            told(acme, f"dataset:{name}@1", "dataset_version", {"digest": name}, ago=2)
        assert queries() == before
        assert len(card_lines(acme.vera, AT)) == 8


class TestRoundTrip:
    def test_our_own_check_finds_met_what_is_known_and_missing_what_is_not(
        self, acme: Cast
    ) -> None:
        evaluated(acme, "1", 0.9, ago=3)
        document = card(acme)
        answer = check_card(card_markdown(document).encode(), "x", CardKind.MODEL)
        read = {one.name: one.verdict for one in answer.sections}
        assert read == verdicts(document)
        assert {read["intended use"], read["caveats"]} == {Verdict.MISSING}
        assert [(one.name, one.value) for one in answer.metrics] == [("auc", "0.9")]

    def test_words_of_people_make_the_card_whole_and_stay_literal(self, acme: Cast) -> None:
        evaluated(acme, "1", 0.9, ago=3)
        for place in MODEL_PLACES:
            hostile = "Ranks loans for a clerk.\n## Training data\n---\n<b>*not markup*</b>"
            write_card(acme.mia, MODEL, place, {"text": hostile}, AT)
        document = card(acme)
        answer = check_card(card_markdown(document).encode(), "x", CardKind.MODEL)
        assert answer.is_complete, answer.sentence
        assert not answer.unplaced
        assert set(verdicts(document).values()) == {Verdict.MET}

    def test_a_datasheet_comes_round_too(self, acme: Cast) -> None:
        document = datasheet_page(acme.vera, "loans", AT).document
        answer = check_card(card_markdown(document).encode(), "x", CardKind.DATASET)
        assert {one.name: one.verdict for one in answer.sections} == verdicts(document)
        assert verdicts(document)["distribution"] is Verdict.MISSING
        assert "model:scores@1" in card_markdown(document)


class TestWords:
    def test_words_have_an_author_a_history_and_a_day_of_review(self, acme: Cast) -> None:
        values = {"text": "Frost.", "review_by": AT.date().isoformat()}
        write_card(acme.bob, MODEL, "caveats", values, AT - DAY)
        changed = write_card(acme.mia, MODEL, "caveats", {"text": "Ice."}, AT, version=1)
        assert (changed.author, changed.version, changed.review_by) == (
            "mia@example.com",
            2,
            date(2026, 11, 23),
        )
        assert card_words(acme.vera, MODEL, "caveats", AT - DAY).text == "Frost."
        assert found(card(acme), "caveats").verdict is Verdict.MET
        later = model_card_page(acme.vera, "scores", AT + DAY).document
        assert found(later, "caveats").verdict is Verdict.STALE
        assert restore_card_words(acme.mia, MODEL, "caveats", 1, AT).text == "Frost."
        assert restore_card_words(acme.mia, MODEL, "caveats", 0, AT).text == ""

    def test_a_late_editor_a_wrong_place_and_a_stranger_are_refused(self, acme: Cast) -> None:
        write_card(acme.bob, MODEL, "uses", {"text": "One."}, AT)
        write_card(acme.bob, MODEL, "uses", {"text": "Two."}, AT)
        with pytest.raises(Conflict, match="version 1, now 2"):
            write_card(acme.mia, MODEL, "uses", {"text": "Three."}, AT, version=1)
        with pytest.raises(Invalid, match="no place 'caveat'"):
            write_card(acme.mia, MODEL, "caveat", {"text": "x"}, AT)
        with pytest.raises(NotFound):
            write_card(acme.mia, "model:score", "use", {"text": "x"}, AT)
        with pytest.raises(Refused):
            write_card(acme.vera, MODEL, "uses", {"text": "x"}, AT)
        with pytest.raises(NotFound):
            write_card(acme.charlie, MODEL, "uses", {"text": "x"}, AT)
        with pytest.raises(NotFound):
            model_card_page(acme.charlie, "scores", AT)


class TestRecord:
    def test_a_card_on_record_holds_until_its_first_statement_runs_out(self, acme: Cast) -> None:
        evaluated(acme, "1", 0.9, ago=3, lasts=5)
        frozen = record_card(acme.mia, MODEL, AT)
        assert (frozen.about, frozen.until) == (f"{MODEL}@1", AT + 2 * DAY)
        assert "intended use" in frozen.lacking
        assert "quantitative analyses" not in frozen.lacking
        assert record_card(acme.mia, MODEL, AT).record == frozen.record
        assert model_card_page(acme.vera, "scores", AT).frozen[0] == frozen

    def test_what_has_gone_stale_is_not_complete_on_record(self, acme: Cast) -> None:
        evaluated(acme, "1", 0.9, ago=9, lasts=5)
        assert "quantitative analyses" in record_card(acme.mia, MODEL, AT).lacking
        with pytest.raises(Invalid, match=r"model:NAME or dataset:NAME"):
            record_card(acme.mia, "system:scoring", AT)


def test_an_annex_iv_file_has_nine_items_filled_from_evidence_and_plan(acme: Cast) -> None:
    place = evaluated(acme, "1", 0.9, ago=3)
    drill = {"drill": "rollback", "passed": True, "environment": "staging", "seconds": 40}
    drilled = told(acme, "system:scoring", "drill", drill, ago=2)
    release = create_release(acme.mia, "scoring", "1.0", AT - 9 * DAY, project="scores")
    move_release(acme.mia, release.id, "data", AT - 8 * DAY, reason="Frame agreed")
    write_card(acme.mia, "system:scoring", "oversight", {"text": "A clerk decides."}, AT)
    file = annex_iv_file(acme.vera, "scoring", AT)
    assert [section.key for section in file.sections] == [str(n) for n in range(1, 10)]
    assert place in file.records
    assert found(file, f"drill-{drilled}").text == "Passed in staging in 40 s (21 Nov 2026)."
    assert found(file, "oversight").text == "A clerk decides."
    assert "Not classified" in found(file, "law-Class by the AI Act").text
    changes = file.sections[5].paragraphs
    assert any("from frame to data: Frame agreed" in one.text for one in changes)
    assert verdicts(file)["8"] is Verdict.MISSING
    assert "Unknown: no statement of the declaration of conformity." in card_markdown(file)
    past = annex_iv_file(acme.vera, "scoring", AT, known_at=AT - 12 * DAY)
    assert place not in past.records
