"""From rows to the frozen values that leave this app."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol, TypeVar

from headway.domain.programs.models import StageTemplate
from headway.domain.programs.rules import StageTemplateFacts
from headway.domain.programs.rules.stages import read_stages


class Facts(Protocol):
    """A frozen dataclass whose fields are named as the columns of a row."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Shape = TypeVar("Shape", bound=Facts)


def facts(shape: type[Shape], row: object, **known: object) -> Shape:
    """Return `shape` filled from the columns of `row`; `known` says what the row does not hold."""
    names = [field.name for field in fields(shape)]
    return shape(**{name: known[name] if name in known else getattr(row, name) for name in names})


def template_facts(row: StageTemplate) -> StageTemplateFacts:
    """Return a stage template as a frozen value."""
    return facts(StageTemplateFacts, row, stages=read_stages(row.stages))
