"""`headway readout canary CONTROL CANARY`: may the new version go on?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import read_file
from headway.interfaces.cli.readouts.canary_series import Window, side_in, sides_of

if TYPE_CHECKING:
    from headway.analysis.trials.canary import CanaryAnswer


class JudgeName(StrEnum):
    """Who judges."""

    HEADWAY = "headway"
    KAYENTA = "kayenta"


def canary(  # noqa: PLR0913  each parameter is an option of the command
    control: Annotated[
        str,
        typer.Argument(help="CSV of the control: metric, time, value; or its word for $side"),
    ],
    canary: Annotated[
        str,
        typer.Argument(help="CSV of the canary: metric, time, value; or its word for $side"),
    ],
    judge: Annotated[JudgeName, typer.Option(help="Whose rules")] = JudgeName.HEADWAY,
    config: Annotated[
        Path | None, typer.Option(help="A canary config as Kayenta reads it, JSON")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the noise that Kayenta adds to constants")] = 0,
    prometheus: Annotated[
        str, typer.Option(metavar="URL", help="Ask this Prometheus for both sides")
    ] = "",
    query: Annotated[
        list[str] | None,
        typer.Option(help="NAME=PROMQL with $side where the sides differ; may be repeated"),
    ] = None,
    minutes: Annotated[int, typer.Option(help="How long both sides are looked at")] = 60,
    end: Annotated[str, typer.Option(help="Until when, like 2026-11-23T09:00Z; now")] = "",
    step: Annotated[int, typer.Option(help="Seconds from value to value")] = 60,
    token_file: Annotated[
        Path | None, typer.Option(help="File with Prometheus' token, or user:password")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say whether a canary is worse than its control. Anything but a pass exits 1.

    Examples:

      headway readout canary control.csv canary.csv

      headway readout canary control.csv canary.csv --judge kayenta --config canary.json --json

      headway readout canary 7 8 --prometheus https://prometheus.example.org \\
        --query 'errors=sum(rate(errors_total{version="$side"}[5m]))'
    """
    from headway.analysis.trials.canary import JUDGES, plain_config, read_config

    if prometheus:
        window = Window(query or [], minutes, end, step)
        sides = sides_of(prometheus, (control, canary), window, token_file)
        names = [line.partition("=")[0].strip() for line in query or []]
    else:
        sides = side_in(Path(control)), side_in(Path(canary))
        names = [*sides[0], *sides[1]]
    chosen = read_config(read_file(config)) if config else plain_config(dict.fromkeys(names))
    answer = JUDGES[judge.value](*sides, chosen, seed=seed)
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    if html or junit:
        _write(answer, f"{Path(canary).name} against {Path(control).name}", html, junit)
    if answer.verdict.value != "pass":
        raise typer.Exit(1)


def _write(answer: CanaryAnswer, subject: str, html: Path | None, junit: Path | None) -> None:
    from headway.interfaces.cli.checks.reports import write_reports
    from headway.interfaces.cli.readouts.canary_page import as_cases, as_page

    page, cases = as_page(answer, subject), as_cases(answer)
    write_reports("headway readout canary", page, cases, html, junit)


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
