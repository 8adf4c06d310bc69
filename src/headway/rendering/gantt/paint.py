"""How a Gantt chart is painted: a name per part, said as a CSS class or as literal attributes.

On the web a part carries its class alone and `gantt.css` gives it the theme's colours. On paper the
literals stand in the picture. They differ in lightness, and what matters differs in shape as well:
critical work has a heavy edge, near-critical a dashed one, waiting work is hollow.
"""

from __future__ import annotations

import re

from headway.rendering.charts.chart import Palette

_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_REFERENCE = re.compile(r'fill="url\([^)]+\)"')

#: Part → its attributes on paper. The class on the web is `g-` and the part.
ON_PAPER: dict[str, str] = {
    "plain": 'fill="#cfdcec" stroke="#1d4e89" stroke-width="1"',
    "near": 'fill="#f7e2b3" stroke="#8a5a00" stroke-width="1.5" stroke-dasharray="3 2"',
    "critical": 'fill="#f3b9b4" stroke="#8f1a20" stroke-width="2.5"',
    "ended": 'fill="#b9c0c8" stroke="#5b6770" stroke-width="1"',
    "progress": 'fill="#1d4e89"',
    "progress-near": 'fill="#8a5a00"',
    "progress-critical": 'fill="#8f1a20"',
    "tail-plain": 'fill="url(#g-tail-plain)" stroke="none"',
    "tail-near": 'fill="url(#g-tail-near)" stroke="none"',
    "tail-critical": 'fill="url(#g-tail-critical)" stroke="none"',
    "reach": 'stroke="#1b1f24" stroke-width="1.25" fill="none"',
    "unknown": 'fill="url(#g-hatch)" stroke="#8b949e" stroke-width="1" stroke-dasharray="2 2"',
    "hatch": 'stroke="#8b949e" stroke-width="1.5"',
    "summary": 'fill="#3d4651"',
    "summary-critical": 'fill="#8f1a20"',
    "planned": 'fill="#8b949e"',
    "deadline": 'fill="none" stroke="#1b1f24" stroke-width="1.5"',
    "missed": 'fill="#8f1a20" stroke="#8f1a20" stroke-width="1.5"',
    "not-before": 'fill="none" stroke="#6b7480" stroke-width="1.5"',
    "today": 'stroke="#1d4e89" stroke-width="1.5"',
    "target": 'stroke="#1b1f24" stroke-width="1.5" stroke-dasharray="4 3"',
    "line": 'stroke="#e4e7eb" stroke-width="1"',
    "idle": 'fill="#f1f2f5"',
    "link": 'fill="none" stroke="#6b7480" stroke-width="1"',
    "arrow": 'fill="#6b7480"',
    "label": 'fill="#6b7480" font-size="10"',
    "strong": 'fill="#1b1f24" font-size="10.5" font-weight="600"',
    "name": 'fill="#1b1f24" font-size="11"',
}

PARTS = frozenset(ON_PAPER)

#: Stops of the fading tails, by weight: the colour they begin with on paper.
TAILS = {"plain": "#7fa3cf", "near": "#d9ad4a", "critical": "#d9726b"}


def paint(part: str, palette: Palette) -> str:
    """Return the attributes of a part. A part that is none is a bug (KeyError)."""
    literal = ON_PAPER[part]
    if palette != "web":
        return literal
    # A reference stands in the picture: in a style sheet it would be looked up in the sheet's file.
    held = _REFERENCE.match(literal)
    return f'class="g-{part}"{" " + held[0] if held else ""}'


def definitions(palette: Palette) -> str:
    """Return the gradients of the tails and the hatch of the unknown; once in a document."""
    tails = "".join(_tail(weight, colour, palette) for weight, colour in TAILS.items())
    return (
        f'{tails}<pattern id="g-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" '
        f"{paint('hatch', palette)}/></pattern>"
    )


def _tail(weight: str, colour: str, palette: Palette) -> str:
    ink = f'class="g-stop-{weight}"' if palette == "web" else f'stop-color="{colour}"'
    return (
        f'<linearGradient id="g-tail-{weight}"><stop offset="0" {ink} stop-opacity="0.85"/>'
        f'<stop offset="1" {ink} stop-opacity="0.08"/></linearGradient>'
    )


def paper_style() -> str:
    """Return the style of a document that stands by itself: the colours of paper, by class."""
    rules = [f".g-{part}{{{_declared(literal)}}}" for part, literal in ON_PAPER.items()]
    stops = [f".g-stop-{weight}{{stop-color:{colour}}}" for weight, colour in TAILS.items()]
    return "".join([*rules, *stops])


def _declared(literal: str) -> str:
    """Return attributes as declarations; references stay in the picture."""
    pairs = _ATTRIBUTE.findall(literal)
    return ";".join(f"{name}:{value}" for name, value in pairs if "url(" not in value)
