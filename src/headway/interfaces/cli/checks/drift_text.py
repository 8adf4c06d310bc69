"""A drift answer as rows, as cases of CI, and as a page with pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from headway.analysis.drift import Drift, Judged
from headway.analysis.drift.bins import Bins
from headway.analysis.drift.document import method
from headway.rendering.charts.chart import Chart
from headway.rendering.charts.distributions import (
    MOST_CATEGORIES,
    Bin,
    TwoDistributions,
    two_distributions,
)
from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

HEADERS = ("column", "kind", "n", "missing", "KS", "Wasserstein", "PSI", "JS", "verdict")
#: Pictures on a page at the most: the columns that drifted, the largest effect first.
PICTURES = 12


def told_first(columns: Iterable[Judged]) -> list[Judged]:
    """Return the columns, those that drifted or are gone first, then by the size of the effect."""
    order = ("unmet", "missing", "insufficient", "met", "not_applicable")

    def rank(one: Judged) -> tuple[int, float]:
        return order.index(one.verdict), -(one.test.effect / one.test.bound if one.test else 0.0)

    return sorted(columns, key=rank)


def row_of(one: Judged) -> list[str]:
    """Return a column as the cells of a table."""
    column, current = one.column, one.column.current
    missing = (
        f"{100 * current.gaps.missing / current.rows:.1f} %" if current and current.rows else ""
    )
    return [
        column.name,
        column.kind,
        f"{current.n:,}" if current else "",
        missing,
        _between(column.ks.low, column.ks.high) if column.ks else "",
        _between(column.wasserstein.low, column.wasserstein.high) if column.wasserstein else "",
        f"{column.psi:.4f}" if column.psi is not None else "",
        f"{column.js:.4f}" if column.js is not None else "",
        "drifted" if one.drifted else "no drift" if one.verdict == "met" else one.verdict,
    ]


def _between(low: float, high: float) -> str:
    """Say a bracket by the digits that tell its ends apart; one number where they are the same."""
    first, last = f"{low:.4g}", f"{high:.4g}"
    return first if first == last else f"{first}–{last}"


def cases_of(answer: Drift) -> list[Case]:
    """Return a case for each column, and for each column of each segment."""
    cases = [Case("drift", name, one.verdict, one.sentence) for name, one in answer.columns.items()]
    for segment, part in answer.segments.items():
        group = f"drift.{answer.by}={segment}"
        cases += [Case(group, name, one.verdict, one.sentence) for name, one in part.items()]
    return cases


def page_of(answer: Drift) -> CheckPage:
    """Return the page: the answer, a table of all columns, a picture of those that drifted."""
    ranked = told_first(answer.columns.values())
    grids = [_grid("verdicts", "Columns", ranked)]
    for segment, part in answer.segments.items():
        drifted = [one for one in told_first(part.values()) if one.drifted]
        if drifted:
            grids.append(_grid("verdicts", f"{answer.by}: {segment}", drifted))
    told = method(answer.rules, exact=answer.exact)
    bounds = ", ".join(f"{name} {bound:g}" for name, bound in told["bounds"].items())
    words = [(name, text) for name, text in told.items() if isinstance(text, str)]
    return CheckPage(
        title="Drift",
        subject=f"{answer.current} against {answer.reference}",
        answer=answer.sentence(),
        level="bad" if answer.drifted else "good",
        facts=(
            Fact("Reference", f"{answer.rows[0]:,}", "rows"),
            Fact("Current", f"{answer.rows[1]:,}", "rows"),
            Fact("Columns", f"{len(answer.columns):,}", "compared"),
        ),
        grids=tuple(grids),
        charts=tuple(_charts(ranked)),
        notes=(*_undrawn(ranked), *answer.notes),
        method=(*words, ("bounds", bounds), ("false discovery rate", f"{answer.rules.q:g}")),
    )


def _undrawn(columns: Sequence[Judged]) -> list[str]:
    """Return the sentences that no picture says: of what is gone, or could not be judged."""
    return [one.sentence for one in columns if one.verdict != "met" and not _is_drawn(one)]


def _is_drawn(one: Judged) -> bool:
    return one.drifted and one.column.bins is not None


def _grid(name: str, heading: str, columns: Sequence[Judged]) -> Grid:
    rows = []
    for one in columns:
        first, kind, *middle, verdict = row_of(one)
        cells = [
            Cell(text, value=number) for text, number in zip(middle, _numbers(one), strict=True)
        ]
        rows.append((Cell(first), Cell(kind), *cells, Cell(verdict, level=level_of(one.verdict))))
    headers = tuple(header[:1].upper() + header[1:] for header in HEADERS)
    return Grid(name, heading, headers, tuple(rows), "No column was compared.")


def _numbers(one: Judged) -> list[float | None]:
    """Return the numbers behind the cells between kind and verdict: a bracket by its lower end."""
    column, current = one.column, one.column.current
    return [
        float(current.n) if current else None,
        current.gaps.missing / current.rows if current and current.rows else None,
        column.ks.low if column.ks else None,
        column.wasserstein.low if column.wasserstein else None,
        column.psi,
        column.js,
    ]


def _charts(columns: Sequence[Judged]) -> list[Chart]:
    shown = [one for one in columns if _is_drawn(one)][:PICTURES]
    return [_chart(one, one.column.bins) for one in shown if one.column.bins is not None]


def _chart(one: Judged, bins: Bins) -> Chart:
    n, m = max(int(bins.f.sum()), 1), max(int(bins.g.sum()), 1)
    shares = [(f / n, g / m) for f, g in zip(bins.f.tolist(), bins.g.tolist(), strict=True)]
    if bins.edges:
        ends = zip(bins.edges, bins.edges[1:], strict=False)
        parts = [Bin(*share, low, high) for share, (low, high) in zip(shares, ends, strict=True)]
    else:
        parts = [Bin(*share, name=name) for name, share in zip(bins.labels, shares, strict=True)]
        parts = _gathered(parts)
    told = TwoDistributions(one.column.name, tuple(parts), one.sentence, n, m)
    return two_distributions(told)


def _gathered(parts: list[Bin]) -> list[Bin]:
    """Keep the first categories, and draw the others as one."""
    if len(parts) <= MOST_CATEGORIES:
        return parts
    kept, rest = parts[: MOST_CATEGORIES - 1], parts[MOST_CATEGORIES - 1 :]
    others = Bin(
        sum(part.reference for part in rest), sum(part.current for part in rest), name="others"
    )
    return [*kept, others]
