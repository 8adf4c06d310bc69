"""A user's own deck as template: checked before it is opened, and filled by the names it uses.

A place is a placeholder of a layout, or a shape on a slide, named `headway.…` (in PowerPoint: the
selection pane). A layout with places becomes a slide. What the page has and the template does not
name follows on slides of our own; names that we do not know are left as they are.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from headway.errors import Invalid
from headway.rendering.report.blocks import (
    Block,
    Bullets,
    Cards,
    Curve,
    Grid,
    Page,
    Timeline,
    Waterfall,
)
from headway.rendering.report.native import Box, curve_chart, fall_chart
from headway.rendering.report.slides import ROW, Canvas, table, text

MOST_BYTES = 8 * 1024 * 1024
#: What a template may unpack to: a few kilobytes can claim to hold gigabytes.
_MOST_UNPACKED = 96 * 1024 * 1024
_MOST_PARTS = 2_000

PREFIX = "headway."

#: Places of words.
TEXTS = ("title", "subject", "as_of", "bottom_line", "facts", "footer")
#: Places of tables, lists, cards and charts, by the block that fills them.
BLOCKS = (
    "overruled",
    "odds",
    "changes",
    "decisions",
    "bridge",
    "bridge_days",
    "bridge_money",
    "health",
    "risks",
    "milestones",
    "projects",
    "criteria",
    "experiments",
    "drivers",
    "blockers",
    "timeline",
    "work",
    "runs",
    "categories",
    "apart",
    "lines",
    "missing",
    "approvals",
    "taken",
    "evidence",
    "deliveries",
    "promises",
    "asked",
)
NAMES = (*TEXTS, *BLOCKS)

_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML = (".xml", ".rels")

#: What an archive that is damaged, cut or locked raises when it is read.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    EOFError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a template offers: the places that it names, ours and unknown ones."""

    places: tuple[str, ...]
    unknown: tuple[str, ...]

    def sentence(self, page: Page | None = None) -> str:
        """Say what the template cannot carry: of a page, else of all that there is."""
        wanted = _names_of(page) if page else NAMES
        lacking = [f"{PREFIX}{name}" for name in wanted if name not in self.places]
        told = (
            f" It names {', '.join(self.unknown)}, which is left as it is." if self.unknown else ""
        )
        if not self.places:
            return f"It names no place of ours: all follows on slides of our own in its look.{told}"
        if not lacking:
            return f"It has a place for everything.{told}"
        rest = ", ".join(lacking)
        return f"It has no place for {rest}: what a report has of it follows on own slides.{told}"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled: the names, and for tables that had no room the first row left over."""

    names: frozenset[str] = frozenset()
    left: Mapping[str, int] = field(default_factory=dict)


def _names_of(page: Page) -> list[str]:
    return [*TEXTS, *(block.name for block in page.blocks)]


def read_template(data: bytes, name: str) -> TemplateFacts:
    """Check a user's deck and return what it offers.

    Raises Invalid for what is no whole PPTX, is too large or would unpack to too much, or holds
    macros, embedded programs or links to the outside.
    """
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise _refusal(name, f"has {len(data) / 1024 / 1024:.1f} MB; at most {most} MB are taken")
    _require_modest(data, name)
    deck = _opened(data, name)
    for relation in _relations(deck):
        if relation.is_external:
            target = str(relation.target_ref)[:80]
            raise _refusal(name, f"links to {target}; take links to the outside away")
    found = dict.fromkeys(shape.name for shape in _places(deck))
    inside = [one.removeprefix(PREFIX) for one in found]
    return TemplateFacts(
        tuple(one for one in inside if one in NAMES),
        tuple(f"{PREFIX}{one}" for one in inside if one not in NAMES),
    )


def _refusal(name: str, why: str) -> Invalid:
    return Invalid(f"The template {name[:80]} {why}.")


def _require_modest(data: bytes, name: str) -> None:
    """Look at the parts before anything is unpacked, then at those that are XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            infos = held.infolist()
            _require_sizes(infos, name)
            for info in infos:
                _require_harmless(info.filename, name)
                if info.filename.lower().endswith(_XML):
                    _require_plain(held.read(info), info.filename, name)
    except _BROKEN:
        raise _refusal(name, "is not a whole PPTX file; save it again as .pptx") from None
    if "[Content_Types].xml" not in {info.filename for info in infos}:
        raise _refusal(name, "is not a PPTX file; save it as .pptx")


def _require_sizes(infos: Iterable[zipfile.ZipInfo], name: str) -> None:
    parts = list(infos)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
        told = f"{unpacked // 1024 // 1024:,} MB in {len(parts):,} parts"
        most = _MOST_UNPACKED // 1024 // 1024
        raise _refusal(name, f"would unpack to {told}; at most {most} MB are taken")
    if len({part.filename for part in parts}) < len(parts):
        raise _refusal(name, "holds a part twice; save it again as .pptx")


def _require_harmless(part: str, name: str) -> None:
    low = part.lower()
    if low.endswith("vbaproject.bin") or low.endswith((".xlsm", ".docm", ".pptm")):
        raise _refusal(name, f"holds macros ({part[:60]}); save it as .pptx, without them")
    is_embedded = "/embeddings/" in low and not low.endswith(".xlsx")
    if is_embedded or "/activex/" in low or low.endswith((".exe", ".dll", ".js", ".vbs")):
        raise _refusal(name, f"holds an embedded program ({part[:60]}); take it out")


def _require_plain(content: bytes, part: str, name: str) -> None:
    """Refuse XML that declares entities, or is written so that this could not be seen."""
    if _DOCTYPE.search(content) or b"\x00" in content or b"macroEnabled" in content:
        raise _refusal(name, f"holds what no deck needs ({part[:60]}); save it again as .pptx")


def _opened(data: bytes, name: str) -> Any:  # noqa: ANN401 - python-pptx is not typed
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    # What a library meets in a part that is not what it claims to be; bad XML is a SyntaxError.
    unreadable = (
        *_BROKEN,
        PythonPptxError,
        SyntaxError,
        LookupError,
        AttributeError,
        TypeError,
        AssertionError,
    )
    try:
        deck = Presentation(io.BytesIO(data))
        list(deck.slide_layouts), list(deck.slides)
    except unreadable:
        raise _refusal(name, "cannot be read as a PPTX; open it and save it as .pptx") from None
    if not list(deck.slide_layouts):
        raise _refusal(name, "has no layout; a deck is laid out on one")
    return deck


def _relations(deck: Any) -> Iterator[Any]:  # noqa: ANN401
    yield from deck.part.package.iter_rels()


def _named(shapes: Iterable[Any]) -> list[Any]:
    return [shape for shape in shapes if str(shape.name).strip().startswith(PREFIX)]


def _places(deck: Any) -> Iterator[Any]:  # noqa: ANN401
    for slide in deck.slides:
        yield from _named(slide.shapes)
    for layout in deck.slide_layouts:
        yield from _named(layout.placeholders)


def plain_layout(deck: Any) -> Any:  # noqa: ANN401
    """Return the layout for slides of our own: one with a title and as little else as there is."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    quiet = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    titles = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)

    def weight(layout: Any) -> tuple[bool, int, bool]:  # noqa: ANN401
        kinds = [shape.placeholder_format.type for shape in layout.placeholders]
        loud = [kind for kind in kinds if kind not in quiet]
        has_title = any(kind in titles for kind in loud)
        return not has_title, len(loud), bool(_named(layout.placeholders))

    return min(deck.slide_layouts, key=weight)


def fill(canvas: Canvas, page: Page) -> Filled:
    """Fill the places that the template names; slides of another audience are left out."""
    blocks = {block.name: block for block in page.blocks}
    done: set[str] = set()
    left: dict[str, int] = {}
    for slide in list(canvas.deck.slides):
        if not _speaks(_named(slide.shapes), blocks):
            _drop(canvas.deck, slide)
            continue
        for shape in _named(slide.shapes):
            _place(slide, shape, str(shape.name).strip(), (page, blocks, done, left))
    # New slides are named by their count: after some were left out, names would stand twice.
    canvas.deck.part.rename_slide_parts([one.rId for one in canvas.deck.slides._sldIdLst])
    for layout in canvas.deck.slide_layouts:
        places = {
            p.placeholder_format.idx: str(p.name).strip() for p in _named(layout.placeholders)
        }
        if places and _speaks(_named(layout.placeholders), blocks):
            slide = canvas.deck.slides.add_slide(layout)
            slide.notes_slide.notes_text_frame.text = canvas.notes
            for shape in list(slide.placeholders):
                name = places.get(shape.placeholder_format.idx, "")
                if name:
                    shape.name = name
                    _place(slide, shape, name, (page, blocks, done, left))
    return Filled(frozenset(done), left)


def _speaks(places: Iterable[Any], blocks: Mapping[str, Block]) -> bool:
    """Say whether a slide is for this page: one that names blocks names at least one of it."""
    names = [str(place.name).strip().removeprefix(PREFIX) for place in places]
    wanted = [name for name in names if name in BLOCKS]
    return not wanted or any(name in blocks for name in wanted)


def _drop(deck: Any, slide: Any) -> None:  # noqa: ANN401
    ids = deck.slides._sldIdLst
    for one in list(ids):
        if deck.part.related_part(one.rId) is slide.part:
            deck.part.drop_rel(one.rId)
            ids.remove(one)


_Told = tuple[Page, Mapping[str, Block], set[str], dict[str, int]]


def _place(slide: Any, shape: Any, name: str, told: _Told) -> None:  # noqa: ANN401
    """Fill one place with what its name says; a known one without content is taken away."""
    page, blocks, done, left = told
    key = name.removeprefix(PREFIX)
    if key in TEXTS:
        shape.text_frame.text = _text_of(page, key)
    elif key in blocks:
        rest = _put(slide, shape, blocks[key])
        if rest is not None:
            left[key] = rest
    elif key in BLOCKS:
        shape._element.getparent().remove(shape._element)
        return
    else:
        return
    done.add(key)


def _text_of(page: Page, key: str) -> str:
    match key:
        case "title":
            return page.title
        case "subject":
            return page.subject
        case "as_of":
            return f"As of {page.as_of}"
        case "bottom_line":
            return page.bottom_line
        case "facts":
            return "\n".join(f"{fact.label}: {fact.value} ({fact.detail})" for fact in page.facts)
        case _:
            return "\n".join(f"{name}: {value}" for name, value in page.footer)


def _put(slide: Any, shape: Any, block: Block) -> int | None:  # noqa: ANN401
    """Put a block where the shape stands; return the first row that had no room, None for none."""
    box = Box(*(int(part) for part in (shape.left, shape.top, shape.width, shape.height)))
    if isinstance(block, Bullets | Cards) and shape.has_text_frame:
        shape.text_frame.text = "\n".join(_lines(block))
        return None
    shape._element.getparent().remove(shape._element)
    match block:
        case Curve():
            curve_chart(slide, block, box)
        case Waterfall():
            fall_chart(slide, block, box)
        case Timeline():
            said = "the page and the PDF draw it, the table of the work says the same."
            text(slide, box, f"{block.heading}: {said}", size=14)
        case Grid() if block.rows:
            room = max(1, box.height // ROW - 1)
            table(slide, block.heading, block.columns, block.rows[:room], box)
            return room if room < len(block.rows) else None
        case Grid():
            text(slide, box, f"{block.heading}: {block.empty}", size=14)
        case _:
            text(slide, box, *_lines(block), size=14)
    return None


def _lines(block: Bullets | Cards) -> list[str]:
    if isinstance(block, Bullets):
        return list(block.items) or [block.empty]
    lines = [
        " · ".join([card.title, *(f"{name}: {value}" for name, value in card.lines)])
        for card in block.cards
    ]
    return lines or [block.empty]
