"""Dress an engine's SVG for our pages and documents: only what we allow, nothing that could run.

The engine's output is read as XML and written anew from an allow-list of elements and attributes:
no style, no script, no event handler, no link survives, so the picture may stand inline in a page
with a strict content security policy. Inks become CSS classes (web) or literal colours (print).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from headway.rendering.charts.chart import Frame
from headway.rendering.charts.inks import INK_OF, ON_PAPER, lettering, painting

_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "text"})
_ATTRIBUTES = (
    "transform",
    "d",
    "x",
    "y",
    "x2",
    "y2",
    "width",
    "height",
    "text-anchor",
    "font-size",
    "font-weight",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
)
_SHAPES = frozenset({"path", "line", "rect", "text"})
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FAMILY = {"web": "sans-serif", "print": "Roboto"}


def legible(text: str) -> str:
    """Return `text` on one line without characters that XML cannot carry (shown as U+FFFD)."""
    return _UNPRINTABLE.sub("\ufffd", " ".join(text.split()))


def dress(svg: str, frame: Frame, title: str, description: str) -> str:
    """Return the engine's `svg` as our own element with a role, a title and a description.

    Its ids start with the frame's name, or with a digest of all that is drawn.
    """
    root = ElementTree.fromstring(svg)
    title, description = legible(title), legible(description)
    body = "".join(_written(child, frame) for child in root)
    name = frame.name or _digest(f"{title}\0{description}\0{body}\0{frame.palette}")
    view = root.get("viewBox", "")
    _, _, width, height = view.split(" ")
    size = 'width="100%"' if frame.palette == "web" else f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hw-chart" role="img" viewBox="{view}" '
        f'{size} font-family="{_FAMILY[frame.palette]}" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _digest(text: str) -> str:
    return f"hw-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _written(element: Element, frame: Frame) -> str:
    """Write one element and what it holds; nothing for what is not allowed or not visible."""
    tag = element.tag.rpartition("}")[2]
    if tag not in _ELEMENTS or _invisible(tag, element):
        return ""
    inner = escape(element.text or "") if tag == "text" else ""
    inner += "".join(_written(child, frame) for child in element)
    if tag == "g" and not inner:
        return ""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in _kept(element, frame))
    if tag == "g" and not attributes:
        return inner
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"


def _invisible(tag: str, element: Element) -> bool:
    """Whether the engine put the element there for a mouse, or as an empty background."""
    if tag not in _SHAPES or tag == "text":
        return False
    painted = [element.get(paint, "none") for paint in ("fill", "stroke")]
    return element.get("display") == "none" or all(p in {"none", "transparent"} for p in painted)


def _kept(element: Element, frame: Frame) -> Iterator[tuple[str, str]]:
    if element.tag.endswith("text"):
        yield from _lettered(element, frame)
    else:
        yield from _painted(element, frame)
    for name in _ATTRIBUTES:
        value = element.get(name)
        if value and not (name == "transform" and value == "translate(0,0)"):
            yield name, _LONG.sub(lambda found: f"{float(found[0]):.2f}", value)


def _lettered(element: Element, frame: Frame) -> Iterator[tuple[str, str]]:
    """Colour a text; all but quiet words get a halo, so that lines do not strike them."""
    ink = INK_OF[element.get("fill", "")]
    halo = ink != "muted"
    if frame.palette == "web":
        strong = element.get("font-weight") == "600"
        yield "class", f"{lettering(ink, strong=strong)}{' hw-halo' if halo else ''}"
        return
    yield "fill", ON_PAPER[ink]
    if halo:
        yield "stroke", ON_PAPER["surface"]
        yield "stroke-width", "3"
        yield "stroke-linejoin", "round"
        yield "paint-order", "stroke"


def _painted(element: Element, frame: Frame) -> Iterator[tuple[str, str]]:
    """Turn ink codes into classes or colours; a colour that is no ink is a bug (KeyError)."""
    classes = []
    for paint in ("fill", "stroke"):
        code = element.get(paint, "")
        if code in {"", "none", "transparent"}:
            if code and element.tag.endswith("path") or code == "none":
                yield paint, "none"
        elif frame.palette == "web":
            classes.append(painting(INK_OF[code], paint, line=element.tag.endswith("line")))
        else:
            yield paint, ON_PAPER[INK_OF[code]]
    if classes:
        yield "class", " ".join(classes)
