"""Forecast CO2: a model that was excellent in its training years, went live, and drifts.

Data: statsmodels' `co2`, weekly means at Mauna Loa, here by month. The champion is a boosted tree
on the month's number and the season, trained on 1970 to 1992. Trees do not extrapolate: once the
air holds more CO2 than it ever did in training, the forecast stays behind, more each year. The
months of 1993 to 1996 are replayed as its life in production.
"""

from __future__ import annotations

import mlflow
import numpy as np
import statsmodels.api as sm
from pandas import Series
from sklearn.base import RegressorMixin
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from examples.program.datasets import Dataset
from examples.program.intervals import bootstrap
from examples.program.tracking import (
    FIXED,
    Attempt,
    Check,
    Evaluation,
    Segment,
    attempt,
)

PROJECT = "co2-forecaster"
SEED = 0
TRAINED = (1970, 1993)  # from the first year to before the second
LIVE = {"live-1993-1994": (1993, 1995), "live-1995-1996": (1995, 1997)}
BOUND = 1.5  # parts per million of mean absolute error that the users can live with
TREES = {"n_estimators": 160, "max_depth": 3, "random_state": SEED}
SOURCE = "statsmodels co2 (Keeling and Whorf, Mauna Loa, weekly)"
LICENCE = "public domain"


def load() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the year of each month, its features (number, season) and its mean level in ppm."""
    monthly = monthly_means().interpolate()
    numbers = np.arange(len(monthly))
    features = np.column_stack([numbers, monthly.index.month]).astype(float)
    return monthly.index.year.to_numpy(), features, monthly.to_numpy()


def monthly_means() -> Series:
    """Return the mean level of each month; NaN where no week of it was measured."""
    return sm.datasets.co2.load_pandas().data["co2"].resample("MS").mean()


def check_measured(data: Dataset) -> Check:
    """Look how many months of a version (`1970-1992`) were filled in between two others."""
    first, last = data.version.split("-")
    filled = int(monthly_means().loc[first:last].isna().sum())
    return Check(
        "months measured", filled == 0,
        f"{filled} of {data.rows} months had no measurement and are filled in.",
        filled, 0, data.rows, filled, data=data, holds_days=FIXED,
    )  # fmt: skip


def years(first: int, before: int, *, name: str, split: str) -> Dataset:
    """Return the months from the year `first` up to, not including, the year `before`."""
    year, features, level = load()
    mine = (year >= first) & (year < before)
    version = f"{first}-{before - 1}"
    return Dataset(name, version, split, features[mine], level[mine], SOURCE, LICENCE)


def error(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the mean absolute error in parts per million."""
    return float(np.abs(truth - predicted).mean())


def errors_by_year(data: Dataset, predicted: np.ndarray, first: int) -> list[Segment]:
    """Return the mean absolute error of each calendar year (twelve months each)."""
    segments = []
    for start in range(0, data.rows, 12):
        part = slice(start, start + 12)
        value = error(data.target[part], predicted[part])
        n = len(data.target[part])
        segments.append(Segment(f"year={first + start // 12}", value, n))
    return segments


def seasons(features: np.ndarray) -> np.ndarray:
    """Return a straight line and two harmonics of the year, for a model that extrapolates."""
    number, angle = features[:, :1], 2 * np.pi * features[:, 1:] / 12
    waves = [wave(times * angle) for times in (1, 2) for wave in (np.sin, np.cos)]
    return np.hstack([number, *waves])


def judge(
    run: Attempt, model: RegressorMixin, data: Dataset, split: str, first: int
) -> tuple[float, np.ndarray]:
    """Evaluate the fitted `model` on `data`; return its error and each month's."""
    predicted = model.predict(data.features)
    value = error(data.target, predicted)
    interval = bootstrap(error, data.target, predicted, seed=SEED)
    segments = errors_by_year(data, predicted, first)
    run.evaluate(Evaluation("mae", value, data, interval, split=split, segments=segments))
    return value, np.abs(data.target - predicted)


def train_champion(train: Dataset) -> GradientBoostingRegressor:
    """Train the model that went live, and keep it."""
    model = GradientBoostingRegressor(**TREES)
    with attempt(PROJECT, "trees-1970-1992", {**TREES, "years": train.version}) as run:
        run.use(train, "training")
        run.check(check_measured(train))
        model.fit(train.features, train.target)
        value, _ = judge(run, model, train, "train", TRAINED[0])
        run.curve("train_mae_by_round", _rounds(model, train))
        run.keep(model)
    print(f"  trees-1970-1992: mean absolute error {value:.2f} in the training years")
    return model


def watch(model: RegressorMixin, train: Dataset, name: str) -> None:
    """Judge the live model on the months of one window of its life."""
    first, before = LIVE[name]
    data = years(first, before, name="co2-live", split="live")
    of = "trees-1970-1992"
    with attempt(PROJECT, name, {"years": data.version}, purpose="monitor", evaluates=of) as run:
        run.use(data, "live")
        value, months = judge(run, model, data, "live", first)
        run.curve("live_absolute_error", {n + 1: float(m) for n, m in enumerate(months)})
        run.check(*live_checks(train, data, value))
    print(f"  {name}: mean absolute error {value:.2f}")


def live_checks(train: Dataset, data: Dataset, value: float) -> tuple[Check, Check]:
    """Compare the live months with the bound, and with what the model saw in training."""
    highest = float(train.target.max())
    above = int((data.target > highest).sum())
    sentence = f"Mean absolute error {value:.2f} ppm over {data.rows} live months; bound {BOUND}."
    within = Check(
        "live error within bound", value <= BOUND, sentence,
        round(value, 6), BOUND, data.rows, dimension="quality",
    )  # fmt: skip
    range_sentence = (
        f"{above} of {data.rows} live months lie above the highest month in training, "
        f"{highest:.1f} ppm."
    )
    seen = Check(
        "live levels seen in training", above <= data.rows // 2, range_sentence,
        round(above / data.rows, 6), 0.5, data.rows, above, data=data, severity="warning",
    )  # fmt: skip
    return within, seen


def try_challenger(train: Dataset) -> None:
    """See whether a retrained model that extrapolates would help: a line and the seasons."""
    model = make_pipeline(FunctionTransformer(seasons), LinearRegression())
    recent = years(1983, 1995, name="co2-train", split="train")
    data = years(1995, 1997, name="co2-live", split="live")
    with attempt(PROJECT, "challenger-line-and-seasons", {"years": recent.version}) as run:
        run.use(recent, "training")
        run.check(check_measured(recent))
        run.use(data, "testing")
        model.fit(recent.features, recent.target)
        value, _ = judge(run, model, data, "test", 1995)
    print(f"  challenger-line-and-seasons: mean absolute error {value:.2f} on the same months")


def _rounds(model: GradientBoostingRegressor, train: Dataset) -> dict[int, float]:
    """Return the training error after each 10 rounds."""
    staged = [error(train.target, guess) for guess in model.staged_predict(train.features)]
    return {step: staged[step - 1] for step in range(10, len(staged) + 1, 10)}


def main() -> None:
    """Run every attempt of the project, in the order it happened."""
    mlflow.set_experiment(PROJECT)
    train = years(*TRAINED, name="co2-train", split="train")
    model = train_champion(train)
    for name in LIVE:
        watch(model, train, name)
    try_challenger(train)


if __name__ == "__main__":
    main()
