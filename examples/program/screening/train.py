"""Find malignant tumours: is recall high enough, and do we know it?

Data: scikit-learn's `breast_cancer`, 569 tumours with thirty measurements, 212 malignant. Positive
means malignant. The operating threshold is 0.2, not 0.5, because a missed tumour costs more than a
second look. The promise is about the lower end of recall's interval, not about its estimate.
"""

from __future__ import annotations

import mlflow
import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from examples.program.datasets import Dataset
from examples.program.intervals import clopper_pearson, wilson
from examples.program.tracking import (
    Attempt,
    Check,
    Evaluation,
    Segment,
    attempt,
    check_apart,
    check_complete,
    steps_of,
)

PROJECT = "screening"
SEED = 0
TEST_SHARE = 0.3
THRESHOLD = 0.2
FOLDS = 5
ROUNDS = 200
BOOSTER = {"max_depth": 3, "n_estimators": ROUNDS, "learning_rate": 0.1, "random_state": SEED}
SOURCE = "scikit-learn load_breast_cancer (UCI Wisconsin diagnostic)"
LICENCE = "CC-BY-4.0"
MEAN_RADIUS = 0
SMALL_RADIUS = 15.0  # in the units of the source


def load() -> tuple[Dataset, Dataset, Dataset]:
    """Return all tumours, those to train on and those held out."""
    features, benign = load_breast_cancer(return_X_y=True)
    malignant = 1 - benign
    train_x, test_x, train_y, test_y = train_test_split(
        features, malignant, test_size=TEST_SHARE, random_state=SEED, stratify=malignant
    )
    whole = Dataset("screening-all", "1", "test", features, malignant, SOURCE, LICENCE)
    train = Dataset("screening-train", "1", "train", train_x, train_y, SOURCE, LICENCE)
    test = Dataset("screening-test", "1", "test", test_x, test_y, SOURCE, LICENCE)
    return whole, train, test


def booster() -> XGBClassifier:
    """Return an untrained booster on one thread."""
    return XGBClassifier(**BOOSTER, n_jobs=1)


def recall_by_size(data: Dataset, flagged: np.ndarray) -> list[Segment]:
    """Return recall among small and large malignant tumours, with 95 % Wilson intervals."""
    small = data.features[:, MEAN_RADIUS] < SMALL_RADIUS
    segments = []
    for label, part in (("radius=small", small), ("radius=large", ~small)):
        mine = part & (data.target == 1)
        found, n = int(flagged[mine].sum()), int(mine.sum())
        interval = wilson(found, n)
        segments.append(Segment(label, found / n, n, interval.low, interval.high))
    return segments


def evaluate(
    run: Attempt, data: Dataset, flagged: np.ndarray, *, confidence: float, folds: int = 0
) -> str:
    """Record recall with its exact interval, and the precision that it is bought with."""
    malignant = data.target == 1
    found, n = int(flagged[malignant].sum()), int(malignant.sum())
    context: dict[str, float | str] = {"found": found, "positives": n, "folds": folds}
    interval = clopper_pearson(found, n, confidence)
    segments = recall_by_size(data, flagged)
    run.evaluate(
        Evaluation("recall", found / n, data, interval, n, context=context, segments=segments)
    )
    right, raised = found, int(flagged.sum())
    precision = wilson(right, raised)
    run.evaluate(Evaluation("precision", right / raised, data, precision, raised, context=context))
    return (
        f"recall {found} of {n} = {found / n:.3f}, interval {interval.low:.3f}-{interval.high:.3f}"
    )


def judge(
    run: Attempt, model: ClassifierMixin, train: Dataset, test: Dataset, threshold: float
) -> str:
    """Fit `model` and evaluate it on the tumours held out."""
    run.use(train, "training")
    run.use(test, "testing")
    model.fit(train.features, train.target)
    flagged = model.predict_proba(test.features)[:, 1] >= threshold
    return evaluate(run, test, flagged, confidence=0.95)


def check_tumours(run: Attempt, train: Dataset, test: Dataset) -> None:
    """Look at the data before anybody trusts it."""
    positives = int(test.target.sum())
    run.check(
        check_complete(train, "measurements"),
        check_complete(test, "measurements"),
        check_apart(train, test),
        Check(
            "enough positives to show the bound", positives >= 200,
            f"The test set holds {positives} malignant tumours; about 200 are needed to show 0.95.",
            positives, 200, test.rows, data=test, dimension="risk", severity="warning",
        ),
    )  # fmt: skip


def log_rounds(run: Attempt, model: XGBClassifier, test: Dataset) -> None:
    """Log the test's log loss after each 10 rounds of boosting."""
    losses = [
        log_loss(test.target, model.predict_proba(test.features, iteration_range=(0, rounds))[:, 1])
        for rounds in range(1, ROUNDS + 1)
    ]
    run.curve("test_log_loss_by_round", steps_of(losses, 10))


def train_candidates(train: Dataset, test: Dataset) -> None:
    """Train the rule in use, a linear model, and the booster at two thresholds."""
    with attempt(PROJECT, "rule-in-use", {"radius": SMALL_RADIUS}, purpose="baseline") as run:
        run.use(test, "testing")
        run.use(train, "checked")
        check_tumours(run, train, test)
        flagged = test.features[:, MEAN_RADIUS] >= SMALL_RADIUS
        print("  rule-in-use:", evaluate(run, test, flagged, confidence=0.95))
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    with attempt(PROJECT, "logistic", {"C": 1.0, "threshold": 0.5}) as run:
        print("  logistic:", judge(run, linear, train, test, 0.5))
        run.keep(linear)
    for name, threshold in (("booster-even", 0.5), ("booster-cautious", THRESHOLD)):
        model = booster()
        with attempt(PROJECT, name, {**BOOSTER, "threshold": threshold}) as run:
            print(f"  {name}:", judge(run, model, train, test, threshold))
            log_rounds(run, model, test)
            run.keep(model)


def pool_folds(whole: Dataset) -> None:
    """Evaluate the recipe on all 212 malignant tumours, each judged by a fit that never saw it.

    Its interval is two-sided at 90 %, so that its low end is the one-sided 95 % lower bound.
    """
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    params = {**BOOSTER, "threshold": THRESHOLD, "folds": FOLDS}
    name, of = "pooled-cross-validation", "booster-cautious"
    with attempt(PROJECT, name, params, purpose="evaluation", evaluates=of) as run:
        run.use(whole, "testing")
        chances = cross_val_predict(
            booster(), whole.features, whole.target, cv=folds, method="predict_proba"
        )
        flagged = chances[:, 1] >= THRESHOLD
        print(f"  {name}:", evaluate(run, whole, flagged, confidence=0.90, folds=FOLDS))


def main() -> None:
    """Run every attempt of the project, in the order it happened."""
    mlflow.set_experiment(PROJECT)
    whole, train, test = load()
    train_candidates(train, test)
    pool_folds(whole)


if __name__ == "__main__":
    main()
