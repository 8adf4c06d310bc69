"""What a chart is: a finding, a picture, the table behind it, a note; and its frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: `web` carries colour as CSS classes (both themes), `print` as literal greyscale-safe colours.
Palette = Literal["web", "print"]

#: Below this width (pixels) a chart moves its row names above the rows.
NARROW = 480


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart. `title` states the finding in one sentence, `svg` is a whole `<svg>` element.

    `columns` and `rows` are the data behind the picture, already worded; `note` says as of when,
    what the marks mean, and what was left out. All but `svg` are plain text, not markup.
    """

    title: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart is drawn: its palette and its natural size in CSS pixels.

    Charts made of rows take the height that their rows need. `name` makes the ids of the picture
    unique when the same chart stands twice on one page; without it they come from the content.
    """

    palette: Palette = "web"
    width: int = 640
    height: int = 280
    name: str = ""

    @property
    def narrow(self) -> bool:
        """Whether names have no room beside the rows (a phone)."""
        return self.width < NARROW


#: The frame that is meant when none is given.
WEB = Frame()
