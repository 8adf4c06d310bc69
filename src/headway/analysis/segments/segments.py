"""How a model does by segment: `segments(table, question)`, the weakest first.

Every metric of every segment comes with its rows and an interval; floors and the greatest gap are
judged by the interval's end. `from headway.analysis.segments.segments import Question, segments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from headway.analysis.segments.answer import Answer, Segment
from headway.analysis.segments.calibrating import buckets_of, noise, reliability, slope
from headway.analysis.segments.counted import counted
from headway.analysis.segments.fairness import Fairness, fairness
from headway.analysis.segments.groupings import Cut, Grouping, by_column, pairs_of
from headway.analysis.segments.intervals import CONFIDENCE, z_of
from headway.analysis.segments.judging import (
    Check,
    Verdict,
    adjusted,
    floor_check,
    gap_check,
    p_of,
    worst,
)
from headway.analysis.segments.measured import MAXIMISED, Estimate, Measured, Numbers, finite
from headway.analysis.segments.metrics import Judge, known_metrics, tallies_of
from headway.analysis.segments.ranking import Ranked, spreads
from headway.analysis.segments.tallies import Tally
from headway.analysis.segments.task import Answers, Columns, Task, answers
from headway.analysis.segments.telling import sentence_of, weakness
from headway.analysis.summaries.by_group import read_columns
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

#: Fewer rows than this say nothing of a segment, unless something else is asked for.
LEAST = 30
ALPHA = 0.05
#: Up to this many rows are read one by one.
EXACT_ROWS = 5_000_000
METHODS = ("auto", "exact", "bracket")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model by segment.

    `by` names columns; `pairs` crosses each two of them. `floors` maps a metric to its bound, a
    ceiling where less is better; `max_gap` is how much worse than all rows a segment may be on the
    main `metric`. `least` is the fewest rows that judge a segment; with `allow_small` segments
    below it do not speak for the whole. With `four_fifths` the ratio of selection rates of each
    column's groups speaks too.

    By `method` "exact" every row is read, by "bracket" the engine counts cells and the AUC is
    certain to within its buckets; "auto" reads up to `EXACT_ROWS` rows.
    """

    columns: Columns
    by: tuple[str, ...] = ()
    pairs: bool = False
    metric: str | None = None
    floors: Mapping[str, float] = field(default_factory=dict)
    max_gap: float | None = None
    least: int = LEAST
    bins: int = 4
    confidence: float = CONFIDENCE
    alpha: float = ALPHA
    allow_small: bool = False
    four_fifths: bool = False
    method: str = "auto"

    def check(self) -> None:
        """Raise Invalid for numbers that can't be meant."""
        twice = [name for name in self.by if self.by.count(name) > 1]
        for wrong, sentence in (
            (bool(twice), f"--by names {twice[:1]} twice. Name each column once."),
            (self.pairs and len(self.by) < 2, "Pairs need two columns or more to be made of."),
            (self.least < 1, f"The minimum size is {self.least}; it has to be 1 or more."),
            (
                self.max_gap is not None and not 0 <= self.max_gap < float("inf"),
                f"The greatest gap is {self.max_gap}; it has to be a number from 0 on.",
            ),
            (not 2 <= self.bins <= 100, f"{self.bins} bins; numbers are cut into 2 to 100."),
            (self.method not in METHODS, f"The method {self.method!r} is none of {METHODS}."),
            (not 0 < self.alpha < 1, f"Alpha is {self.alpha:g}; it has to be between 0 and 1."),
        ):
            if wrong:
                raise Invalid(sentence)
        z_of(self.confidence)


def segments(table: Table, question: Question) -> Answer:
    """Return how the model does on each segment of a table.

    The table has a row for each case: what happened, what the model said, and the columns to
    divide by. Raises Invalid for a question that the table can't answer.
    """
    question.check()
    names = (*question.columns.names(), *question.by)
    table.chosen(tuple(dict.fromkeys(names)))
    if question.method == "bracket" or (question.method == "auto" and table.rows() > EXACT_ROWS):
        found, cuts = counted(table, question.columns, question.by, question.bins)
    else:
        held = read_columns(table, names)
        found = answers(held, question.columns)
        cuts = [
            by_column(held[name], found.used, question.bins)
            for name in (question.by if found.n else ())
        ]
    return _Asked(table.name, question, found, cuts).answer()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the rows that answer it."""

    name: str
    question: Question
    found: Answers
    cuts: Sequence[Cut]

    def answer(self) -> Answer:
        """Return the answer; without a row that judges, `missing`."""
        metric = self._metric()
        cuts = self.cuts if self.found.n else ()
        singles = [cut.grouping for cut in cuts]
        pairs, notes = self._pairs(singles)
        judge = Judge.of(self.found, self.question.confidence)
        _, of_all = judge.overall()
        groupings = [*singles, *pairs]
        tallies = tallies_of(self.found, groupings, singles)
        listed = [
            one
            for grouping, tally in zip(groupings, tallies, strict=True)
            for one in self._segments(
                grouping, tally, judge.measured(grouping, tally), of_all, metric
            )
        ]
        told = self._told(listed, metric)
        fair = self._fairness(list(zip(singles, tallies, strict=False)))
        notes = (*self.found.notes, *(note for cut in cuts for note in cut.notes), *notes)
        return self._answer(metric, of_all, judge, told, (cuts, fair), notes)

    def _pairs(self, singles: list[Grouping]) -> tuple[list[Grouping], tuple[str, ...]]:
        if not self.question.pairs:
            return [], ()
        counts = self.found.counts
        return pairs_of(singles, self.question.least, counts.n if counts else None)

    def _metric(self) -> str:
        """Return the main metric. Raises Invalid for one that the task has not."""
        known = known_metrics(self.found)
        for name in (*self.question.floors, *filter(None, [self.question.metric])):
            if name not in known:
                sentence = (
                    f"The metric {name!r} can't be told here ({self.found.task.value} task, from "
                    f"{' and '.join(self.question.columns.names()[1:])}). "
                    f"Known: {', '.join(known)}."
                )
                raise Invalid(sentence)
        return self.question.metric or known[0]

    def _segments(  # noqa: PLR0913  a grouping with all that was counted of it
        self,
        grouping: Grouping,
        tally: Tally,
        measured: Mapping[str, Measured],
        of_all: Mapping[str, Measured],
        metric: str,
    ) -> list[Segment]:
        main, all_rows = measured[metric], of_all[metric]
        gap = main.value - all_rows.value[0]
        with np.errstate(invalid="ignore"):
            variance = np.maximum(main.variance + all_rows.variance[0] - 2 * main.shared, 0.0)
        return [
            self._segment(
                (grouping.labels[at], grouping.parts[at]),
                int(tally["n"][at]),
                {name: one.at(at) for name, one in measured.items()},
                _gap(gap, variance, at, main, z_of(self.question.confidence)),
                p_of(float(gap[at]), float(variance[at])),
                metric,
            )
            for at in range(grouping.size)
        ]

    def _segment(  # noqa: PLR0913  what a segment is made of
        self,
        name: tuple[str, Mapping[str, str]],
        n: int,
        metrics: Mapping[str, Estimate],
        gap: Estimate | None,
        p: float | None,
        metric: str,
    ) -> Segment:
        checks = self._checks(n, metrics)
        if self.question.max_gap is not None and gap is not None:
            checks += (gap_check(metric, self.question.max_gap, gap, n, self.question.least),)
        verdict, sentence = self._verdict(n, checks)
        return Segment(name[0], name[1], n, metrics, gap, p, None, False, checks, verdict, sentence)

    def _checks(self, n: int, metrics: Mapping[str, Estimate]) -> tuple[Check, ...]:
        return tuple(
            floor_check(name, bound, metrics[name], n, self.question.least)
            for name, bound in self.question.floors.items()
        )

    def _verdict(self, n: int, checks: Sequence[Check]) -> tuple[Verdict, str]:
        if n < self.question.least:
            return (
                Verdict.INSUFFICIENT,
                f"{n:,} rows; at least {self.question.least:,} are asked for.",
            )
        if not checks:
            return Verdict.NOT_APPLICABLE, "No floor and no greatest gap was asked for."
        verdict = worst([check.verdict for check in checks])
        return verdict, " ".join(one.sentence for one in checks if one.verdict is verdict)

    def _told(self, listed: Sequence[Segment], metric: str) -> tuple[Segment, ...]:
        """Return the segments with adjusted p, the weakest first.

        Unmet ones lead, then by what a segment reaches at best (the good end of its interval), so
        that small ones do not lead by luck; those that are too small to judge come last.
        """
        tested = [one.p if one.n >= self.question.least else None for one in listed]
        found = []
        for one, p in zip(listed, adjusted(tested), strict=True):
            worse = (
                one.gap is not None
                and one.gap.value is not None
                and (one.gap.value < 0 if metric in MAXIMISED else one.gap.value > 0)
            )
            weaker = p is not None and p <= self.question.alpha and worse
            found.append(
                Segment(
                    one.name,
                    one.parts,
                    one.n,
                    one.metrics,
                    one.gap,
                    one.p,
                    p,
                    weaker,
                    one.checks,
                    one.verdict,
                    one.sentence,
                )
            )
        return tuple(sorted(found, key=lambda one: weakness(one, metric)))

    def _answer(  # noqa: PLR0913  what an answer is made of
        self,
        metric: str,
        of_all: Mapping[str, Measured],
        judge: Judge,
        told: tuple[Segment, ...],
        divided: tuple[Sequence[Cut], tuple[Fairness, ...]],
        notes: tuple[str, ...],
    ) -> Answer:
        overall = self._overall(of_all)
        cuts, fair = divided
        verdict, sentence = self._spoken(overall, told, metric, fair)
        found = self.found
        return Answer(
            table=self.name,
            task=found.task.value,
            metric=metric,
            overall=overall,
            segments=told,
            fairness=fair,
            calibration=self._calibration(judge.whole),
            edges={cut.grouping.columns[0]: cut.edges for cut in cuts if cut.edges},
            rows=found.rows,
            missing=found.missing,
            positive=found.positive,
            threshold=found.threshold,
            confidence=self.question.confidence,
            alpha=self.question.alpha,
            method=self._method(judge.ranked),
            verdict=verdict,
            sentence=sentence,
            notes=(*notes, *self._silences(overall, told, metric)),
        )

    def _overall(self, of_all: Mapping[str, Measured]) -> Segment:
        metrics = {name: one.at(0) for name, one in of_all.items()}
        n = self.found.n
        checks = self._checks(n, metrics)
        verdict, sentence = self._verdict(n, checks)
        return Segment("", {}, n, metrics, None, None, None, False, checks, verdict, sentence)

    def _calibration(self, whole: Tally) -> Mapping[str, object] | None:
        if "bin_n" not in whole or not self.found.n:
            return None
        return {
            "bins": "ten of equal width",
            "noise": finite(noise(whole)[0]),
            **self._slope(),
            "table": reliability(whole, 0, self.question.confidence),
        }

    def _method(self, ranked: Ranked | None) -> Mapping[str, object]:
        """Return how the area was found, and how far it is certain."""
        if self.found.counts is None or ranked is None:
            return {"auc": "exact", "spread": 0.0}
        nobody = np.zeros(self.found.items, dtype=np.int32)
        return {"auc": "bracket", "spread": float(spreads(ranked, nobody, 1)[0])}

    def _slope(self) -> Mapping[str, float | None]:
        """Return intercept and slope of the labels' logit on the score's; absent where endless."""
        found = self.found
        fitted = slope(*buckets_of(found))
        if fitted is None:
            return dict.fromkeys(("intercept", "slope", "slope_low", "slope_high"))
        reach = z_of(self.question.confidence) * fitted[3]
        return {
            "intercept": fitted[0],
            "slope": fitted[1],
            "slope_low": fitted[1] - reach,
            "slope_high": fitted[1] + reach,
        }

    def _spoken(
        self, overall: Segment, told: Sequence[Segment], metric: str, fair: Sequence[Fairness]
    ) -> tuple[Verdict, str]:
        if not self.found.n:
            why = f"none of {self.found.rows:,} rows has both a label and what the model said"
            if not self.found.rows:
                why = "the table has no rows"
            return Verdict.MISSING, f"{self.name}: {why}; that is no evidence."
        speaking = [one.verdict for one in told if one.n >= self._fewest()]
        verdicts = [overall.verdict, *speaking] if self._is_judged() else []
        ratios = [one.four_fifths for one in fair] if self.question.four_fifths else []
        verdict = worst([*verdicts, *(one.verdict for one in ratios)])
        said = sentence_of(overall, told, metric)
        return verdict, " ".join([said, *(one.sentence for one in ratios)])

    def _fairness(self, divided: Sequence[tuple[Grouping, Tally]]) -> tuple[Fairness, ...]:
        """Return the gaps between the groups of each column, where there are two classes."""
        if self.found.task is not Task.BINARY or self.found.given is None:
            if self.question.four_fifths:
                sentence = (
                    "Four fifths are of a selection, and no class is given: name a prediction."
                )
                raise Invalid(sentence)
            return ()
        return tuple(
            fairness(grouping, tally, self.question.least, self.question.confidence)
            for grouping, tally in divided
        )

    def _fewest(self) -> int:
        """Return the fewest rows with which a segment speaks for the whole."""
        return self.question.least if self.question.allow_small else 0

    def _is_judged(self) -> bool:
        return bool(self.question.floors) or self.question.max_gap is not None

    def _silences(self, overall: Segment, told: Sequence[Segment], metric: str) -> tuple[str, ...]:
        """Return a sentence for metrics that have no value where they could have one."""
        silent = [one for one in told if one.value(metric) is None]
        found = []
        if "auc" in overall.metrics and overall.value("auc") is None and overall.n:
            found.append("All rows are of one class: there is no AUC.")
        elif silent and metric == "auc":
            found.append(
                f"{len(silent):,} of {len(told):,} segments hold one class only and have no AUC: "
                f"{', '.join(one.name for one in silent[:5])}{' …' if len(silent) > 5 else ''}."
            )
        return tuple(found)


def _gap(gap: Numbers, variance: Numbers, at: int, main: Measured, z: float) -> Estimate | None:
    value = finite(gap[at])
    if value is None:
        return None
    reach = finite(z * sqrt(variance[at])) if np.isfinite(variance[at]) else None
    low, high = (None, None) if reach is None else (value - reach, value + reach)
    return Estimate(value, low, high, int(main.n[at]), "normal, a segment being part of all rows")
