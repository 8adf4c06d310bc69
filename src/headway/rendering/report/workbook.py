"""The report as a workbook (XLSX): numbers as numbers, dates as dates, and what each one means.

No cell is ever a formula or a link: a person's text that looks like one stays text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from headway.rendering.report.blocks import LEVEL_WORDS, SHAPES
from headway.rendering.report.onepager import Level, OnePager, Outlook
from headway.rendering.report.page import worded

#: A share is a percentage, a day a date, in whichever program opens it.
_SHARE, _DAY, _MONEY = "0.0 %", "yyyy-mm-dd", "#,##0.00"

DEFINITIONS = (
    ("P50, P80", "50 % and 80 % of the simulated outcomes are at or before this day or amount."),
    (
        "Chance to be on time",
        "Share of the simulated outcomes that finish by the end of the target.",
    ),
    ("Empty cell", "There is no such number, which is not the same as 0."),
    ("Cost", "What the plan costs to its end, with what was spent, in the program's currency."),
    ("Budget", "Budget lines and contingency, without the management reserve."),
    ("Computed", "The level that the named rule gives; the author's judgement stands beside it."),
    ("Odds of a risk", "The chance that it happens; empty where it is an issue already."),
    ("As of", "The data date: nothing that was learned later is in this file."),
)


class _Sheets:
    """The workbook under way: one method a sheet, one format a sort of value."""

    def __init__(self, report: OnePager, file: BytesIO) -> None:
        from xlsxwriter import Workbook

        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self.report = report
        self.book: Any = Workbook(file, options)
        made = report.as_of.astimezone(UTC).replace(tzinfo=None)
        self.book.set_properties({"title": report.program, "author": "Headway", "created": made})
        self.formats: dict[str, Any] = {
            name: self.book.add_format({"num_format": name, "valign": "top"})
            for name in (_SHARE, _DAY, _MONEY)
        }
        self.plain = self.book.add_format({"valign": "top", "text_wrap": True})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})

    def add(
        self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], widths: str
    ) -> None:
        """Write a sheet: a heading that stays in sight, then the rows."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, (column, width) in enumerate(zip(columns, widths.split(), strict=True)):
            sheet.set_column(place, place, float(width))
            sheet.write_string(0, place, column, self.head)
        for down, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                self._write(sheet, down, place, value)

    def _write(self, sheet: Any, down: int, place: int, value: object) -> None:  # noqa: ANN401
        match value:
            case None:
                sheet.write_blank(down, place, None, self.plain)
            case _Share(share):
                sheet.write_number(down, place, share, self.formats[_SHARE])
            case Decimal():
                sheet.write_number(down, place, float(value), self.formats[_MONEY])
            case int() | float():
                sheet.write_number(down, place, value, self.plain)
            case date():
                moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day
                sheet.write_datetime(down, place, moment, self.formats[_DAY])
            case _:
                sheet.write_string(down, place, str(value), self.plain)


class _Share:
    """A number from 0 to 1 that is read as a percentage."""

    __match_args__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value


def as_xlsx(report: OnePager) -> bytes:
    """Return the report as an XLSX file; equal reports give equal bytes."""
    file = BytesIO()
    sheets = _Sheets(report, file)
    page = worded(report)
    currency = report.outlook.currency
    sheets.add("Summary", ("Figure", "Now", "Last report", "Unit"), _summary(report), "34 24 24 12")
    sheets.add(
        "Health",
        ("Dimension", "Computed", "Why", "Rule", "Records", "Newest record", "Author's judgement"),
        [
            (
                line.dimension,
                _level(line.level),
                line.sentence,
                line.rule,
                line.evidence,
                line.newest.date() if line.newest else None,
                line.judgement.words if line.judgement else None,
            )
            for line in report.health
        ],
        "14 14 60 40 10 14 40",
    )
    sheets.add("Changes", ("What changed",), [(item,) for item in page.changes.items], "100")
    sheets.add(
        "Decisions",
        ("Question", "Options", "Recommended", "By", "Waiting costs"),
        [
            (one.question, " / ".join(one.options), one.recommendation, one.by, one.waiting_costs)
            for one in report.decisions
        ],
        "50 70 28 12 36",
    )
    sheets.add(
        "Risks",
        ("Risk or issue", "Odds", "Impact", "Owner", "Next action", "By"),
        [
            (one.name, _share(one.probability), one.impact, one.owner, one.next_action, one.due)
            for one in report.risks
        ],
        "50 8 34 22 50 12",
    )
    sheets.add(
        "Milestones",
        ("Milestone", "Plan", "P50", "P80", "Deadline", "Reached"),
        [(one.name, one.planned, one.p50, one.p80, one.due, one.done) for one in report.milestones],
        "44 12 12 12 12 12",
    )
    sheets.add(
        "Projects",
        ("Project", "Health", "Stage", "Quality against promise", "P50", "P80", "On time"),
        [
            (
                one.name,
                _level(one.level),
                one.stage,
                one.quality,
                one.p50,
                one.p80,
                _share(one.p_on_time),
            )
            for one in report.projects
        ],
        "28 14 16 60 12 12 10",
    )
    points = report.odds.points if report.odds else ()
    sheets.add(
        "Odds", ("Finished by", "Chance"), [(day, _Share(part)) for day, part in points], "14 10"
    )
    sheets.add(
        "Definitions", ("Word", "Meaning"), [*DEFINITIONS, *_rests(currency, page.footer)], "28 100"
    )
    sheets.book.close()
    return file.getvalue()


def _summary(report: OnePager) -> Iterable[Sequence[object]]:
    now, before = report.outlook, report.previous
    was = before or Outlook("unknown", None, None, None, None, None, None, now.currency)
    yield ("Program", report.program, None, None)
    yield ("As of", report.as_of.date(), report.previous_as_of, None)
    yield ("Health of the schedule", _level(now.level), _level(was.level) if before else None, None)
    yield ("Target", now.target, was.target, None)
    yield ("Chance to be on time", _share(now.p_on_time), _share(was.p_on_time), None)
    yield ("Finish at P50", now.p50, was.p50, None)
    yield ("Finish at P80", now.p80, was.p80, None)
    yield ("Cost at P80", now.cost_p80, was.cost_p80, now.currency)
    yield ("Budget", now.budget, was.budget, now.currency)
    if now.cost_p80 is not None and now.budget is not None:
        yield ("Cost at P80 over budget", now.cost_p80 - now.budget, None, now.currency)
    yield ("Decisions needed", len(report.decisions), None, None)


def _rests(currency: str, footer: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield what the report rests on: sources, forecast, ledger."""
    yield ("Currency", currency)
    yield from footer


def _level(level: Level) -> str:
    return f"{SHAPES[level]} {LEVEL_WORDS[level]}"


def _share(value: float | None) -> _Share | None:
    return None if value is None else _Share(value)
