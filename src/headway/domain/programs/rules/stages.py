"""The stages a release goes through, and which way a move goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.programs.rules.fields import meant, slug, text
from headway.errors import Invalid

#: The template every workspace starts with.
DEFAULT_TEMPLATE = "Standard"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: `id` is what files and commands say, `name` what people read."""

    id: str
    name: str


DEFAULT_STAGES = (
    Stage("frame", "Frame"),
    Stage("data", "Data"),
    Stage("experiment", "Experiment"),
    Stage("validate", "Validate"),
    Stage("integrate", "Integrate"),
    Stage("shadow", "Shadow"),
    Stage("canary", "Canary"),
    Stage("ramp", "Ramp"),
    Stage("live", "Live"),
)

_name = text(100, required=True)


def read_stages(stages: object) -> tuple[Stage, ...]:
    """Read stages from [{"id": …, "name": …}, …]. At least two; no id twice; else Invalid."""
    rows = list(stages) if isinstance(stages, Sequence) and not isinstance(stages, str) else []
    found = tuple(_stage(row) for row in rows)
    if len(found) < 2:
        sentence = f"A release goes through at least two stages; {len(found)} were given."
        raise Invalid(sentence)
    ids = [stage.id for stage in found]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        sentence = f"The stage '{twice}' stands there twice; give each stage its own id."
        raise Invalid(sentence)
    return found


def written(stages: Sequence[Stage]) -> list[dict[str, str]]:
    """Return stages in the form that `read_stages` reads."""
    return [{"id": stage.id, "name": stage.name} for stage in stages]


def goes_back(stages: Sequence[Stage], from_stage: str, to_stage: str) -> bool:
    """Say whether a move goes back. Raises Invalid for a stage that the template lacks."""
    ids = [stage.id for stage in stages]
    if to_stage not in ids:
        sentence = (
            f"There is no stage '{to_stage}'{meant(to_stage, ids)}. "
            f"This release goes through: {', '.join(ids)}."
        )
        raise Invalid(sentence)
    return from_stage in ids and ids.index(to_stage) < ids.index(from_stage)


def _stage(row: object) -> Stage:
    if isinstance(row, Stage):
        return row
    if not isinstance(row, Mapping):
        sentence = f"A stage is written as an id and a name; {row!r} is not."
        raise Invalid(sentence)
    found = str(slug("stage id", row.get("id")))
    return Stage(found, str(_name("stage name", row.get("name") or found.capitalize())))
