"""The compliance view: verdicts, the evidence with its age and digest, who decided, what lacks."""

from __future__ import annotations

from headway.rendering import phrases
from headway.rendering.report.blocks import Bullets, Cell, Fact, Grid, Page
from headway.rendering.report.pack import Compliance, Engineering, Pack
from headway.rendering.report.views import cells, shared
from headway.rendering.report.views.glossary import WORDS

_ME = "compliance"

#: Letters of a digest that documents show; a workbook holds all.
DIGEST_SHOWN = 16


def compliance_page(pack: Pack) -> Page:
    """Return what legal, privacy, security and audit are told."""
    report = pack.executive
    told, promised = pack.compliance or Compliance(), pack.engineering or Engineering()
    level = next((one.level for one in report.health if one.dimension.lower() == _ME), "unknown")
    return Page(
        audience=_ME,
        title=cells.clipped(report.program, cells.MOST_IN_TITLE),
        subject="compliance report",
        as_of=phrases.moment(report.as_of),
        stamp=report.as_of.timestamp(),
        level=level,  # type: ignore[arg-type]
        bottom_line=_bottom_line(told, promised),
        facts=_facts(pack, told, promised),
        blocks=(
            *shared.overruled(pack, _ME),
            _missing(told),
            _projects(told),
            shared.criteria_grid(promised.criteria, _ME),
            _decisions(told),
            _evidence(pack, told),
        ),
        footer=shared.footer(report),
        words=WORDS[_ME],
    )


def _bottom_line(told: Compliance, promised: Engineering) -> str:
    missing = phrases.quantity(len(told.missing), "thing is missing", "things are missing")
    taken = phrases.quantity(len(told.decisions), "decision is", "decisions are")
    return (
        f"{shared.met(promised.criteria)} requirements are met by evidence; {missing}; "
        f"{taken} on record."
    )


def _facts(pack: Pack, told: Compliance, promised: Engineering) -> tuple[Fact, ...]:
    head = pack.executive.ledger
    oldest = min((one.observed_at for one in told.evidence), default=None)
    age = phrases.age(oldest, pack.executive.as_of) if oldest else phrases.NOT_AVAILABLE
    return (
        Fact("Requirements met", shared.met(promised.criteria), "by evidence"),
        Fact("Missing", f"{len(told.missing):,}", "see below", len(told.missing)),
        Fact("Records used", f"{len(told.evidence):,}", f"oldest: {age}", len(told.evidence)),
        Fact(
            "Ledger",
            f"#{head.sequence:,}" if head else "empty",
            head.digest[:DIGEST_SHOWN] if head else "no record",
        ),
    )


def _missing(told: Compliance) -> Bullets:
    items = tuple(cells.clipped(one) for one in told.missing)
    return Bullets("missing", "What is missing", items, "Nothing that is due is missing.")


def _projects(told: Compliance) -> Grid:
    rows = tuple(
        (
            cells.words(one.project),
            cells.words(one.stage),
            cells.status(one.level, one.verdict.replace("_", " ").capitalize()),
            cells.words(one.sentence),
        )
        for one in told.projects
    )
    columns = ("Project", "Stage", "Verdict", "Why")
    return Grid("approvals", "Approvals by project", columns, rows, "No project yet.")


def _decisions(told: Compliance) -> Grid:
    rows = tuple(
        (
            cells.words(one.question),
            cells.words(one.chosen),
            cells.words(one.by),
            cells.day(one.at.date()),
            cells.words(one.reason),
        )
        for one in told.decisions
    )
    columns = ("Decision", "Chosen", "By", "On", "Reason")
    return Grid("taken", "Decisions taken", columns, rows, "No decision was taken yet.")


def _evidence(pack: Pack, told: Compliance) -> Grid:
    at = pack.executive.as_of
    rows = tuple(
        (
            Cell(f"#{one.record}", value=one.record),
            cells.words(one.subject),
            cells.words(one.kind.replace("_", " ")),
            cells.words(one.project),
            cells.day(one.observed_at.date()),
            Cell(phrases.age(one.observed_at, at)),
            cells.day(one.valid_until.date() if one.valid_until else None),
            Cell(one.digest[:DIGEST_SHOWN], value=one.digest),
        )
        for one in told.evidence
    )
    columns = ("Record", "Subject", "Kind", "Project", "Observed", "Age", "Valid until", "SHA-256")
    note = f"The first {DIGEST_SHOWN} letters of each digest; the workbook holds all 64."
    empty = "No verdict rests on evidence yet."
    return Grid("evidence", "Evidence of the verdicts", columns, rows, empty, note)
