"""`headway readout canary CONTROL CANARY`: may the new version go on?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import read_file

if TYPE_CHECKING:
    from headway.analysis.trials.canary import CanaryAnswer, Side


class JudgeName(StrEnum):
    """Who judges."""

    HEADWAY = "headway"
    KAYENTA = "kayenta"


def canary(
    control: Annotated[
        Path, typer.Argument(help="CSV of the control: metric, time, value", show_default=False)
    ],
    canary: Annotated[
        Path, typer.Argument(help="CSV of the canary: metric, time, value", show_default=False)
    ],
    judge: Annotated[JudgeName, typer.Option(help="Whose rules")] = JudgeName.HEADWAY,
    config: Annotated[
        Path | None, typer.Option(help="A canary config as Kayenta reads it, JSON")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the noise that Kayenta adds to constants")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say whether a canary is worse than its control. Anything but a pass exits 1.

    Examples:

      headway readout canary control.csv canary.csv

      headway readout canary control.csv canary.csv --judge kayenta --config canary.json --json
    """
    from headway.analysis.trials.canary import JUDGES, plain_config, read_config

    sides = _side(control), _side(canary)
    chosen = (
        read_config(read_file(config))
        if config
        else plain_config(dict.fromkeys([*sides[0], *sides[1]]))
    )
    answer = JUDGES[judge.value](*sides, chosen, seed=seed)
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    if answer.verdict.value != "pass":
        raise typer.Exit(1)


def _side(path: Path) -> Side:
    from headway.analysis.trials.canary import read_side
    from headway.errors import Invalid

    try:
        return read_side(read_file(path).decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        sentence = f"{path.name} is not UTF-8 (byte {error.start}); save it as CSV in UTF-8."
        raise Invalid(sentence) from None


def _print(answer: CanaryAnswer) -> None:
    print_line(answer.sentence)
    print_table(
        f"Metrics, judged by {answer.judge}",
        ("metric", "verdict", "control", "canary", "why"),
        [
            [
                metric.config.name + (" (muted)" if metric.config.is_muted else ""),
                metric.verdict.value,
                _mean(metric.control.mean),
                _mean(metric.canary.mean),
                metric.reason,
            ]
            for metric in answer.metrics
        ],
        numbers=("control", "canary"),
    )
    for note in answer.notes:
        say(f"Note: {note}")


def _mean(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.6g}"
