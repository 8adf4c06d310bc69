"""Render a fragment as a page would: with a request, its query and a frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from django.template import engines
from django.test import RequestFactory

from headway.interfaces.web import layout
from headway.interfaces.web.layout.shell import Shell

LAYOUT = Path(layout.__file__).parent
TEMPLATES = sorted((LAYOUT / "templates").rglob("*.html"))
STYLES = sorted((LAYOUT / "static" / "headway").glob("*.css"))


def drawn(source: str, path: str = "/w/acme/", shell: Shell | None = None, **values: object) -> str:
    """Return `source` rendered with the library loaded, for a request of `path`."""
    request = RequestFactory().get(path)
    request.shell = shell or Shell()  # type: ignore[attr-defined]
    template = engines["django"].from_string("{% load headway %}" + source)
    return template.render(values, request).replace("\u00a0", " ").strip()


class _Words(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def words(markup: str) -> str:
    """Return the text of `markup`, spaces folded."""
    parser = _Words()
    parser.feed(markup)
    return re.sub(r"\s+", " ", " ".join(parser.seen)).strip()
