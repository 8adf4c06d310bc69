"""Writes the forecaster's rows, month by month, as tables that a monitor reads.

The champion is trained as in `train`; each row is a month with what was measured, what it said and
how far it was off. Numbers are rounded to six decimals, as in the evidence.

    python -m examples.program.co2_forecaster.rows --out FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor

from examples.program.co2_forecaster.train import LIVE, TRAINED, TREES, years
from examples.program.datasets import Dataset

TABLES = Path(__file__).parents[3] / "src/headway/domain/installation/demo/tables"
HEADINGS = ("month", "season", "level", "predicted", "absolute_error")


def written(data: Dataset, model: GradientBoostingRegressor) -> str:
    """Return the rows of `data` as CSV: `month` as 1993-01, levels and errors in ppm."""
    first = int(data.version.split("-")[0])
    predicted = model.predict(data.features)
    error = np.abs(data.target - predicted)
    lines = [",".join(HEADINGS)]
    for place, (level, said, off) in enumerate(zip(data.target, predicted, error, strict=True)):
        year, month = first + place // 12, place % 12 + 1
        lines.append(f"{year}-{month:02},{month},{level:.6f},{said:.6f},{off:.6f}")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> None:
    """Train the champion, and write the table of each window of its life."""
    train = years(*TRAINED, name="co2-train", split="train")
    model = GradientBoostingRegressor(**TREES).fit(train.features, train.target)
    folder.mkdir(parents=True, exist_ok=True)
    windows = [train, *(years(*LIVE[name], name="co2-live", split="live") for name in LIVE)]
    for data in windows:
        file = folder / f"{data.name}-{data.version}.csv"
        file.write_text(written(data, model), "utf-8")
        print(f"{file.name}: {data.rows} months")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TABLES, help="folder for the tables")
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
