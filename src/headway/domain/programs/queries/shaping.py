"""From rows to the frozen values that leave this app."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, fields
from functools import cache
from operator import attrgetter
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
    names, read = _columns(shape, tuple(known))
    return shape(**dict(zip(names, read(row), strict=True)), **known)


@cache
def _columns(
    shape: type[Facts], known: tuple[str, ...]
) -> tuple[tuple[str, ...], Callable[[object], Iterable[object]]]:
    """Return the fields that a row has to give, and what reads them all at once: asked once."""
    names = tuple(one.name for one in fields(shape) if one.name not in known)
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda row: [getattr(row, name) for name in names]


def template_facts(row: StageTemplate) -> StageTemplateFacts:
    """Return a stage template as a frozen value."""
    return facts(StageTemplateFacts, row, stages=read_stages(row.stages))
