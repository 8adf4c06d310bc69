"""The most that one run's record holds; what lies beyond is left out, and the record says so.

A run with more is not refused: its name, times, status and the most telling part of what it logged
are evidence. The ledger holds the same bounds, so that no single record grows without end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from headway.connectors.mlflow.options import matches
from headway.connectors.mlflow.wire import Pair, Run

#: Metrics, and likewise parameters, of one run.
MOST_VALUES = 2_000
#: Tags of one run; the places that are left are for what we say ourselves.
MOST_TAGS = 1_990
#: Datasets that went into one run.
MOST_DATASETS = 100

#: The tag that says what was left out of a run's record.
LEFT_OUT = "headway.left_out"

_Thing = TypeVar("_Thing")


def within_bounds(run: Run, series: tuple[str, ...]) -> tuple[Run, str]:
    """Return `run` with no more than a record holds, and what was left out ("": nothing).

    Kept first: metrics chosen by the globs `series`, then names without a slash (MLflow puts its
    own machine readings under `system/`), then by name; of tags those that place the run.
    """
    said: list[str] = []

    def rank(key: str) -> tuple[bool, int, str]:
        return not matches(key, series), key.count("/"), key

    def rank_tag(tag: Pair) -> tuple[bool, str]:
        return not tag.key.startswith(("headway.", "mlflow.")), tag.key

    data = run.data
    held = {
        "metrics": _most(data.metrics, MOST_VALUES, lambda one: rank(one.key), "metrics", said),
        "params": _most(data.params, MOST_VALUES, lambda one: rank(one.key), "parameters", said),
        "tags": _most(data.tags, MOST_TAGS, rank_tag, "tags", said),
    }
    uses = _most(
        run.inputs.dataset_inputs,
        MOST_DATASETS,
        lambda one: (one.dataset.name, one.dataset.digest),
        "datasets",
        said,
    )
    if not said:
        return run, ""
    inputs = run.inputs.model_copy(update={"dataset_inputs": uses})
    kept = run.model_copy(update={"data": data.model_copy(update=held), "inputs": inputs})
    return kept, ", ".join(said)


def _most(
    things: Sequence[_Thing],
    most: int,
    rank: Callable[[_Thing], tuple[object, ...]],
    noun: str,
    said: list[str],
) -> tuple[_Thing, ...]:
    """Return the first `most` of `things` by `rank`; note in `said` how many were left out."""
    if len(things) <= most:
        return tuple(things)
    said.append(f"{len(things) - most} of {len(things)} {noun}")
    return tuple(sorted(things, key=rank)[:most])
