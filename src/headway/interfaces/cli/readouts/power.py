"""`headway readout power`: how many units a trial needs, or what it sees with those it has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.trials.power import Design, PlannedLook


def power(
    data: Annotated[
        str | None, typer.Argument(help="A table from before the trial", show_default=False)
    ] = None,
    metric: Annotated[
        str, typer.Option(metavar="COL[:KIND]", help="Its metric: mean, proportion, ratio=DENOM")
    ] = "",
    covariate: Annotated[str, typer.Option(metavar="COL", help="Its covariate (CUPED)")] = "",
    unit: Annotated[str, typer.Option(metavar="COL", help="Who is assigned; rows add up")] = "",
    baseline: Annotated[float | None, typer.Option(help="The control's value now")] = None,
    sd: Annotated[
        float | None, typer.Option(help="Standard deviation of a unit; without, a proportion")
    ] = None,
    effect: Annotated[str, typer.Option(help="The relative change to find, as 2% or 0.02")] = "",
    planned: Annotated[int | None, typer.Option(help="Units of both variants")] = None,
    wanted: Annotated[
        float, typer.Option("--power", help="How often the change is to be found")
    ] = 0.8,
    alpha: Annotated[float, typer.Option(help="The error rate")] = 0.05,
    method: Annotated[str, typer.Option(help="fixed, sequential or bayes")] = "fixed",
    looks: Annotated[int, typer.Option(help="Planned looks; makes it group sequential")] = 1,
    spending: Annotated[str, typer.Option(help="obrien-fleming or pocock")] = "obrien-fleming",
    split: Annotated[str, typer.Option(help="Control and treatment, as 90/10")] = "50/50",
    correlation: Annotated[
        float, typer.Option(help="Of the metric with its covariate (CUPED)")
    ] = 0.0,
    comparisons: Annotated[int, typer.Option(help="Goals times treatments")] = 1,
    daily: Annotated[int | None, typer.Option(help="Units a day; then days are told")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say how many units find a change, which change some units find, or how often.

    Give --effect, or --planned, or both; --baseline, or a table of how it was before.

    Examples:

      headway readout power --baseline 0.1 --effect 5%

      headway readout power last_month.parquet --metric revenue --covariate before --effect 2%

      headway readout power --baseline 28 --sd 14 --planned 40000 --correlation 0.6
    """
    from headway.analysis.trials.plan import Way
    from headway.analysis.trials.power import Design
    from headway.analysis.trials.spending import Spending

    if data is not None:
        baseline, sd, correlation = _past(data, metric, covariate, unit)
    if baseline is None:
        sentence = "Name the control's value (--baseline), or a table and its --metric."
        raise Invalid(sentence)
    design = Design(
        baseline=baseline,
        sd=sd,
        share=_share(split),
        alpha=alpha,
        method=_word("--method", method, Way),
        looks=looks,
        spending=_word("--spending", spending, Spending),
        correlation=correlation,
        comparisons=comparisons,
    )
    document = _solved(design, effect, planned, wanted, daily)
    if as_json:
        print_json(document)
    else:
        _print(document)


def _past(data: str, metric: str, covariate: str, unit: str) -> tuple[float, float | None, float]:
    """Return baseline, standard deviation (None for a proportion) and correlation of a table."""
    from dataclasses import replace

    from headway.analysis.summaries import embedded, open_table
    from headway.analysis.trials.metric import Kind, parse_metric
    from headway.analysis.trials.power import past_of

    asked = replace(parse_metric(metric), covariate=covariate)
    with embedded() as engine:
        past = past_of(open_table(data, engine=engine), asked, unit)
    sd = None if asked.kind is Kind.PROPORTION else past.sd
    return past.value, sd, past.correlation


def _solved(
    design: Design, effect: str, planned: int | None, wanted: float, daily: int | None
) -> dict[str, Any]:
    """Return the document: what was not told is worked out from what was."""
    from headway.analysis.trials.power import (
        arms,
        expected_units,
        least_effect,
        planned_looks,
        power,
        sample_size,
    )

    _require_counts(planned, daily)
    change = _change(effect)
    if change is None and planned is None:
        sentence = "Name the change to find (--effect 2%), or the units there are (--planned)."
        raise Invalid(sentence)
    units = sample_size(change, wanted, design) if planned is None and change else planned or 0
    found = least_effect(units, wanted, design) if change is None else change
    sizes = arms(units, design.share)
    expected = expected_units(units, found, design)
    return {
        "baseline": design.baseline,
        "sd": design.sd,
        "effect": {"relative": found, "absolute": found * design.baseline},
        "power": power(units, found, design),
        "alpha": design.alpha,
        "comparisons": design.comparisons,
        "method": design.method.value,
        "units": units,
        "arms": {"control": sizes[0], "treatment": sizes[1]},
        "expected_units": expected,
        "days": None if daily is None else math.ceil(units / daily),
        "looks": [_look(look) for look in planned_looks(units, found, design)],
        "sentence": _sentence(design, units, found, power(units, found, design), daily),
        "notes": _notes(design, daily, units),
    }


def _require_counts(planned: int | None, daily: int | None) -> None:
    if planned is not None and planned < 8:
        sentence = f"--planned is {planned}; a trial has 8 units at least."
        raise Invalid(sentence)
    if daily is not None and daily < 1:
        sentence = f"--daily is {daily}; at least one unit comes in a day."
        raise Invalid(sentence)


def _look(look: PlannedLook) -> dict[str, Any]:
    return {
        "fraction": look.fraction,
        "units": look.units,
        "z": look.z,
        "stops": look.stops,
    }


def _sentence(design: Design, units: int, effect: float, power: float, daily: int | None) -> str:
    from headway.analysis.trials.answer import odds, percent
    from headway.analysis.trials.power import arms

    control, treatment = arms(units, design.share)
    took = "" if daily is None else f", {math.ceil(units / daily):,} days at {daily:,} a day"
    return (
        f"{units:,} units ({control:,} control, {treatment:,} treatment{took}) find a change of "
        f"{percent(effect)} {odds(power)} of the time, at alpha {design.alpha:g}."
    )


def _notes(design: Design, daily: int | None, units: int) -> list[str]:
    found = []
    if design.correlation:
        left = 1 - design.correlation**2
        found.append(f"The covariate leaves {left * 100:.3g} % of the variance.")
    if design.comparisons > 1:
        found.append(
            f"alpha is divided by {design.comparisons} comparisons, which is the strictest step of "
            f"Holm."
        )
    if design.method.value == "sequential" and design.looks == 1:
        found.append(
            "An always-valid reading is taken to be looked at twenty times, evenly spaced."
        )
    if daily is not None and (days := math.ceil(units / daily)) % 7:
        found.append(f"{days} days are no whole weeks; {-(-days // 7) * 7} are.")
    return found


def _print(document: dict[str, Any]) -> None:
    print_line(document["sentence"])
    if document["looks"]:
        print_line(f"On average it takes {document['expected_units']:,.0f} units.")
        print_table(
            "Looks",
            ("share", "units", "boundary z", "ends here"),
            [
                [
                    f"{look['fraction'] * 100:.3g} %",
                    f"{look['units']:,}",
                    f"{look['z']:.3f}",
                    f"{look['stops'] * 100:.3g} %",
                ]
                for look in document["looks"]
            ],
            numbers=("share", "units", "boundary z", "ends here"),
        )
    for note in document["notes"]:
        say(f"Note: {note}")


def _change(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError as error:
        sentence = f"--effect is {text!r}; write a relative change, as 2% or 0.02."
        raise Invalid(sentence) from error
    if not math.isfinite(value) or value == 0:
        sentence = f"--effect is {text!r}; name the least change worth finding, as 2%."
        raise Invalid(sentence)
    return value


def _share(split: str) -> float:
    from headway.analysis.trials.sample_ratio import shares_of

    return shares_of(split, ("control", "treatment"))["treatment"]


def _word(option: str, text: str, words: Any) -> Any:  # noqa: ANN401  any enumeration of words
    if text not in list(words):
        sentence = f"{option} is {text!r}; choose one of {', '.join(words)}."
        raise Invalid(sentence)
    return words(text)
