"""Datasets as values: the numbers, where they come from, and a digest of their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

DIGEST_LENGTH = 32  # hexadecimal digits of the SHA-256 that are kept: MLflow's column holds 36


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows to learn from or to judge by. `version` says which state of the collection it is."""

    name: str
    version: str
    split: str
    features: np.ndarray
    target: np.ndarray
    source: str
    licence: str
    description: str = ""

    @property
    def digest(self) -> str:
        """Return the first 32 hexadecimal digits of the SHA-256 of features and target."""
        return fingerprint(self.features, self.target)

    @property
    def rows(self) -> int:
        """Return how many examples there are."""
        return len(self.target)

    @property
    def columns(self) -> int:
        """Return how many features an example has."""
        return int(self.features.shape[1])

    def first(self, count: int, version: str, description: str = "") -> Dataset:
        """Return the first `count` examples as a version of their own."""
        return Dataset(
            self.name,
            version,
            self.split,
            self.features[:count],
            self.target[:count],
            self.source,
            self.licence,
            description or self.description,
        )


def fingerprint(*arrays: np.ndarray) -> str:
    """Return a digest of the shapes and the numbers, the same on every machine."""
    content = hashlib.sha256()
    for array in arrays:
        numbers = np.ascontiguousarray(array, dtype="<f8")
        content.update(repr(numbers.shape).encode())
        content.update(numbers.tobytes())
    return content.hexdigest()[:DIGEST_LENGTH]
