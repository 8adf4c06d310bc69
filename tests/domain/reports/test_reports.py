"""What was frozen stays as it was, and every format says the same."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from pptx import Presentation
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import LATER, TRIALS, a_judged_program, push_recall

from headway.domain.accounts.models import AuditEntry, User
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.plans.actions import edit_item, make_forecast
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.models import Report
from headway.domain.reports.queries import (
    Drawing,
    ReportLine,
    compose_pack,
    pack_numbered,
    report_content,
    reports_of,
)
from headway.domain.reports.rules import Format, PackDraft, from_snapshot, to_snapshot
from headway.errors import Invalid, NotFound, Refused
from headway.observation import digest
from headway.rendering.phrases import day, money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    a_judged_program(cast)
    push_recall(cast, "scores", 0.95)


REASON = "The board has seen both."


def frozen(cast: Cast, at: datetime = AT) -> ReportLine:
    return freeze_report(cast.mia, "fraud", PackDraft(reason=REASON), at, known_at=at)


def change_everything(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"estimate": "90 120 200"}, LATER)
    push_recall(cast, "scores", 0.5, LATER)
    make_forecast(cast.bob, "fraud", LATER, trials=TRIALS)


def test_reports_are_numbered_from_one(cast: Cast) -> None:
    assert [frozen(cast).number, frozen(cast, LATER).number] == [1, 2]
    program = program_named(cast.vera, "fraud")
    assert [line.number for line in reports_of(cast.vera, program)] == [2, 1]
    assert [line.number for line in reports_of(cast.vera, program, AT)] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_report SET snapshot = '{}'",
        "UPDATE reports_report SET number = 7",
        "DELETE FROM reports_report",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_report(cast: Cast, statement: str) -> None:
    frozen(cast)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Report.objects.get().number == 1


def judged_by(cast: Cast, actor: Actor, name: str) -> str:
    """Return the snapshot of a report in which `actor`, called `name`, has judged."""
    User.objects.filter(id=actor.user_id).update(name=name)
    judge_health(actor, JudgementDraft("fraud", "quality", "It will hold."), AT)
    frozen(cast, LATER)
    return Report.objects.get().snapshot


def test_a_report_names_who_judged_and_holds_no_address(cast: Cast) -> None:
    snapshot = judged_by(cast, cast.mia, "Mia Lindqvist")
    assert "Mia Lindqvist" in snapshot
    assert "@example.com" not in snapshot


def test_who_gave_no_name_is_a_member_and_no_address(cast: Cast) -> None:
    snapshot = judged_by(cast, cast.mia, "")
    assert "a member" in snapshot
    assert "@example.com" not in snapshot


def test_a_judgement_by_token_carries_its_owner_s_name(cast: Cast) -> None:
    by_token = replace(cast.mia, label=f"{cast.mia.label} by token ci")
    assert "Mia Lindqvist" in judged_by(cast, by_token, "Mia Lindqvist")


def test_a_snapshot_comes_back_byte_for_byte(cast: Cast) -> None:
    draft = PackDraft(reason=REASON)
    program = program_named(cast.vera, "fraud")
    composed = compose_pack(cast.vera, program, AT, known_at=AT, draft=draft)
    line = frozen(cast)
    text = Report.objects.get().snapshot
    assert text == to_snapshot(composed)
    assert from_snapshot(text) == composed
    assert to_snapshot(from_snapshot(text)) == text
    assert line.digest == digest(text)


def deck_words(deck: Any) -> Iterator[str]:  # noqa: ANN401 - python-pptx is not typed
    """Yield the text of every shape and cell of a deck."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if getattr(shape, "has_table", False):
                yield from (cell.text for row in shape.table.rows for cell in row.cells)


def book_words(data: bytes) -> Iterator[str]:
    """Yield the cells of a workbook, its days and amounts as a page words them."""
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows(values_only=True):
            for value in row:
                if isinstance(value, datetime):
                    yield day(value.date())
                elif isinstance(value, int | float):
                    yield money(Decimal(str(value)), "USD")
                else:
                    yield str(value)


def words(data: bytes, form: Format) -> str:
    """Return what a reader sees, with plain spaces."""
    if form is Format.PDF:
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    elif form is Format.PPTX:
        text = " ".join(deck_words(Presentation(io.BytesIO(data))))
    elif form is Format.XLSX:
        text = " ".join(book_words(data))
    else:
        text = data.decode().replace("&nbsp;", " ").replace("\\", "")
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("form", list(Format))
def test_every_format_says_the_frozen_date_and_cost_again_and_again(
    cast: Cast, form: Format
) -> None:
    frozen(cast)
    program = program_named(cast.vera, "fraud")
    first = report_content(cast.vera, program, 1, Drawing(form))
    change_everything(cast)
    again = report_content(cast.vera, program_named(cast.vera, "fraud"), 1, Drawing(form))
    assert again == first
    assert first.name == f"fraud-report-1.{form}"
    outlook = pack_numbered(cast.vera, program, 1)[1].executive.outlook
    assert outlook.p80 is not None
    assert outlook.cost_p80 is not None
    told = words(first.data, form)
    assert day(outlook.p80) in told
    assert re.sub(r"\s+", " ", money(outlook.cost_p80, "USD")) in told


def test_the_next_report_compares_with_the_last(cast: Cast) -> None:
    frozen(cast)
    change_everything(cast)
    frozen(cast, LATER)
    program = program_named(cast.vera, "fraud")
    first, second = (pack_numbered(cast.vera, program, number)[1].executive for number in (1, 2))
    assert (first.previous, first.changes) == (None, ())
    assert second.previous == first.outlook
    assert second.previous_as_of == AT.date()
    assert "Work: estimate 20/40/120 days → 90/120/200 days." in second.changes
    assert [line.was for line in second.health] == [line.level for line in first.health]
    assert second.odds is not None
    assert second.odds.previous_as_of == AT.date()


def test_freezing_leaves_an_audit_row_with_the_digest(cast: Cast) -> None:
    line = frozen(cast)
    entry = AuditEntry.objects.filter(workspace=cast.acme).latest("sequence")
    assert (entry.action, entry.thing) == ("freeze_report", "fraud 1")
    assert line.digest in entry.text


def test_an_unknown_audience_is_invalid(cast: Cast) -> None:
    with pytest.raises(Invalid, match=r"'board'.*executive"):
        freeze_report(cast.mia, "fraud", PackDraft(("board",)), AT)
    assert not Report.objects.exists()


def test_only_who_may_report_freezes_and_only_at_home(cast: Cast) -> None:
    for actor in (cast.vera, cast.bob, cast.vic):
        with pytest.raises(Refused):
            freeze_report(actor, "fraud", PackDraft(), AT)
    with pytest.raises(NotFound):
        freeze_report(cast.charlie, "fraud", PackDraft(), AT)
    assert not Report.objects.exists()


def test_strangers_read_no_report(cast: Cast) -> None:
    frozen(cast)
    program = program_named(cast.vera, "fraud")
    with pytest.raises(NotFound):
        reports_of(cast.charlie, program)
    with pytest.raises(NotFound):
        report_content(cast.charlie, program, 1, Drawing(Format.MARKDOWN))
    with pytest.raises(NotFound, match="no report number 9"):
        report_content(cast.vera, program, 9, Drawing(Format.MARKDOWN))
