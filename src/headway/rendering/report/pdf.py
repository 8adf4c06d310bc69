"""A report as PDF: typst sets it, tagged for assistive technology, the same bytes every time.

All text travels as JSON data and is never parsed as markup. Fonts are those that ship with us; the
machine's own are ignored. The document's creation time is the report's data date.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts.chart import Frame
from headway.rendering.charts.odds import s_curve
from headway.rendering.gantt import picture
from headway.rendering.report.blocks import Bullets, Cards, Curve, Grid, Page, Timeline, Waterfall

if TYPE_CHECKING:
    import typst

Paper = Literal["a4", "us-letter"]

#: Sizes of type in points, tried from the largest until the report fits on one page.
_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)

#: How wide a Gantt chart is drawn for a page that lies, in points.
_LYING = 780

#: Letters that a column holds without breaking, and those from which all count the same.
_SHORT, _LONG = 24, 70

_UNIT = re.compile(
    r"(?<=[<>\d]) (?=[%kMB]\b|%|\d)|(?<=\d) (?=days?\b|[A-Z][a-z]{2} \d)|(?<=[A-Z]{3}) (?=\d)"
)
_LONG_WORD = re.compile(r"\S{25}(?=\S)")
_ZERO_WIDTH_SPACE = "\u200b"


def as_pdf(page: Page, *, paper: Paper = "a4") -> bytes:
    """Return the report as a tagged, bookmarked PDF (PDF/UA-1).

    The executive report stands on one page of `paper` unless it cannot fit; the others take the
    pages they need. A text with letters that our fonts do not have cannot be PDF/UA; it is then
    tagged PDF without that claim. Raises Invalid for an unknown paper.
    """
    if paper not in {"a4", "us-letter"}:
        sentence = f"Paper {paper!r} is not known; choose a4 or us-letter."
        raise Invalid(sentence)
    is_one = page.audience == "executive"
    folder = resources.files("headway.rendering.report")
    name = "onepager.typ" if is_one else "pages.typ"
    with resources.as_file(folder) as path:
        sizes = _SIZES if is_one else _SIZES[:1]
        return _set(path / name, _inputs(page, paper), int(page.stamp), sizes)


def _set(template: Path, inputs: dict[str, str], timestamp: int, sizes: tuple[float, ...]) -> bytes:
    import typst

    compilers = [_compiler(template, inputs | {"size": str(size)}) for size in sizes]
    compiler = compilers[-1]
    if len(compilers) > 1:
        compiler = next((each for each in compilers if _pages(each) == 1), compiler)
    try:
        return _compiled(compiler, timestamp, universal=True)
    except typst.TypstError:
        return _compiled(compiler, timestamp, universal=False)


def _pages(compiler: typst.Compiler) -> int:
    """Set the document once to learn how many pages it takes."""
    return int(json.loads(compiler.query("<pages>", field="value", one=True)))


def _compiler(template: Path, inputs: dict[str, str]) -> typst.Compiler:
    import font_roboto
    import typst

    return typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[font_roboto.font_directory],
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )


def _compiled(compiler: typst.Compiler, timestamp: int, *, universal: bool) -> bytes:
    """Compile to PDF. A warning is a mistake in the template or a font gone: never let it pass."""
    made, warnings = compiler.compile_with_warnings(
        format="pdf", pdf_standards=["ua-1"] if universal else [], timestamp=timestamp
    )
    if warnings or not isinstance(made, bytes):
        sentence = f"The report could not be set as PDF: {'; '.join(w.message for w in warnings)}"
        raise RuntimeError(sentence)
    return made


def _inputs(page: Page, paper: Paper) -> dict[str, str]:
    """Return the report as JSON: `blocks` in order, and `block` by name for a fixed layout."""
    blocks = [_laid_out(b) for b in page.blocks if not isinstance(b, Curve | Waterfall)]
    told = asdict(replace(page, blocks=(), sheets=())) | {
        "blocks": blocks,
        "block": {str(block["name"]): block for block in blocks},
    }
    odds, curve = page.find("odds", Curve), None
    if odds is not None:
        drawn = s_curve(odds.odds, Frame(palette="print", width=430, height=250))
        curve = {"title": drawn.title, "note": drawn.note, "svg": drawn.svg}
    data = _breakable(told) | {"curve": curve, "drawn": _drawn(page)}
    return {"data": json.dumps(data, default=str), "paper": paper}


def _drawn(page: Page) -> dict[str, object]:
    """Return the pictures of the Gantt charts by the names of their blocks."""
    frame = Frame(palette="print", width=_LYING)
    charts = [(one.name, one.gantt) for one in page.blocks if isinstance(one, Timeline)]
    drawn = {name: picture(gantt, replace(frame, name=name)) for name, gantt in charts}
    return {
        name: {"title": one.title, "note": one.note, "svg": one.svg} for name, one in drawn.items()
    }


def _laid_out(block: Grid | Bullets | Cards | Timeline) -> dict[str, object]:
    """Return a block with its sort, a table with the parts that its columns take (0: its own)."""
    if isinstance(block, Timeline):
        return {"sort": "timeline", "name": block.name, "heading": block.heading}
    told = asdict(block) | {"sort": type(block).__name__.lower()}
    if isinstance(block, Grid):
        told["numeric"] = [block.is_numeric(place) for place in range(len(block.columns))]
        told["widths"] = [_part(block, place) for place in range(len(block.columns))]
    return told


def _part(grid: Grid, place: int) -> int:
    longest = max((len(f"{row[place].text}{row[place].note}") for row in grid.rows), default=0)
    return 0 if longest <= _SHORT else min(longest, _LONG)


def _breakable(page: dict[str, object]) -> dict[str, object]:
    """Keep figures with their units, and let words of endless length break."""
    return {name: _each(value) for name, value in page.items()}


def _each(value: object) -> object:
    if isinstance(value, dict):
        return {name: _each(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each(item) for item in value]
    if isinstance(value, str) and "SHA-256" not in value:
        return _LONG_WORD.sub(
            lambda word: word[0] + _ZERO_WIDTH_SPACE, _UNIT.sub(phrases.NO_BREAK_SPACE, value)
        )
    return value
