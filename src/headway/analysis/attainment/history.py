"""Runs of one metric on one evaluation, in order of time, and which of them were records.

A metric is turned so that more is better ("score") and measured down to what is best imaginable,
where that is known ("loss", 1 − recall). Runs on another evaluation data set say nothing about
this one: the history begins anew where the evaluation changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from headway.errors import Invalid

#: The 95 % normal interval is so many standard errors wide to each side.
Z95 = 1.959963984540054
MOST_RUNS = 20_000
#: Beyond it squares and sums of floats lose themselves.
MOST_NUMBER = 1e30


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when (days, any origin), its metric, on what it was evaluated, and with what.

    `error` is the standard error of `value`; `effort` is what it cost (labels, hours, runs);
    `confirmed` is the same model's metric on data that nobody chose by.
    """

    at: float
    value: float
    evaluation: str = ""
    error: float | None = None
    effort: float | None = None
    confirmed: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a target, which way is better, and from when on (`now`) how far ahead.

    `ideal` is the best value imaginable (1 for a share); `pace` is effort a day, where it is
    planned; `error` is a standard error for runs that tell none. `ahead` is in days.
    """

    target: float
    maximise: bool = True
    ideal: float | None = None
    now: float | None = None
    ahead: float | None = None
    pace: float | None = None
    error: float | None = None
    seed: int = 0
    draws: int = 2_000


@dataclass(frozen=True, slots=True)
class Record:
    """A run that beat all before it: which (from 1), when, its value, and by how much."""

    number: int
    at: float
    value: float
    gain: float


@dataclass(frozen=True, slots=True)
class History:
    """The runs that count, in order of time; those of earlier evaluations are only counted."""

    runs: Sequence[Run]
    sign: float
    broken: int
    evaluation: str

    @classmethod
    def of(cls, runs: Sequence[Run], question: Question) -> History:
        """Return the runs on the newest evaluation. Raises Invalid for numbers that are none."""
        if not runs:
            sentence = "There are no runs; one line a run, with its time and its metric."
            raise Invalid(sentence)
        if len(runs) > MOST_RUNS:
            sentence = f"There are {len(runs):,} runs; the most is {MOST_RUNS:,}."
            raise Invalid(sentence)
        for run in runs:
            _require_finite(run)
        ordered = sorted(runs, key=lambda run: run.at)
        newest = ordered[-1].evaluation
        kept = [run for run in ordered if run.evaluation == newest]
        sign = 1.0 if question.maximise else -1.0
        return cls(kept, sign, len(ordered) - len(kept), newest)

    def score(self, value: float) -> float:
        """Return a value turned so that more is better; again, it turns back."""
        return value * self.sign

    @property
    def scores(self) -> list[float]:
        """Return each run's metric, more being better."""
        return [run.value * self.sign for run in self.runs]

    @property
    def records(self) -> Sequence[Record]:
        """Return the runs that beat all before them; the first run is one."""
        found: list[Record] = []
        best = float("-inf")
        for number, (run, score) in enumerate(zip(self.runs, self.scores, strict=True), start=1):
            if score > best:
                gain = score - best if found else 0.0
                found.append(Record(number, run.at, run.value, gain))
                best = score
        return found

    @property
    def best(self) -> Run:
        """Return the best run, the first of equal ones."""
        number = self.records[-1].number
        return self.runs[number - 1]

    @property
    def since_record(self) -> int:
        """Return how many runs have passed without a record."""
        return len(self.runs) - self.records[-1].number

    def before(self, hidden: int) -> History:
        """Return the history without its last `hidden` runs."""
        return History(self.runs[: len(self.runs) - hidden], self.sign, 0, self.evaluation)

    def error_of(self, run: Run, question: Question) -> float:
        """Return the standard error of a run's metric; 0 where nobody told any."""
        if run.error is not None:
            return run.error
        return question.error or 0.0


def _require_finite(run: Run) -> None:
    for word, value in (("time", run.at), ("metric", run.value), ("effort", run.effort)):
        if value is not None and not abs(value) < MOST_NUMBER:
            sentence = (
                f"A run's {word} is {value:g}; leave that run out, or count in units that stay "
                f"below {MOST_NUMBER:g}."
            )
            raise Invalid(sentence)
    if run.error is not None and not (isfinite(run.error) and run.error >= 0):
        sentence = f"A run's standard error is {run.error}; it is a number from 0."
        raise Invalid(sentence)
