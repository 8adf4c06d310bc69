"""The inks of a chart: what a colour means, and how each palette says it.

A drawing is made with one code per ink; `markup` then turns codes into CSS classes for the web
(`hw-fill-c1`, `hw-grid`: light and dark come from the style sheet) or into the literal
colours below for documents. The literals differ in lightness, so they survive a black-and-white
printer; shapes, dashes and words carry the meaning where colour is not seen at all.
"""

from __future__ import annotations

from typing import Literal, get_args

Ink = Literal[
    "c1",
    "c2",
    "c3",
    "c4",
    "c5",
    "c6",
    "band",
    "grid",
    "axis",
    "text",
    "target",
    "muted",
    "surface",
]

INKS: tuple[Ink, ...] = get_args(Ink)

#: Ink → the code it is drawn with; and back. Codes are colours that no theme uses.
CODES: dict[Ink, str] = {ink: f"#0dd{place:03d}" for place, ink in enumerate(INKS)}
INK_OF: dict[str, Ink] = {code: ink for ink, code in CODES.items()}

#: Literal colours for paper.
ON_PAPER: dict[Ink, str] = {
    "c1": "#1d4e89",
    "c2": "#a8480f",
    "c3": "#2f7d5b",
    "c4": "#7a5195",
    "c5": "#5b6770",
    "c6": "#b0832b",
    "band": "#cfdcec",
    "grid": "#e4e7eb",
    "axis": "#8b949e",
    "text": "#1b1f24",
    "target": "#1b1f24",
    "muted": "#6b7480",
    "surface": "#ffffff",
}

#: Inks with one use have a class of their own, the same that pages use beside charts.
_OWN_CLASS: dict[tuple[Ink, str], str] = {
    ("band", "fill"): "hw-band",
    ("grid", "stroke"): "hw-grid",
    ("axis", "stroke"): "hw-axis",
    ("muted", "stroke"): "hw-muted",
}


def painting(ink: Ink, paint: str, *, line: bool) -> str:
    """Return the CSS class for an ink's `paint` (fill or stroke); a target's line has its own."""
    if line and ink == "target":
        return "hw-target"
    return _OWN_CLASS.get((ink, paint), f"hw-{paint}-{ink}")


def lettering(ink: Ink, *, strong: bool) -> str:
    """Return the CSS classes for a text in an ink; `strong` is for the labels that matter."""
    if ink == "muted":
        return "hw-text"
    if ink in {"text", "target"}:
        return "hw-text-strong" if strong else "hw-text hw-fill-text"
    return f"hw-fill-{ink}"


#: Every class that a chart may carry; the style sheet has a rule for each, and a test says so.
CLASSES = frozenset(
    {"hw-chart", "hw-halo", "hw-target", "hw-text", "hw-text-strong", *_OWN_CLASS.values()}
    | {f"hw-fill-{ink}" for ink in INKS if (ink, "fill") not in _OWN_CLASS}
    | {f"hw-stroke-{ink}" for ink in INKS if (ink, "stroke") not in _OWN_CLASS}
)
