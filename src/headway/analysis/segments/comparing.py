"""Two versions of a model on the same rows: is the second better than the first?

AUC: DeLong's paired test (Biometrics 44, 1988). Classes: McNemar's test, exact and mid-p
(Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13, 2013). Every other metric: the
paired bootstrap (Efron 1979), percentile interval; both versions are judged on the same drawn rows.
More than `GROUPS` rows are dealt into as many groups, and groups are drawn: sums of groups are all
that a metric needs, so any number of rows takes the same time. Sums are drawn as whole numbers,
which add up to the same bits in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import erfc, inf, sqrt

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import uniforms
from headway.analysis.segments.intervals import CONFIDENCE, z_of
from headway.analysis.segments.measured import MAXIMISED, Estimate, Numbers
from headway.analysis.segments.metrics import Judge, known_metrics, metrics_of, tally_of
from headway.analysis.segments.ranking import Ranked
from headway.analysis.segments.tallies import Tally
from headway.analysis.segments.task import Answers, Columns, Task, answers
from headway.analysis.summaries.by_group import read_columns
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

#: Rows that are drawn one by one, beyond which groups of rows are.
GROUPS = 2_000
RESAMPLES = 2_000
#: Fewer rows than this compare nothing.
LEAST = 30
DELONG = "DeLong, paired"
BOOTSTRAP = "paired percentile bootstrap"


@dataclass(frozen=True, slots=True)
class CompareQuestion:
    """Two versions by their columns (two scores or two predictions), and what is asked of them.

    `resamples` is how often rows are drawn. With a `margin` it is also asked whether the second is
    at most that much worse.
    """

    label: str
    first: str
    second: str
    are_scores: bool
    metric: str | None = None
    margin: float | None = None
    positive: str | None = None
    threshold: float | None = None
    seed: int = 0
    resamples: int = RESAMPLES
    confidence: float = CONFIDENCE

    def columns(self, version: str) -> Columns:
        """Return the columns of one version."""
        score, prediction = (version, None) if self.are_scores else (None, version)
        return Columns(self.label, score, prediction, self.positive, self.threshold)

    def check(self) -> None:
        """Raise Invalid for what can't be meant."""
        z_of(self.confidence)
        if self.first == self.second:
            sentence = f"Both versions are the column {self.first!r}. Name two columns."
            raise Invalid(sentence)
        if not 100 <= self.resamples <= 100_000:
            sentence = f"{self.resamples:,} resamples; between 100 and 100,000 are drawn."
            raise Invalid(sentence)
        if self.margin is not None and not 0 <= self.margin < inf:
            sentence = f"The margin is {self.margin}; it has to be a number from 0 on."
            raise Invalid(sentence)


@dataclass(frozen=True, slots=True)
class Discordant:
    """McNemar: rows that only one version has right, and the chance of such a split by luck."""

    only_first: int
    only_second: int
    exact_p: float
    mid_p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether the second version is better, worse, not shown to differ, or too little is known.

    `differences` are second less first; `advantage` is that of the main metric with its sign turned
    so that above 0 the second is better.
    """

    metric: str
    question: CompareQuestion
    rows: int
    n: int
    sides: tuple[Mapping[str, Estimate], Mapping[str, Estimate]]
    differences: Mapping[str, Estimate]
    p: float | None
    discordant: Discordant | None
    verdict: str
    not_worse: bool | None
    sentence: str
    notes: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Say whether the second is shown to be better, or not worse by more than the margin."""
        return self.verdict == "better" or bool(self.not_worse)

    def as_json(self) -> dict[str, object]:
        """Return the document that `--json` prints."""
        first, second = ({name: one.as_json() for name, one in side.items()} for side in self.sides)
        split = self.discordant
        return {
            "verdict": self.verdict,
            "sentence": self.sentence,
            "metric": self.metric,
            "rows": self.rows,
            "used": self.n,
            "first": {"column": self.question.first, "metrics": first},
            "second": {"column": self.question.second, "metrics": second},
            "differences": {name: one.as_json() for name, one in self.differences.items()},
            "p": self.p,
            "mcnemar": None
            if split is None
            else {
                "only_first_right": split.only_first,
                "only_second_right": split.only_second,
                "exact_p": split.exact_p,
                "mid_p": split.mid_p,
            },
            "margin": self.question.margin,
            "not_worse": self.not_worse,
            "confidence": self.question.confidence,
            "seed": self.question.seed,
            "resamples": self.question.resamples,
            "groups": min(self.n, GROUPS),
            "notes": list(self.notes),
        }


def compare(table: Table, question: CompareQuestion) -> Comparison:
    """Return how two versions compare on the rows that both answered. Raises Invalid for others."""
    question.check()
    held = read_columns(table, (question.label, question.first, question.second))
    pair = [answers(held, question.columns(name)) for name in (question.first, question.second)]
    if pair[0].task is not pair[1].task or len(pair[0].classes) > 50:
        sentence = (
            f"{question.first} and {question.second} of {table.name} can't be compared "
            f"({pair[0].task.value} against {pair[1].task.value} task, at most 50 classes)."
        )
        raise Invalid(sentence)
    used = pair[0].used & pair[1].used
    first, second = (_kept(one, used) for one in pair)
    known = [name for name in known_metrics(first) if name in known_metrics(second)]
    metric = question.metric or known[0]
    if metric not in known:
        sentence = f"The metric {metric!r} can't be told here. Known: {', '.join(known)}."
        raise Invalid(sentence)
    return _compared(question, len(used), metric, known, (first, second))


def _kept(one: Answers, used: NDArray[np.bool_]) -> Answers:
    """Return the answers on the rows that both versions have."""
    kept = used[one.used]
    return replace(
        one,
        used=used,
        truth=one.truth[kept],
        given=None if one.given is None else one.given[kept],
        score=None if one.score is None else one.score[kept],
        chance=None if one.chance is None else one.chance[kept],
    )


def _compared(
    question: CompareQuestion,
    rows: int,
    metric: str,
    known: list[str],
    pair: tuple[Answers, Answers],
) -> Comparison:
    first, second = pair
    notes = tuple(dict.fromkeys((*first.notes, *second.notes)))
    sides = tuple(Judge.of(one, question.confidence).overall()[1] for one in pair)
    told = [{name: side[name].at(0) for name in known} for side in sides]
    area = None
    if "auc" in known and first.n:
        area = _area(first, second, z_of(question.confidence))
    differences = _differences(question, known, pair, told, area) if first.n > 1 else {}
    found = differences.get(metric, Estimate(None, None, None, first.n, ""))
    p = area[1] if area and metric == "auc" else None
    verdict, not_worse = _verdict(question, metric, found)
    comparison = Comparison(
        metric,
        question,
        rows,
        first.n,
        (told[0], told[1]),
        differences,
        p,
        _discordant(first, second),
        verdict,
        not_worse,
        "",
        notes,
    )
    return replace(comparison, sentence=_sentence(comparison, found))


def _differences(
    question: CompareQuestion,
    known: list[str],
    pair: tuple[Answers, Answers],
    told: list[dict[str, Estimate]],
    area: tuple[Estimate, float | None] | None,
) -> dict[str, Estimate]:
    """Return second less first of each metric, with its interval."""
    drawn = _drawn(question.seed, question.resamples, pair)
    tail = (1 - question.confidence) / 2
    found = {}
    for name in known:
        one, other = told[0][name].value, told[1][name].value
        if one is None or other is None:
            continue
        if name == "auc" and area is not None:
            found[name] = area[0]
            continue
        spread = drawn[1][name] - drawn[0][name]
        low, high = np.quantile(spread[np.isfinite(spread)], [tail, 1 - tail])
        found[name] = Estimate(other - one, float(low), float(high), pair[0].n, BOOTSTRAP)
    return found


def _drawn(seed: int, resamples: int, pair: tuple[Answers, Answers]) -> list[dict[str, Numbers]]:
    """Return the metrics of both versions on each of the drawn sets of rows, but for the AUC."""
    n = pair[0].n
    groups = min(n, GROUPS)
    code = np.arange(n) % groups
    counts = np.empty((resamples, groups))
    for draw in range(resamples):
        places = (uniforms(seed, f"resample {draw}", groups) * groups).astype(np.int64)
        counts[draw] = np.bincount(places, minlength=groups)
    found = []
    for one in pair:
        tally = _summed(counts, tally_of(one, code, groups))
        metrics = metrics_of(one.task, tally, tally, CONFIDENCE)
        found.append({name: metric.value for name, metric in metrics.items()})
    return found


def _summed(counts: Numbers, tally: Tally) -> Tally:
    """Return the sums of the drawn groups: as whole numbers, so that their order changes no bit."""
    flat = [values.reshape(len(values), -1) for values in tally.values()]
    columns = np.concatenate(flat, axis=1)
    largest = np.maximum(np.abs(columns).max(axis=0) * len(columns), 1e-300)
    scale = np.exp2(np.minimum(np.floor(51 - np.log2(largest)), 900))
    sums = (counts @ np.rint(columns * scale)) / scale
    ends = np.cumsum([one.shape[1] for one in flat])[:-1]
    return {
        name: part.reshape(-1, *values.shape[1:])
        for (name, values), part in zip(tally.items(), np.split(sums, ends, axis=1), strict=True)
    }


def _area(first: Answers, second: Answers, z: float) -> tuple[Estimate, float | None]:
    """Return DeLong's difference of two areas on the same rows with its interval, and its p."""
    positive = np.asarray(first.truth, dtype=np.bool_)
    if min(int(positive.sum()), int((~positive).sum())) < 2:
        return Estimate(None, None, None, first.n, DELONG), None
    difference = _placements(second, positive) - _placements(first, positive)
    variance = sum(
        float(difference[chosen].var(ddof=1)) / int(chosen.sum())
        for chosen in (positive, ~positive)
    )
    value = float(difference[positive].mean())
    reach = z * sqrt(variance)
    p = erfc(abs(value) / sqrt(2 * variance)) if variance > 0 else None
    return Estimate(value, value - reach, value + reach, first.n, DELONG), p


def _placements(one: Answers, positive: NDArray[np.bool_]) -> Numbers:
    """Return of each row the share of the other class that it stands on the right side of."""
    ranked = Ranked.of_rows(np.asarray(one.score), positive)
    found = np.empty(len(positive))
    found[ranked.order] = ranked.heights
    count = int(positive.sum())
    return np.asarray(found / (2 * np.where(positive, len(positive) - count, count)))


def _discordant(first: Answers, second: Answers) -> Discordant | None:
    """Return McNemar's test of the rows that only one version has right; None without classes."""
    if first.task is Task.NUMBERS or first.given is None or second.given is None or not first.n:
        return None
    one, other = _right(first), _right(second)
    only_first, only_second = int((one & ~other).sum()), int((other & ~one).sum())
    return Discordant(only_first, only_second, *mcnemar(only_first, only_second))


def _right(one: Answers) -> NDArray[np.bool_]:
    return np.asarray(one.given == one.truth, dtype=np.bool_)


def mcnemar(only_first: int, only_second: int) -> tuple[float, float]:
    """Return the exact and the mid-p value that a split of discordant rows is even."""
    from scipy.special import bdtr, gammaln

    n, least = only_first + only_second, min(only_first, only_second)
    if n == 0:
        return 1.0, 1.0
    log_chance = gammaln(n + 1) - gammaln(least + 1) - gammaln(n - least + 1) - n * np.log(2)
    chance = float(np.exp(log_chance))
    exact = min(2 * float(bdtr(least, n, 0.5)), 1.0)
    if only_first == only_second:
        return 1.0, 1.0 - chance / 2
    return exact, exact - chance


def _verdict(question: CompareQuestion, metric: str, found: Estimate) -> tuple[str, bool | None]:
    """Return the verdict, and whether the second is at most the margin worse (None: not asked)."""
    asked = question.margin is not None
    if found.low is None or found.high is None or found.n < LEAST or found.high - found.low == inf:
        return "insufficient", False if asked else None
    low, high = (found.low, found.high) if metric in MAXIMISED else (-found.high, -found.low)
    not_worse = low >= -question.margin if question.margin is not None else None
    if low > 0:
        return "better", not_worse
    return ("worse", not_worse) if high < 0 else ("no difference shown", not_worse)


def _sentence(comparison: Comparison, found: Estimate) -> str:
    """Return the verdict with both values, the difference, and what it rests on."""
    question, metric = comparison.question, comparison.metric
    values = [side[metric].value for side in comparison.sides]
    texts = ["n/a" if value is None else f"{value:.4g}" for value in values]
    head = f"{metric} {texts[0]} ({question.first}) and {texts[1]} ({question.second})"
    if found.n < LEAST:
        return f"{head} on {found.n:,} rows; at least {LEAST} are needed to compare."
    if found.value is None or found.low is None or found.high is None:
        return f"{head}: they can't be compared on these rows."
    apart = f"a difference of {found.value:+.4g} ({found.low:+.4g} to {found.high:+.4g})"
    said = {
        "better": f"{question.second} is better",
        "worse": f"{question.second} is worse",
    }.get(comparison.verdict, "no difference is shown")
    sentence = f"{head}: {said}, {apart} on {found.n:,} rows, {found.method}."
    if question.margin is not None:
        shown = "is" if comparison.not_worse else "is not"
        sentence += f" That it is at most {question.margin:g} worse {shown} shown."
    return sentence
