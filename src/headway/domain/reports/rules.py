"""A report's snapshot: the whole one-pager as canonical JSON, from which every format is drawn."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from headway.observation import canonical
from headway.rendering.report import OnePager

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Audience(StrEnum):
    """Who a report is for."""

    EXECUTIVE = "executive"


class Format(StrEnum):
    """What a report can be taken away as."""

    HTML = "html"
    PDF = "pdf"
    PPTX = "pptx"
    XLSX = "xlsx"
    MARKDOWN = "md"


def _adapter() -> TypeAdapter[OnePager]:
    from pydantic import TypeAdapter

    return TypeAdapter(OnePager)


def to_snapshot(report: OnePager) -> str:
    """Return `report` as canonical JSON: equal reports give equal bytes."""
    return canonical(_adapter().dump_python(report, mode="json"))


def from_snapshot(text: str) -> OnePager:
    """Return the report that `to_snapshot` froze."""
    return _adapter().validate_json(text)
