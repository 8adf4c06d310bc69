"""What is called alike: a group and a project, a logged metric and a promised one.

Names are compared by their words, in small letters, with the usual short forms written out. A
likeness is a share from 0 to 1; nothing below ALIKE is proposed. A project is a mere guess, which
a person confirms by the click: one of its two words is enough.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from headway.domain.programs.rules import CriterionFacts

#: What is proposed at all: a metric, and a project.
ALIKE, ALIKE_PROJECT = 0.5, 0.45

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Words that are in every team's names and tell none of them from another.
_COMMON = frozenset(
    {"model", "models", "ml", "ai", "train", "training", "run", "runs", "experiment", "test"}
    | {"experiments", "exp", "project", "default", "baseline", "dev", "prod", "new", "the"}
    | {"v", "and", "of", "for", "nightly", "daily", "pipeline", "mlflow", "dataset", "eval"}
)

#: How metrics are said in short.
_LONG: Mapping[str, str] = {
    "acc": "accuracy",
    "prec": "precision",
    "rec": "recall",
    "auroc": "auc",
    "rocauc": "auc",
    "ap": "averageprecision",
    "lat": "latency",
    "err": "error",
    "avg": "mean",
}
#: Words in a metric's name that say where it was measured, not what.
_WHERE: Mapping[str, str] = {
    "test": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "train": "train",
    "training": "train",
    "holdout": "test",
    "eval": "",
    "score": "",
    "roc": "",
    "metric": "",
}
#: Words of metrics of which less is better.
_LESS = frozenset(
    {"loss", "error", "rmse", "mse", "mae", "mape", "wer", "cer", "latency", "fpr", "fnr", "ece"}
    | {"perplexity", "cost", "time", "seconds", "ms", "brier", "wape", "smape", "deviance"}
)


@dataclass(frozen=True, slots=True)
class MetricSeen:
    """A metric as a project's evidence holds it: on what, how often, from what to what."""

    subject: str  # run:*, or model:name
    metric: str
    dataset: str
    split: str
    count: int
    low: float | None
    high: float | None
    record: int

    @property
    def said(self) -> str:
        """Return what it is of, as a person says it."""
        return "any run" if self.subject == "run:*" else self.subject

    @property
    def is_less_better(self) -> bool:
        """Say whether the name is one of which less is better."""
        return bool(_LESS & set(words_of(self.metric)))

    @property
    def best(self) -> float | None:
        """Return the best value seen."""
        return self.low if self.is_less_better else self.high


@dataclass(frozen=True, slots=True)
class Binding:
    """A criterion that a metric would answer, how alike they are, and why it is thought so."""

    criterion: CriterionFacts
    seen: MetricSeen
    likeness: float
    why: str

    @property
    def changes(self) -> dict[str, object]:
        """Return the fields of the criterion that differ, with what they would become."""
        wanted: dict[str, object] = {"subject": self.seen.subject, "metric": self.seen.metric}
        if not self.seen.subject.startswith("run:"):
            wanted |= {"dataset": self.seen.dataset, "split": self.seen.split}
        return {
            field: value
            for field, value in wanted.items()
            if getattr(self.criterion, field) != value
        }


def words_of(name: str) -> list[str]:
    """Return the words of a name: "fraudScorer_v2" are fraud, scorer, v, 2."""
    return _WORDS.findall(_CAMEL.sub(" ", name).lower())


def likest(name: str, known: Mapping[str, Collection[str]]) -> str:
    """Return the key of `known` whose names are most like `name`; nothing where none is, or two.

    Each of its names is compared, and all of them as one: a group may be called by words of two.
    """
    scored = sorted(
        (max(_alike(name, one) for one in (*names, " ".join(names))), key)
        for key, names in known.items()
    )
    if not scored or scored[-1][0] < ALIKE_PROJECT:
        return ""
    if len(scored) > 1 and scored[-2][0] == scored[-1][0]:
        return ""
    return scored[-1][1]


def _alike(name: str, other: str) -> float:
    """Return how alike two names are: the share of the shorter's telling words in the other."""
    ours, theirs = _telling(name), _telling(other)
    if not ours or not theirs:
        return 0.0
    few, many = sorted((ours, theirs), key=len)
    shared = sum(max(_word(one, other) for other in many) for one in few)
    return shared / len(few) * (0.9 + 0.1 * len(few) / len(many))


def _telling(name: str) -> set[str]:
    return {word for word in words_of(name) if word not in _COMMON and not word.isdigit()}


def _word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) >= 4 and (one.startswith(other) or other.startswith(one)):
        return 0.9
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= 0.8 else 0.0


def bindings(criteria: Sequence[CriterionFacts], seen: Sequence[MetricSeen]) -> Sequence[Binding]:
    """Return for each criterion the metric that would answer it best, the likest first."""
    found = []
    for criterion in criteria:
        offers = [offer for one in seen if (offer := _offer(criterion, one)) is not None]
        if offers:
            found.append(max(offers, key=lambda offer: (offer.likeness, offer.seen.count)))
    return sorted(found, key=lambda offer: (-offer.likeness, offer.criterion.order))


def is_answered(criterion: CriterionFacts, seen: MetricSeen) -> bool:
    """Say whether a criterion asks for just this metric already."""
    about = criterion.subject.partition("@")[0]
    if about != seen.subject and not (about.startswith("run:") and seen.subject == "run:*"):
        return False
    if criterion.metric != seen.metric:
        return False
    is_there = criterion.split == seen.split and criterion.dataset in ("", seen.dataset)
    return seen.subject == "run:*" or is_there


def _offer(criterion: CriterionFacts, seen: MetricSeen) -> Binding | None:
    """Return the binding of one criterion to one metric; None where they do not go together."""
    likeness, is_same = _metric_alike(criterion, seen)
    if likeness < ALIKE:
        return None
    reasons = ["the same metric" if is_same else "a metric of a like name"]
    if not _in_range(criterion, seen):
        return None
    if seen.is_less_better and criterion.direction == "maximise":
        return None
    if seen.low is not None and seen.high is not None:
        reasons.append(f"its values, {seen.low:.4g} to {seen.high:.4g}, are of the target's size")
    return Binding(criterion, seen, likeness, ", ".join(reasons))


def _metric_alike(criterion: CriterionFacts, seen: MetricSeen) -> tuple[float, bool]:
    """Return how alike two metrics are, and whether only their place differs."""
    ours, where = _metric(criterion.metric)
    theirs, measured = _metric(seen.metric)
    if not ours or not theirs:
        return 0.0, False
    split = seen.split or measured
    place = 1.0 if split in ("", where or criterion.split) else 0.6
    if ours == theirs:
        return place, True
    shared = len(ours & theirs) / len(ours | theirs)
    ratio = SequenceMatcher(None, "".join(sorted(ours)), "".join(sorted(theirs))).ratio()
    return max(shared, ratio if ratio >= 0.85 else 0.0) * place * 0.9, False


def _metric(name: str) -> tuple[frozenset[str], str]:
    """Return the words that say what a metric is, and the split that its name says."""
    words = words_of(name)
    where = next((_WHERE[word] for word in words if _WHERE.get(word)), "")
    return frozenset(_LONG.get(word, word) for word in words if word not in _WHERE), where


def _in_range(criterion: CriterionFacts, seen: MetricSeen) -> bool:
    """Say whether the values can be of the size that was promised: a share is no percentage."""
    if seen.low is None or seen.high is None:
        return True
    is_share = 0 <= criterion.target <= 1
    largest = max(abs(seen.low), abs(seen.high))
    if is_share:
        return largest <= 1 or criterion.direction == "minimise"
    return largest > 1 or criterion.direction == "minimise"
