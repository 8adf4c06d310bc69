"""Best so far: what training runs reached, run by run, against the value that was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days, scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Trace, Word

Direction = Literal["maximise", "minimise"]

#: Drawing more dots than this tells nothing more and makes a page slow.
MOST_DOTS = 400
_RIGHT = 92


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One run: when it ended, the metric's value (None when it has none), its status and id."""

    at: datetime
    value: float | None
    status: str
    id: str


@dataclass(frozen=True, slots=True)
class BestSoFar:
    """The runs towards a criterion, as of now.

    `metric` names what is measured; `start` is the value before any work; `interval` is the range
    of the best value. Only runs with status `finished` can be best.
    """

    runs: tuple[RunPoint, ...]
    metric: str
    target: float
    direction: Direction = "maximise"
    start: float | None = None
    interval: tuple[float, float] | None = None

    def beats(self, value: float, other: float) -> bool:
        """Whether `value` is strictly better than `other`."""
        return value > other if self.direction == "maximise" else value < other

    def improvements(self) -> tuple[tuple[RunPoint, float], ...]:
        """The finished runs that were the best when they ended, with their values, oldest first."""
        best: list[tuple[RunPoint, float]] = []
        for run in sorted(self.runs, key=lambda run: (run.at, run.id)):
            value = run.value if run.status == "finished" else None
            if value is not None and (not best or self.beats(value, best[-1][1])):
                best.append((run, value))
        return tuple(best)


def best_so_far(history: BestSoFar, frame: Frame = WEB) -> Chart:
    """Draw each run as a dot, the best so far as a step line, and the target.

    Failed and killed runs are crosses: at their value, or on the floor of the plot without one.
    Raises Invalid when there are no runs.
    """
    if not history.runs:
        sentence = f"There are no runs for {history.metric} yet; sync a source or push evidence."
        raise Invalid(sentence)
    margins = Margins(left=52, right=_RIGHT)
    plot_width = frame.width - margins.left - margins.right
    best = history.improvements()
    drawn = _drawn(history.runs, {run.id for run, _ in best})
    x = days.axis([run.at.date() for run in history.runs], plot_width)
    y = scales.values(_values(history))
    marks = (
        *_levels(history, x),
        *_steps(history, best, x),
        *_dots(history, drawn, best, y),
        *_words(history, best, x, y, (frame.height - margins.top - margins.bottom)),
        Word(x.low, y.high, history.metric, ink="muted", dx=-44, dy=-24, limit=frame.width - 20),
    )
    title, note = _title(history, best), _note(history, len(drawn))
    svg = draw(Scene(x, y, marks, margins), frame, title, note)
    columns = ("Ended", "Run", "Status", history.metric, "Best so far")
    return Chart(title, svg, columns, _rows(history, best), note)


def _values(history: BestSoFar) -> list[float]:
    known = [run.value for run in history.runs if run.value is not None]
    asked = [history.target, *(history.interval or ())]
    return [*known, *asked, *([] if history.start is None else [history.start])]


def _drawn(runs: Sequence[RunPoint], kept: set[str]) -> list[RunPoint]:
    """Return at most about MOST_DOTS runs: every improvement, and an even sample of the others."""
    ordered = sorted(runs, key=lambda run: (run.at, run.id))
    stride = -(-len(ordered) // MOST_DOTS)
    return [run for place, run in enumerate(ordered) if place % stride == 0 or run.id in kept]


def _place(moment: datetime) -> float:
    return days.instant(moment)


def _levels(history: BestSoFar, x: Axis) -> list[Mark]:
    target = history.target
    marks: list[Mark] = [
        Rule(x.low, target, x.high, target, ink="target", dash="dashed", width=1.5)
    ]
    if history.start is not None:
        marks.append(Rule(x.low, history.start, x.high, history.start, ink="muted", dash="dotted"))
    return marks


def _steps(history: BestSoFar, best: tuple[tuple[RunPoint, float], ...], x: Axis) -> list[Mark]:
    if not best:
        return []
    points = [(_place(best[0][0].at), best[0][1])]
    for run, value in best[1:]:
        points += [(_place(run.at), points[-1][1]), (_place(run.at), value)]
    points.append((x.high, points[-1][1]))
    marks: list[Mark] = [Trace(tuple(points))]
    if history.interval is not None:
        low, high = history.interval
        marks.append(Rule(x.high, low, x.high, high, ink="c1", width=5))
    return marks


def _dots(
    history: BestSoFar,
    drawn: Sequence[RunPoint],
    best: tuple[tuple[RunPoint, float], ...],
    y: Axis,
) -> list[Mark]:
    leaders = {run.id for run, _ in best}
    floor = y.low + (y.high - y.low) * 0.03
    marks: list[Mark] = []
    for run in drawn:
        at = _place(run.at)
        if run.status in {"failed", "killed"}:
            height = floor if run.value is None else run.value
            marks.append(Dot(at, height, ink="c2", shape="cross", size=22))
        elif run.value is not None:
            leads = run.id in leaders
            ink: Ink = "c1" if leads else "muted"
            marks.append(Dot(at, run.value, ink, hollow=not leads, size=58 if leads else 30))
    return marks


def _words(
    history: BestSoFar,
    best: tuple[tuple[RunPoint, float], ...],
    x: Axis,
    y: Axis,
    height: int,
) -> list[Mark]:
    """Name the levels at the right edge, pushed apart where they would cover each other."""
    digits = scales.digits_for(y)
    said: list[tuple[float, Word]] = [
        (history.target, Word(0, 0, f"Target {phrases.number(history.target, digits)}", bold=True))
    ]
    if best:
        value = best[-1][1]
        said.append((value, Word(0, 0, f"Best {phrases.number(value, digits)}", "c1", bold=True)))
    if history.start is not None:
        words = f"Start {phrases.number(history.start, digits)}"
        said.append((history.start, Word(0, 0, words, "muted")))
    places = scales.apart([value for value, _ in said], 15 * (y.high - y.low) / height)
    return [
        Word(x.high, place, word.text, word.ink, dx=9, bold=word.bold)
        for place, (_, word) in zip(places, said, strict=True)
    ]


def _title(history: BestSoFar, best: tuple[tuple[RunPoint, float], ...]) -> str:
    count = phrases.quantity(len(history.runs), "run")
    target = phrases.number(history.target, 3)
    if not best:
        return f"None of {count} has finished with a value of {history.metric}; target {target}."
    value = best[-1][1]
    reached = not history.beats(history.target, value)
    verb = "reaches" if reached else "does not reach"
    doubt = ", but its interval does not" if reached and _in_doubt(history) else ""
    return (
        f"The best {history.metric} of {count} is {phrases.number(value, 3)}; "
        f"it {verb} the target {target}{doubt}."
    )


def _in_doubt(history: BestSoFar) -> bool:
    """Whether the bad end of the best value's interval misses the target."""
    if history.interval is None:
        return False
    low, high = history.interval
    return history.beats(history.target, low if history.direction == "maximise" else high)


def _note(history: BestSoFar, drawn: int) -> str:
    sentences = ["Filled dots: best when they ended."]
    lost = sum(run.status in {"failed", "killed"} for run in history.runs)
    if lost:
        sentences.append(f"Crosses: {phrases.quantity(lost, 'run')} failed or killed.")
    if history.interval is not None:
        low, high = (phrases.number(end, 3) for end in history.interval)
        sentences.append(f"Bar at the right: interval of the best, {low} to {high}.")
    if drawn < len(history.runs):
        sentences.append(f"{drawn:,} of {len(history.runs):,} runs are drawn.")
    return " ".join(sentences)


def _rows(
    history: BestSoFar, best: tuple[tuple[RunPoint, float], ...]
) -> tuple[tuple[str, ...], ...]:
    """Word the drawn runs, newest last; a long history keeps its improvements and a sample."""
    leading = {run.id: value for run, value in best}
    so_far: float | None = None
    rows = []
    for run in _drawn(history.runs, set(leading)):
        so_far = leading.get(run.id, so_far)
        said = (phrases.number(run.value), phrases.number(so_far))
        rows.append((phrases.day(run.at.date()), run.id, run.status, *said))
    return tuple(rows)
