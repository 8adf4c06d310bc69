"""What `headway check segments` found as a page with pictures, and as cases for CI."""

from __future__ import annotations

from collections.abc import Sequence

from headway.analysis.segments.answer import RULE, Answer, Segment
from headway.analysis.segments.fairness import Fairness
from headway.analysis.segments.judging import Verdict
from headway.analysis.segments.measured import MAXIMISED, Estimate
from headway.rendering.charts.chart import Chart
from headway.rendering.charts.runs import Direction
from headway.rendering.charts.segments import SegmentRow, Segments, segments
from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

#: Rows of the table on a page; the JSON document holds every one.
TOLD = 40
WORDS = {
    "auc": "AUC",
    "f1": "F1",
    "f1_macro": "macro F1",
    "recall_macro": "macro recall",
    "log_loss": "log loss",
    "brier": "Brier",
    "ece": "ECE",
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
}


def cases_of(answer: Answer) -> list[Case]:
    """Return a case for the whole, for all rows, and for each segment."""
    whole = Case("model", "every segment", answer.verdict.value, answer.sentence)
    parts = (answer.overall, *answer.segments)
    return [
        whole,
        *(
            Case("segments", one.name or "all rows", one.verdict.value, one.sentence)
            for one in parts
        ),
    ]


def page_of(answer: Answer) -> CheckPage:
    """Return the page: the answer, every segment, fairness gaps, calibration, the method."""
    word = WORDS.get(answer.metric, answer.metric)
    return CheckPage(
        "Model by segment",
        answer.table,
        answer.sentence,
        level_of(answer.verdict.value),
        facts=(
            Fact("Verdict", _said(answer.verdict), ""),
            Fact("Rows", f"{answer.overall.n:,}", f"of {answer.rows:,} can be judged"),
            Fact("Segments", f"{len(answer.segments):,}", f"{word} decides the order"),
        ),
        grids=(_segments(answer), *map(_fairness, answer.fairness), *_calibration(answer)),
        charts=_charts(answer),
        notes=answer.notes,
        method=_method(answer),
    )


def _segments(answer: Answer) -> Grid:
    names = [answer.metric, *(one for one in answer.overall.metrics if one != answer.metric)][:5]
    parts = (answer.overall, *answer.segments[:TOLD])
    note = f"The first {TOLD} of {len(answer.segments):,}." if len(answer.segments) > TOLD else ""
    return Grid(
        "segments",
        "By segment, the weakest first",
        ("Segment", "n", *(WORDS.get(name, name) for name in names), "Gap", "Verdict"),
        tuple(_row(one, names) for one in parts),
        "No column was named to divide by.",
        note,
    )


def _row(one: Segment, names: Sequence[str]) -> tuple[Cell, ...]:
    why = "" if one.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) else one.sentence
    first, *others = names
    return (
        Cell(one.name or "all rows"),
        Cell(f"{one.n:,}", value=float(one.n)),
        _estimate(one.metrics[first]),
        *(Cell(_number(one.value(name)), value=one.value(name)) for name in others),
        Cell("") if one.gap is None else Cell(_number(one.gap.value), value=one.gap.value),
        Cell(_said(one.verdict), why, level_of(one.verdict.value)),
    )


def _estimate(one: Estimate) -> Cell:
    interval = "" if one.low is None else f"{one.low:.3f} to {one.high:.3f}"
    return Cell(_number(one.value), interval, value=one.value)


def _fairness(one: Fairness) -> Grid:
    """Return the largest gap of each rate between two groups of a column."""
    rows = [
        (
            Cell(rate.replace("_", " ")),
            Cell(f"{gap.value:.3f}", f"{gap.low:.3f} to {gap.high:.3f}", value=gap.value),
            Cell(gap.highest),
            Cell(gap.lowest),
        )
        for rate, gap in one.gaps.items()
        if gap.value is not None
    ]
    return Grid(
        f"fairness-{one.by}",
        f"Gaps between the groups of {one.by}",
        ("Rate", "Gap", "Highest", "Lowest"),
        tuple(rows),
        "Fewer than two groups are large enough to compare.",
        f"Four fifths: {one.four_fifths.sentence}",
    )


def _calibration(answer: Answer) -> tuple[Grid, ...]:
    found = answer.calibration
    if found is None:
        return ()
    slope = found.get("slope")
    noise, ece = found["noise"], answer.overall.value("ece")
    note = f"ECE {_number(ece)}; chance alone gives about {noise:.2g}."
    if isinstance(slope, float):
        note += f" Slope {slope:.3f}: 1 is calibrated, below 1 is too sure."
    table = found["table"]
    bins = table if isinstance(table, list) else []
    rows = tuple(
        (
            Cell(f"{one['from']:g} to {one['to']:g}"),
            Cell(f"{one['n']:,}", value=float(one["n"])),
            Cell(f"{one['score']:.3f}", value=one["score"]),
            Cell(
                f"{one['share']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}", value=one["share"]
            ),
        )
        for one in bins
    )
    columns = ("Score", "n", "Mean score", "Share of positives")
    return (Grid("calibration", "Calibration of all rows", columns, rows, "", note),)


def _charts(answer: Answer) -> tuple[Chart, ...]:
    rows = []
    for one in answer.segments[:TOLD]:
        found = one.metrics[answer.metric]
        if found.value is not None:
            rows.append(SegmentRow(one.name, found.value, found.low, found.high, one.n))
    if not rows:
        return ()
    bounds = [check.bound for check in answer.overall.checks if check.metric == answer.metric]
    direction: Direction = "maximise" if answer.metric in MAXIMISED else "minimise"
    word = WORDS.get(answer.metric, answer.metric)
    drawn = Segments(tuple(rows), word, bounds[0] if bounds else None, direction)
    return (segments(drawn),)


def _method(answer: Answer) -> tuple[tuple[str, str], ...]:
    found = [("Rule", RULE), ("Confidence", f"{answer.confidence:g}, two-sided, for each interval")]
    how = "every pair counted" if answer.method["auc"] == "exact" else "from buckets of scores"
    found.append(("Pairs", f"{how}; certain to within {answer.method['spread']:.2g}"))
    by_method: dict[str, list[str]] = {}
    for name, one in answer.overall.metrics.items():
        by_method.setdefault(one.method, []).append(WORDS.get(name, name))
    found += [(", ".join(names), method) for method, names in by_method.items()]
    found += [
        (f"Edges of {name}", ", ".join(f"{edge:.6g}" for edge in edges))
        for name, edges in answer.edges.items()
    ]
    tested = sum(one.p_adjusted is not None for one in answer.segments)
    found.append(("Many comparisons", f"{tested:,} gaps, Benjamini-Hochberg at {answer.alpha:g}"))
    return tuple(found)


def _said(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4g}"
