"""A deck to begin one's own template from: every place named, on plain slides."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from headway.rendering.report.deck import HEIGHT, WIDTH, steady
from headway.rendering.report.slides import EMU
from headway.rendering.report.template import PREFIX

#: Per slide: the places, each with left, top, width and height in inches.
_SLIDES: Sequence[Sequence[tuple[str, float, float, float, float]]] = (
    (
        ("title", 0.8, 1.2, 11.7, 1.0),
        ("subject", 0.8, 2.2, 11.7, 0.5),
        ("as_of", 0.8, 2.7, 11.7, 0.5),
        ("bottom_line", 0.8, 3.5, 11.7, 1.6),
        ("facts", 0.8, 5.2, 11.7, 1.7),
    ),
    (("odds", 0.8, 0.8, 11.7, 6.0),),
    (("bridge", 0.8, 0.8, 11.7, 2.6), ("bridge_days", 0.8, 3.6, 11.7, 3.3)),
    (("decisions", 0.8, 0.8, 11.7, 6.0),),
    (("health", 0.8, 0.8, 11.7, 6.0),),
    (("risks", 0.8, 0.8, 11.7, 3.0), ("milestones", 0.8, 4.0, 11.7, 3.0)),
    (("projects", 0.8, 0.8, 11.7, 6.0),),
    (("categories", 0.8, 0.8, 11.7, 3.4), ("bridge_money", 0.8, 4.3, 11.7, 2.8)),
    (("criteria", 0.8, 0.8, 11.7, 6.0),),
)


def starter_deck() -> bytes:
    """Return the deck; the same bytes every time."""
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(WIDTH), Emu(HEIGHT)
    deck.core_properties.title = "Template for Headway"
    blank = deck.slide_layouts[6]
    for places in _SLIDES:
        slide = deck.slides.add_slide(blank)
        for place in places:
            _named(slide, *place)
    file = BytesIO()
    deck.save(file)
    return steady(file.getvalue())


def _named(  # noqa: PLR0913, PLR0917 - a name and a box
    slide: Any,  # noqa: ANN401 - python-pptx is not typed
    name: str,
    left: float,
    top: float,
    width: float,
    height: float,
) -> None:
    box = slide.shapes.add_textbox(*(int(part * EMU) for part in (left, top, width, height)))
    box.name = f"{PREFIX}{name}"
    box.text_frame.word_wrap = True
    box.text_frame.text = f"{PREFIX}{name}"
