"""`headway readout ab DATA`: what an online experiment shows, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import read_file

if TYPE_CHECKING:
    from headway.analysis.trials.answer import MetricAnswer, Readout
    from headway.analysis.trials.metric import Metric
    from headway.analysis.trials.plan import TrialPlan

_BAD = 1


def ab(
    data: Annotated[
        str,
        typer.Argument(
            help="A table: .parquet, .csv, .arrow, file.duckdb#table", show_default=False
        ),
    ],
    variant: Annotated[
        str, typer.Option(metavar="COL", help="Who got what (default variant)")
    ] = "",
    metric: Annotated[
        list[str] | None, typer.Option(metavar="COL[:KIND]", help="mean, proportion, ratio=DENOM")
    ] = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option(metavar="[METRIC=]COL", help="Measured before the trial; CUPED takes it away"),
    ] = None,
    control: Annotated[str, typer.Option(help="The variant to compare with")] = "",
    unit: Annotated[str, typer.Option(metavar="COL", help="Who was assigned; rows add up")] = "",
    time: Annotated[str, typer.Option(metavar="COL", help="When; each day is a look")] = "",
    split: Annotated[str, typer.Option(help="50/50, or control=90,new=10; even unless told")] = "",
    method: Annotated[str, typer.Option(help="fixed, sequential or bayes")] = "",
    alpha: Annotated[float | None, typer.Option(help="The error rate (default 0.05)")] = None,
    looks: Annotated[int | None, typer.Option(help="How many looks are planned")] = None,
    planned: Annotated[
        int | None, typer.Option(help="How many units are planned, of all variants")
    ] = None,
    guardrail: Annotated[
        list[str] | None,
        typer.Option(metavar="COL:MARGIN", help="-2% may fall, +2% may rise by 2 %"),
    ] = None,
    lower: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="A metric that is better when lower")
    ] = None,
    spending: Annotated[str, typer.Option(help="obrien-fleming or pocock")] = "",
    correction: Annotated[str, typer.Option(help="Over several metrics: holm, bh or none")] = "",
    ship_when: Annotated[str, typer.Option(help="any or all goals are better")] = "",
    prior: Annotated[
        float | None, typer.Option(help="SD of the prior on the lift, as 0.3; flat unless told")
    ] = None,
    winsorise: Annotated[
        float | None, typer.Option(help="Share of each tail to pull in, as 0.01")
    ] = None,
    min_units: Annotated[int | None, typer.Option(help="Units an arm before it counts")] = None,
    min_days: Annotated[int | None, typer.Option(help="Days before it counts (default 3)")] = None,
    plan: Annotated[
        Path | None, typer.Option(help="A trial plan, YAML; options override it")
    ] = None,
    separator: Annotated[str, typer.Option(help="Between the cells of a text file")] = "",
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what a trial shows: ship, stop, keep running, or invalid. Stop and invalid exit 1.

    Examples:

      headway readout ab users.parquet --metric revenue --covariate revenue_before --split 50/50

      headway readout ab users.csv --plan trial.yaml --json
    """
    from headway.analysis.summaries import embedded, open_table
    from headway.analysis.trials.plan_fields import read_trial_plan
    from headway.analysis.trials.reading import read_out

    agreed = read_trial_plan(read_file(plan), plan.name) if plan else None
    given: dict[str, Any] = {
        "variant": variant,
        "control": control,
        "unit": unit,
        "time": time,
        "split": split,
        "method": method,
        "alpha": alpha,
        "looks": looks,
        "planned": planned,
        "spending": spending,
        "correction": correction,
        "ship_when": ship_when,
        "prior": prior,
        "winsorise": winsorise,
        "min_units": min_units,
        "min_days": min_days,
    }
    metrics = _metrics(metric or [], guardrail or [], lower or [], agreed)
    asked = _asked(given, metrics, covariate or [], agreed)
    with embedded() as engine:
        table = open_table(data, engine=engine, separator=separator or None)
        answer = _with_lock(read_out(table, asked, agreed))
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    if html or junit:
        _write(answer, html, junit)
    if answer.decision.is_bad:
        raise typer.Exit(_BAD)


def _metrics(
    goals: list[str], guards: list[str], lower: list[str], agreed: TrialPlan | None
) -> list[Metric]:
    """Return the metrics that were asked for; those of the plan where none are named."""
    from headway.analysis.trials.metric import lowered, parse_guardrail, parse_metric

    named = [*map(parse_metric, goals), *map(parse_guardrail, guards)]
    if not named and agreed is not None:
        named = list(agreed.metrics)
    return lowered(named, lower)


def _asked(
    given: dict[str, Any], metrics: list[Metric], covariates: list[str], agreed: TrialPlan | None
) -> TrialPlan:
    """Return the plan that is carried out: the agreed one, with what the options say otherwise."""
    from headway.analysis.trials.metric import with_covariates
    from headway.analysis.trials.plan_fields import plan_of

    told = {name: value for name, value in given.items() if value not in (None, "")}
    return plan_of({**told, "metrics": with_covariates(metrics, covariates)}, agreed)


def _with_lock(answer: Readout) -> Readout:
    """Return the answer with a note where the plan's file does not say that it was locked."""
    if answer.agreed is None or answer.agreed.locked_on is not None:
        return answer
    note = "The plan has no locked_on: it may have been written after the data were seen."
    return replace(answer, notes=(*answer.notes, note))


def _write(answer: Readout, html: Path | None, junit: Path | None) -> None:
    from headway.interfaces.cli.checks.reports import write_reports
    from headway.interfaces.cli.readouts.ab_page import as_cases, as_page

    write_reports("headway readout ab", as_page(answer), as_cases(answer), html, junit)


def _print(answer: Readout) -> None:
    print_line(answer.sentence)
    print_line()
    print_line(f"Split ({answer.sample_ratio.method}): {answer.sample_ratio.sentence}")
    print_table(
        f"Metrics ({answer.method})",
        ("metric", "variant", "control", "treatment", "change", "interval", "p", "verdict"),
        [_row(metric) for metric in answer.metrics],
        numbers=("control", "treatment", "change", "p"),
    )
    if answer.agreed is not None:
        print_line(f"Plan {answer.agreed.digest}, {len(answer.deviations)} deviations.")
    for note in answer.notes:
        say(f"Note: {note}")


def _row(answer: MetricAnswer) -> list[str]:
    from headway.analysis.trials.answer import chance, odds, percent, plain

    metric = answer.metric
    allowed = percent(-metric.sign * (metric.margin or 0.0))
    guard = f" (guardrail, {allowed} allowed)" if metric.is_guardrail else ""
    ends = "n/a"
    if answer.relative_low is not None:
        ends = f"{percent(answer.relative_low)} to {percent(answer.relative_high)}"
    p = answer.p if answer.p_adjusted is None else answer.p_adjusted
    shown = odds(answer.chance_to_win) if answer.chance_to_win is not None else "n/a"
    return [
        f"{metric.name}{guard}",
        answer.variant,
        plain(answer.control),
        plain(answer.treatment),
        percent(answer.relative) if answer.relative is not None else plain(answer.effect),
        ends,
        shown if p is None else chance(p),
        answer.verdict.value,
    ]
