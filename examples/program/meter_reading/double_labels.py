"""Label real digits twice, as two annotators would: the demo's export of Label Studio.

The scans are scikit-learn's, 801 to 1,015 of the pool; who labels them is simulated, and says so.
An annotator who errs takes the digit of the most alike scan of another digit, as people do. From
16 November one in twelve labels is wrong, the share that the noise study tried. On the scans that
an inspector looked at stands the laboratory's label as ground truth.

    python -m examples.program.meter_reading.double_labels OUT.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

SEED = 20261120
FIRST, PROJECT = 800, 7
#: Day of delivery, labels, share of wrong labels, scans inspected.
DELIVERIES = (("06", 45, 0.012, 38), ("13", 85, 0.012, 60), ("20", 85, 0.083, 60))
ANNOTATORS, INSPECTOR = (21, 22), 3
BOTH = 0.4  # share that both label


def alike(pixels: np.ndarray, digits: np.ndarray, place: int) -> int:
    """Return the digit of the most alike scan of another digit."""
    others = digits != digits[place]
    apart = np.sum((pixels[others] - pixels[place]) ** 2, axis=1)
    return int(digits[others][np.argmin(apart)])


def annotation(who: int, digit: int, day: str, minute: int, *, gold: bool = False) -> dict:
    """Return one annotation as Label Studio exports it."""
    moment = f"2026-11-{day}T{8 + minute // 60:02d}:{minute % 60:02d}:00Z"
    result = [{"from_name": "digit", "to_name": "scan", "type": "choices",
               "value": {"choices": [str(digit)]}}]  # fmt: skip
    return {"completed_by": who, "created_at": moment, "was_cancelled": False,
            "ground_truth": gold, "result": result}  # fmt: skip


def tasks() -> tuple[list[dict], list[str]]:
    """Return the tasks of the export, and what the inspections found."""
    pixels, digits = load_digits(return_X_y=True)
    rng = np.random.default_rng(SEED)
    found, said, place = [], [], FIRST
    for day, count, wrong, inspected in DELIVERIES:
        looked = set(rng.permutation(count)[:inspected].tolist())
        defects = 0
        for number in range(count):
            true = int(digits[place])
            who = [ANNOTATORS[number % 2]]
            who += [one for one in ANNOTATORS if one not in who] if rng.random() < BOTH else []
            labels = [
                annotation(one, alike(pixels, digits, place) if rng.random() < wrong else true,
                           day, number + step)
                for step, one in enumerate(who)
            ]  # fmt: skip
            first = labels[0]["result"][0]["value"]["choices"][0]
            if number in looked:
                defects += first != str(true)
                labels.append(annotation(INSPECTOR, true, day, 400 + number // 2, gold=True))
            data = {"scan": f"digits/{place}"}
            found.append({"id": place + 1, "project": PROJECT, "data": data, "annotations": labels})
            place += 1
        said.append(f"2026-11-{day}: {count} labels, {inspected} inspected, {defects} wrong")
    return found, said


def main() -> None:
    """Write the export; say what the inspections found."""
    found, said = tasks()
    Path(sys.argv[1]).write_text(
        "[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in found) + "\n]\n"
    )
    print("\n".join(said))


if __name__ == "__main__":
    main()
