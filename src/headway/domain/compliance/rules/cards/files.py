"""A card as files: Markdown with front matter, JSON, and the page that HTML and PDF are made of.

The Markdown is one that `headway card check` reads: what is known is met there, what is unknown is
missing. The same card gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.cards.paragraphs import CardDocument, CardSection, Paragraph
from headway.domain.compliance.rules.cards.phrases import day
from headway.rendering.phrases import moment
from headway.rendering.report.blocks import Cell, Fact, Grid, Page
from headway.rendering.report.markdown import literal
from headway.rendering.report.onepager import Level

KINDS: Mapping[str, str] = {
    "model": "model card",
    "dataset": "datasheet",
    "annex-iv": "technical documentation",
}
#: A verdict of a paragraph as a word and a level.
STANDINGS: Mapping[Verdict, tuple[str, Level]] = {
    Verdict.MET: ("known", "good"),
    Verdict.STALE: ("stale", "at_risk"),
    Verdict.MISSING: ("unknown", "unknown"),
}


def card_markdown(card: CardDocument) -> str:
    """Return the card as Markdown; what people typed stays literal."""
    blocks = [
        *_front(card.front),
        f"# {literal(card.title)}",
        *(block for section in card.sections for block in _section(section)),
        "## References",
        f"Written by Headway from evidence as of {moment(card.at)}. {literal(card.sentence)}",
        _resting(card),
    ]
    return "\n\n".join(blocks) + "\n"


def _resting(card: CardDocument) -> str:
    if not card.records:
        return "It rests on no record yet."
    numbers = ", ".join(str(one) for one in card.records)
    return f"It rests on these records of the ledger: {numbers}."


def _front(front: Sequence[tuple[str, object]]) -> Iterator[str]:
    """Yield the front matter: JSON values, which YAML reads as they are."""
    if front:
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front]
        yield "\n".join(["---", *lines, "---"])


def _section(section: CardSection) -> Iterator[str]:
    yield f"## {literal(section.title)}"
    lines = [_line(one) for one in section.paragraphs]
    if lines:
        yield "\n".join(lines)


def _line(one: Paragraph) -> str:
    text = "\n  ".join(literal(part) for part in one.text.split("\n") if part.strip())
    return f"- *{literal(one.label)}*: {text}{_after(one)}"


def _after(one: Paragraph) -> str:
    """Return what follows a statement: whose it is, the records, and that it is stale."""
    parts = []
    if one.words is not None:
        parts.append(f"{literal(one.words.author)}, {day(one.words.at)}")
    if one.records:
        word = "record" if len(one.records) == 1 else "records"
        parts.append(f"{word} {', '.join(str(record) for record in one.records)}")
    if one.verdict is Verdict.STALE:
        parts.append(f"stale since {day(one.until)}" if one.until else "stale")
    return f" ({'; '.join(parts)})" if parts else ""


def card_json(card: CardDocument) -> dict[str, object]:
    """Return the card as plain JSON values."""
    return {
        "kind": card.kind,
        "about": card.about,
        "title": card.title,
        "as_of": card.at.isoformat(),
        "sentence": card.sentence,
        "valid_until": _instant(card.until),
        "records": list(card.records),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "verdict": section.verdict.value,
                "paragraphs": [_paragraph(one) for one in section.paragraphs],
            }
            for section in card.sections
        ],
    }


def _paragraph(one: Paragraph) -> dict[str, object]:
    return {
        "key": one.key,
        "label": one.label,
        "text": one.text,
        "verdict": one.verdict.value,
        "origin": one.origin.value,
        "records": list(one.records),
        "valid_until": _instant(one.until),
        "place": one.place,
        "author": one.words.author if one.words else "",
        "written_at": one.words.at.isoformat() if one.words else None,
        "version": one.words.version if one.words else None,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def card_page(card: CardDocument) -> Page:
    """Return the card as a page in blocks, which HTML and PDF are made of."""
    return Page(
        audience="record",
        title=card.title,
        subject=KINDS[card.kind],
        as_of=moment(card.at),
        stamp=card.at.timestamp(),
        level="at_risk" if card.stale or card.unknown else "good",
        bottom_line=card.sentence,
        facts=(
            Fact("Known", str(sum(one.is_known for one in card.paragraphs)), "statements"),
            Fact("Stale", str(card.stale), "evidence or review ran out"),
            Fact("Unknown", str(card.unknown), "printed as unknown"),
        ),
        blocks=tuple(_grid(place, one) for place, one in enumerate(card.sections)),
        footer=(("About", card.about), ("Records", _numbers(card.records))),
    )


def _grid(place: int, section: CardSection) -> Grid:
    return Grid(
        f"section-{place}",
        section.title,
        ("What", "What is known", "Standing", "Rests on"),
        tuple(_row(one) for one in section.paragraphs),
        "Nothing is known.",
    )


def _row(one: Paragraph) -> tuple[Cell, ...]:
    word, level = STANDINGS[one.verdict]
    until = f"until {day(one.until)}" if one.until else ""
    rests = _numbers(one.records) if one.records else one.origin.value
    author = f"{one.words.author}, {day(one.words.at)}" if one.words else ""
    return (
        Cell(one.label),
        Cell(one.text),
        Cell(word, until, level),
        Cell(author or rests),
    )


def _numbers(records: Sequence[int]) -> str:
    """Return the numbers of records, the first of them where they are many."""
    shown = ", ".join(str(one) for one in records[:20])
    return f"{shown} and {len(records) - 20} more" if len(records) > 20 else shown or "none"
