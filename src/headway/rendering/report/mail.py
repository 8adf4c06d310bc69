"""A report as a mail: subject, a text and an HTML body that need no picture and no style sheet.

Pure: nothing is sent here. The HTML carries tables and words only, since many readers of mail
drop pictures, scripts and the head of a document.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from headway.rendering.report.blocks import SHAPES, Block, Bullets, Cards, Cell, Grid, Page, headed
from headway.rendering.report.pack import Pack
from headway.rendering.report.views import page_of

_CELL = (
    'style="border-bottom:1px solid #d5d9de;padding:4px 10px 4px 0;'
    'text-align:left;vertical-align:top"'
)
_MOST_IN_SUBJECT = 180


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to be addressed. `subject` is one line."""

    subject: str
    text: str
    html: str


def mail_of(pack: Pack, audience: str, vendor: str = "") -> Mail:
    """Return the mail that tells `audience` of the pack. Raises as `page_of` does."""
    page = page_of(pack, audience, vendor)
    subject = f"{page.title}: {page.bottom_line}".replace("\n", " ")
    if len(subject) > _MOST_IN_SUBJECT:
        subject = subject[: _MOST_IN_SUBJECT - 1].rstrip() + "…"
    return Mail(subject, _text(page), _html(page))


def _text(page: Page) -> str:
    """Return the report as lines: the answer, the figures, each block under its heading."""
    shape = f"{SHAPES[page.level]} " if page.level else ""
    parts = [
        f"{page.title}: {page.subject}, as of {page.as_of}",
        f"{shape}{page.bottom_line}",
        "\n".join(f"{fact.label}: {fact.value} ({fact.detail})" for fact in page.facts),
        *(told for told in map(_told, page.blocks) if told),
        "\n".join(f"{name}: {value}" for name, value in page.footer),
    ]
    return "\n\n".join(parts) + "\n"


def _told(block: Block) -> str:
    match block:
        case Bullets():
            lines = [f"- {item}" for item in block.items] or [block.empty]
        case Cards():
            lines = [
                line
                for card in block.cards
                for line in (f"- {card.title}", *(f"  {name}: {text}" for name, text in card.lines))
            ] or [block.empty]
        case Grid():
            lines = [_row(block, row) for row in block.rows] or [block.empty]
        case _:
            return ""
    return "\n".join([block.heading.upper(), *lines])


def _row(grid: Grid, row: tuple[Cell, ...]) -> str:
    first, *others = (_plain(cell) for cell in row)
    told = [f"{name}: {text}" for name, text in zip(grid.columns[1:], others, strict=True)]
    return f"- {first}; " + "; ".join(one for one in told if not one.endswith(": –"))


def _plain(cell: Cell) -> str:
    shape = f"{SHAPES[cell.level]} " if cell.level else ""
    return f"{shape}{cell.text}" + (f" ({cell.note})" if cell.note else "")


def _html(page: Page) -> str:
    shape = f"{SHAPES[page.level]} " if page.level else ""
    facts = "".join(
        f"<li>{escape(fact.label)}: <strong>{escape(fact.value)}</strong> "
        f"({escape(fact.detail)})</li>"
        for fact in page.facts
    )
    footer = "<br>".join(f"{escape(name)}: {escape(value)}" for name, value in page.footer)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title></head>"
        '<body style="font-family:sans-serif;font-size:14px;line-height:1.45;color:#1b1f24">'
        f"<h1>{escape(page.title)}</h1><p>{escape(headed(page.subject))}, "
        f"as of {escape(page.as_of)}</p>"
        f"<p><strong>{shape}{escape(page.bottom_line)}</strong></p><ul>{facts}</ul>"
        f"{''.join(_section(block) for block in page.blocks)}"
        f'<p style="color:#57606a;font-size:12px">{footer}</p></body></html>'
    )


def _section(block: Block) -> str:
    match block:
        case Bullets():
            items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
            body = f"<ul>{items}</ul>" if items else f"<p>{escape(block.empty)}</p>"
        case Cards():
            body = "".join(
                f"<p><strong>{escape(card.title)}</strong>"
                + "".join(f"<br>{escape(name)}: {escape(text)}" for name, text in card.lines)
                + "</p>"
                for card in block.cards
            )
            body = body or f"<p>{escape(block.empty)}</p>"
        case Grid():
            body = _table(block) if block.rows else f"<p>{escape(block.empty)}</p>"
        case _:
            return ""
    return f"<h2>{escape(block.heading)}</h2>{body}"


def _table(grid: Grid) -> str:
    head = "".join(f'<th scope="col" {_CELL}>{escape(name)}</th>' for name in grid.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td {_CELL}>{_marked(cell)}</td>" for cell in row) + "</tr>"
        for row in grid.rows
    )
    return f'<table style="border-collapse:collapse"><tr>{head}</tr>{rows}</table>'


def _marked(cell: Cell) -> str:
    shape = f"{SHAPES[cell.level]} " if cell.level else ""
    note = f"<br><small>{escape(cell.note)}</small>" if cell.note else ""
    return f"{shape}{escape(cell.text)}{note}"
