"""The same segments by scikit-learn: CPU seconds of AUC, F1, log loss, in one process."""

from __future__ import annotations

import sys
import time
from itertools import combinations

import pandas as pd  # noqa: TID251  the peer's own way
from sklearn.metrics import f1_score, log_loss, roc_auc_score


def main() -> None:
    """Read, divide, measure; print the segments and the CPU seconds."""
    path, *by = sys.argv[1:]
    begun = time.process_time()
    rows = pd.read_parquet(path)
    last = by[-1]
    rows[last] = pd.qcut(rows[last], 4)
    count = 0
    for names in [*[[name] for name in by], *map(list, combinations(by, 2))]:
        for _, part in rows.groupby(names, observed=True):
            roc_auc_score(part["y"], part["score"])
            f1_score(part["y"], part["score"] >= 0.5)
            log_loss(part["y"], part["score"])
            count += 1
    print(f"{count} segments, {time.process_time() - begun:.3f} CPU s")


if __name__ == "__main__":
    main()
