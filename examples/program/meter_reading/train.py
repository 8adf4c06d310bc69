"""Read digits: how good does the reader get as labels arrive, and what do wrong labels cost?

Data: scikit-learn's `digits`, 1,797 scans of 8 × 8 pixels. They are not shuffled: the last 540 are
the test set, the first 1,257 the pool that is labelled in order. (Shuffled, everything looks
better than it is, because neighbouring scans are by the same hand.)
"""

from __future__ import annotations

from collections.abc import Sequence

import mlflow
import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from examples.program.datasets import Dataset
from examples.program.intervals import bootstrap, wilson
from examples.program.tracking import (
    FIXED,
    Attempt,
    Check,
    Evaluation,
    Segment,
    attempt,
    check_apart,
    check_complete,
)

PROJECT = "meter-reading"
SEED = 20260803
POOL = 1257
DIGITS = 10
KERNEL: dict[str, object] = {"C": 1.5, "gamma": 0.0011}  # the best of the first grid, on 240 labels
SIMPLE: dict[str, object] = {
    "C": 0.008,
    "max_iter": 5000,
}  # the simpler model, which feels wrong labels more
NOISE = 0.08
NOISE_SEEDS = (0, 1, 2, 3, 4)
SOURCE = "scikit-learn load_digits (UCI optical recognition of handwritten digits, test part)"
LICENCE = "CC-BY-4.0"


def load() -> tuple[Dataset, Dataset]:
    """Return the pool to label from, and the test set."""
    pixels, digits = load_digits(return_X_y=True)
    pool = Dataset("meter-labels", "pool", "train", pixels[:POOL], digits[:POOL], SOURCE, LICENCE)
    test = Dataset(
        "meter-test", "1", "test", pixels[POOL:], digits[POOL:], SOURCE, LICENCE,
        "540 scans that nobody trains on",
    )  # fmt: skip
    return pool, test


def labelled(pool: Dataset, count: int) -> Dataset:
    """Return the first `count` accepted labels."""
    return pool.first(count, str(count), f"the first {count} accepted labels")


def macro_recall(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the mean over the digits present of the share of that digit read rightly."""
    of_digit = np.bincount(truth, minlength=DIGITS)
    right = np.bincount(truth[truth == predicted], minlength=DIGITS)
    present = of_digit > 0
    return float((right[present] / of_digit[present]).mean())


def recall_by_digit(truth: np.ndarray, predicted: np.ndarray) -> list[Segment]:
    """Return each digit's recall with its 95 % Wilson interval."""
    segments = []
    for digit in range(DIGITS):
        mine = truth == digit
        right, n = int((predicted[mine] == digit).sum()), int(mine.sum())
        interval = wilson(right, n)
        segments.append(Segment(f"digit={digit}", right / n, n, interval.low, interval.high))
    return segments


def judge(run: Attempt, model: ClassifierMixin, train: Dataset, test: Dataset) -> float:
    """Fit `model` on `train`, evaluate it on both sets, return the test's macro recall."""
    run.use(train, "training")
    run.use(test, "testing")
    model.fit(train.features, train.target)
    context = {"labels": train.rows}
    fitted = macro_recall(train.target, model.predict(train.features))
    run.evaluate(Evaluation("macro_recall", fitted, train, split="train", context=context))
    predicted = model.predict(test.features)
    recall = macro_recall(test.target, predicted)
    run.evaluate(
        Evaluation(
            "macro_recall",
            recall,
            test,
            bootstrap(macro_recall, test.target, predicted, seed=SEED),
            context=context,
            segments=recall_by_digit(test.target, predicted),
        )
    )
    return recall


def check_labels(run: Attempt, train: Dataset, test: Dataset) -> None:
    """Look at a labelled set before anybody trusts it."""
    counts = np.bincount(train.target, minlength=DIGITS)
    n = train.rows
    run.check(
        Check(
            "every digit has 40 examples", bool(counts.min() >= 40),
            f"The rarest digit is {counts.argmin()} with {counts.min()} of {n} labels.",
            int(counts.min()), 40, n, data=train, severity="warning", holds_days=FIXED,
        ),
        check_complete(train, "pixels"),
        check_apart(train, test),
        check_complete(test, "pixels"),
    )  # fmt: skip


def train_candidates(pool: Dataset, test: Dataset, names: Sequence[str]) -> None:
    """Run one attempt for each of `names`."""
    for name in names:
        labels, model, params = CANDIDATES[name]
        train = labelled(pool, labels)
        with attempt(PROJECT, name, {"labels": labels, **params}) as run:
            if labels >= 480 and name.startswith("svc"):
                check_labels(run, train, test)
            fitted = model(**params)
            recall = judge(run, fitted, train, test)
            if name in REGISTERED:
                run.keep(fitted)
        print(f"  {name}: macro recall {recall:.3f}")


def crash_on_first_delivery(pool: Dataset, test: Dataset) -> None:
    """Train on the first delivery as it came: 14 scans have missing pixels, and the run fails."""
    train = labelled(pool, 240)
    features = train.features.copy()
    rng = np.random.default_rng(SEED)
    features[rng.choice(240, size=14, replace=False), rng.integers(0, 64, size=14)] = np.nan
    delivered = Dataset(
        "meter-labels", "240-as-delivered", "train", features, train.target, SOURCE, LICENCE,
        "the first delivery before repair",
    )  # fmt: skip
    try:
        with attempt(PROJECT, "svc-240-as-delivered", {"labels": 240, **KERNEL}) as run:
            check_labels(run, delivered, test)
            judge(run, SVC(**KERNEL), delivered, test)
    except ValueError as error:
        print(f"  svc-240-as-delivered failed, as it did then: {str(error).splitlines()[0]}")


def study_label_noise(pool: Dataset, test: Dataset) -> None:
    """Replace 8 % of the labels by a random digit: what does a simpler model lose?"""
    train = labelled(pool, POOL)
    params = {"labels": POOL, **SIMPLE}
    with attempt(PROJECT, "label-noise", {"share": NOISE}, purpose="study") as whole:
        with attempt(PROJECT, "label-noise-none", params, purpose="study") as run:
            clean = judge(run, LogisticRegression(**SIMPLE), train, test)
        recalls = []
        for seed in NOISE_SEEDS:
            noisy, wrong = with_wrong_labels(train, seed)
            noisy_params = {**params, "seed": seed, "share": NOISE, "wrong_labels": wrong}
            with attempt(PROJECT, f"label-noise-{seed}", noisy_params, purpose="study") as run:
                recalls.append(judge(run, LogisticRegression(**SIMPLE), noisy, test))
        mlflow.log_metric("clean_macro_recall", clean)
        whole.evaluate(
            Evaluation(
                "macro_recall_with_noise",
                float(np.mean(recalls)),
                test,
                context={"labels": POOL, "share": NOISE, "repeats": len(recalls)},
            )
        )
    print(f"  label noise: {clean:.3f} without, {np.mean(recalls):.3f} with {NOISE:.0%}")


def with_wrong_labels(train: Dataset, seed: int) -> tuple[Dataset, int]:
    """Return `train` with 8 % of its labels drawn anew, and how many of these became wrong.

    A label drawn anew is right by chance one time in ten.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.choice(train.rows, size=round(NOISE * train.rows), replace=False)
    target = train.target.copy()
    target[chosen] = rng.integers(0, DIGITS, size=len(chosen))
    noisy = Dataset(
        train.name, f"{train.version}-noise-{seed}", "train", train.features, target,
        SOURCE, LICENCE, f"8 % of the labels drawn anew, seed {seed}",
    )  # fmt: skip
    return noisy, int((target != train.target).sum())


def study_laboratory_set(pool: Dataset, test: Dataset) -> None:
    """See what the whole pool would give: the laboratory's own labels, for research only."""
    train = Dataset(
        "laboratory-digits", "1", "train", pool.features, pool.target, SOURCE, LICENCE,
        "1,257 labels of the laboratory: may be studied, not shipped (the story's condition)",
    )  # fmt: skip
    params = {"labels": POOL, **KERNEL}
    with attempt(PROJECT, "svc-1257-laboratory-set", params, purpose="study") as run:
        check_labels(run, train, test)
        recall = judge(run, SVC(**KERNEL), train, test)
    print(f"  svc-1257-laboratory-set: macro recall {recall:.3f}")


FOREST: dict[str, object] = {"n_estimators": 300, "random_state": SEED}
CANDIDATES: dict[str, tuple[int, type[ClassifierMixin], dict[str, object]]] = {
    "majority-digit": (120, DummyClassifier, {"strategy": "most_frequent"}),
    "nearest-centroid-120": (120, NearestCentroid, {}),
    "deep-tree-120": (120, DecisionTreeClassifier, {"random_state": SEED}),
    "svc-wide-kernel-240": (240, SVC, {"C": 1.0, "gamma": 0.1}),
    "logistic-240": (240, LogisticRegression, SIMPLE),
    "svc-240": (240, SVC, KERNEL),
    "logistic-480": (480, LogisticRegression, SIMPLE),
    "neighbours-480": (480, KNeighborsClassifier, {"n_neighbors": 5}),
    "svc-480": (480, SVC, KERNEL),
    "svc-640": (640, SVC, KERNEL),
    "forest-800": (800, RandomForestClassifier, FOREST),
    "svc-800": (800, SVC, KERNEL),
}
REGISTERED = ("svc-480", "svc-800")


def main() -> None:
    """Run every attempt of the project, in the order it happened."""
    mlflow.set_experiment(PROJECT)
    pool, test = load()
    names = list(CANDIDATES)
    train_candidates(pool, test, names[:4])
    crash_on_first_delivery(pool, test)
    train_candidates(pool, test, names[4:9])
    study_label_noise(pool, test)
    study_laboratory_set(pool, test)
    train_candidates(pool, test, names[9:])


if __name__ == "__main__":
    main()
