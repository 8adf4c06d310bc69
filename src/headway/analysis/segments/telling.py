"""How an answer by segment is told: in which order, and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from headway.analysis.segments.answer import Segment
from headway.analysis.segments.judging import Verdict
from headway.analysis.segments.measured import MAXIMISED


def weakness(one: Segment, metric: str) -> tuple[int, float, str]:
    """Return a key by which the weaker segment is smaller.

    Unmet ones lead, then by what a segment reaches at best (the good end of its interval), so that
    small ones do not lead by luck; what can't be judged comes last.
    """
    found = one.metrics[metric]
    best = found.high if metric in MAXIMISED else found.low
    best = found.value if best is None else best
    rank = {Verdict.UNMET: 0, Verdict.INSUFFICIENT: 3}.get(one.verdict, 1)
    if best is None:
        return max(rank, 2), 0.0, one.name
    return rank, best if metric in MAXIMISED else -best, one.name


def sentence_of(overall: Segment, told: Sequence[Segment], metric: str) -> str:
    """Return what was found: all rows, then the weakest segment, then what is not known."""
    parts = [f"{metric} {shown(overall, metric)} on all {overall.n:,} rows."]
    if overall.verdict is Verdict.UNMET:
        parts.append(overall.sentence)
    judged = [one for one in told if one.verdict is not Verdict.INSUFFICIENT]
    unmet = [one for one in judged if one.verdict is Verdict.UNMET]
    if unmet:
        weakest = f"the weakest {unmet[0].name}: {unmet[0].sentence}"
        parts.append(f"{len(unmet):,} of {len(told):,} segments unmet, {weakest}")
    elif judged:
        parts.append(f"Weakest: {judged[0].name} with {shown(judged[0], metric)}.")
    small = len(told) - len(judged)
    if small:
        parts.append(f"{small:,} of {len(told):,} segments can't be judged, and are not met.")
    weaker = sum(one.weaker for one in told)
    if weaker:
        parts.append(f"{weaker:,} {'is' if weaker == 1 else 'are'} weaker beyond chance.")
    return " ".join(parts)


def shown(one: Segment, metric: str) -> str:
    """Return the value of a metric with its interval."""
    found = one.metrics[metric]
    if found.value is None:
        return "n/a"
    if found.low is None or found.high is None:
        return f"{found.value:.4g}"
    return f"{found.value:.4g} ({found.low:.4g} to {found.high:.4g})"
