"""Random numbers that can be addressed, and a three-point range drawn from them.

A number is a function of (seed, stream, trial) and of nothing else: SplitMix64 (Steele, Lea and
Flood 2014) counts through the trials from a key that is a hash of the seed and the stream's name.
A stream is named for what it decides ("duration of item A"), so removing one item or risk leaves
every other draw as it was (common random numbers), and the order of work and the number of threads
change nothing. From a uniform number to a value only + − × ÷ √ are used: the same bits everywhere.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def key_of(seed: int, stream: str) -> int:
    """Return the 64 bits from which the numbers of `stream` are counted."""
    name = blake2b(f"{seed}\0{stream}".encode(), digest_size=8).digest()
    return int.from_bytes(name, "little")


def uniforms(seed: int, stream: str, trials: int) -> NDArray[np.float64]:
    """Return one number in (0, 1) for each trial of `stream`."""
    bits = np.arange(1, trials + 1, dtype=np.uint64) * GOLDEN + np.uint64(key_of(seed, stream))
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def triangular(low: float, mode: float, high: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values that a share `u` of a triangular distribution does not exceed."""
    if low == high:
        return np.full(len(u), mode)
    rising = low + np.sqrt(u * ((high - low) * (mode - low)))
    falling = high - np.sqrt((1.0 - u) * ((high - low) * (high - mode)))
    return np.where(u < (mode - low) / (high - low), rising, falling)
