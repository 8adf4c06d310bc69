"""How often what was said at P80 held, and how much that proves: little, while there is little."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

#: What a P80 promises: four of five hold.
PROMISED = 0.8

#: How sure the interval of a coverage is.
SURE = 0.9


def coverage_interval(held: int, judged: int) -> tuple[float, float]:
    """Return the exact interval (Clopper-Pearson, 90 %) of a share seen as `held` of `judged`."""
    tail = (1 - SURE) / 2
    low = 0.0 if held == 0 else _root(lambda p: _at_least(held, judged, p) - tail)
    high = 1.0 if held == judged else _root(lambda p: tail - _at_most(held, judged, p))
    return low, high


def coverage_words(held: int, judged: int) -> str:
    """Say what `held` of `judged` tells about P80s that should hold four times of five."""
    if judged == 0:
        return "Nothing that was said at P80 can be judged yet."
    low, high = coverage_interval(held, judged)
    seen = f"{100 * held / judged:.0f} %"
    span = f"{100 * low:.0f} to {100 * high:.0f} %"
    if high < PROMISED:
        return (
            f"That is {seen} where 80 % was promised, and no accident ({span} at 90 %): "
            "what is said comes too early."
        )
    if low > PROMISED:
        return (
            f"That is {seen} where 80 % was promised, and no accident ({span} at 90 %): "
            "what is said comes later than it need."
        )
    few = "; too few to tell" if high - low > 0.3 else ""
    return f"That is {seen}; anything from {span} fits, 80 % among it{few}."


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function of a share crosses zero, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_least(held: int, judged: int, p: float) -> float:
    return 1 - _at_most(held - 1, judged, p)


def _at_most(held: int, judged: int, p: float) -> float:
    return float(sum(comb(judged, k) * p**k * (1 - p) ** (judged - k) for k in range(held + 1)))
