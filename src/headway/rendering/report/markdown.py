"""A report as Markdown (CommonMark with tables): for a wiki, a chat, a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from headway.rendering.cells import disarmed
from headway.rendering.report.blocks import (
    SHAPES,
    Block,
    Bullets,
    Card,
    Cards,
    Cell,
    Grid,
    Page,
    headed,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$&])")
_LEADING = re.compile(r"^(\d+)([.)])|^([+\-=])")


def as_markdown(page: Page) -> str:
    """Return the report as Markdown. What people typed stays literal: no markup, no HTML."""
    shape = f"{SHAPES[page.level]} " if page.level else ""
    blocks = [
        f"# {literal(page.title)}",
        f"{literal(headed(page.subject))}, as of {page.as_of}",
        f"**{shape}{literal(page.bottom_line)}**",
        "\n".join(_fact(page)),
        *filter(None, (_block(block) for block in page.blocks)),
        "---",
        "\n".join(f"- {label}: {literal(text)}" for label, text in page.footer),
        *([_words(page)] if page.words else []),
    ]
    return "\n\n".join(blocks) + "\n"


def _words(page: Page) -> str:
    return "\n".join(f"- *{literal(word)}*: {literal(text)}" for word, text in page.words)


def _block(block: Block) -> str:
    """Return a block; a chart is left out, since a table beside it says the same."""
    match block:
        case Grid():
            return _grid(block)
        case Bullets():
            return _bullets(block)
        case Cards():
            return _cards(block)
        case _:
            return ""


def _fact(page: Page) -> Iterable[str]:
    for fact in page.facts:
        yield f"- {literal(fact.label)}: **{literal(fact.value)}** ({literal(fact.detail)})"


def _grid(grid: Grid) -> str:
    if not grid.rows:
        return f"## {literal(grid.heading)}\n\n{literal(grid.empty)}"
    lines = [_line(grid.columns), _line("---" for _ in grid.columns)]
    lines += [_line(_cell(cell) for cell in row) for row in grid.rows]
    note = f"\n\n{literal(grid.note)}" if grid.note else ""
    return f"## {literal(grid.heading)}\n\n" + "\n".join(lines) + note


def _line(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _cell(cell: Cell) -> str:
    shape = f"{SHAPES[cell.level]} " if cell.level else ""
    note = f"<br>{literal(cell.note)}" if cell.note else ""
    return f"{shape}{literal(disarmed(cell.text))}{note}"


def _bullets(bullets: Bullets) -> str:
    body = "\n".join(f"- {literal(item)}" for item in bullets.items) or bullets.empty
    return f"## {bullets.heading}\n\n{body}"


def _cards(cards: Cards) -> str:
    body = "\n".join(line for card in cards.cards for line in _card(card)) or cards.empty
    return f"## {cards.heading}\n\n{body}"


def _card(card: Card) -> Iterable[str]:
    yield f"- **{literal(card.title)}**"
    for label, text in card.lines:
        yield f"  - {label}: {literal(text)}"


def literal(text: str) -> str:
    """Escape what Markdown would read as markup, at the start of a line too."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
