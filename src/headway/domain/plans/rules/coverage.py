"""How often what was said at P80 held, and how much that proves: little, while there is little."""

from __future__ import annotations

from headway.analysis.shares import exact_interval

#: What a P80 promises: four of five hold.
PROMISED = 0.8

#: How sure the interval of a coverage is.
SURE = 0.9


def coverage_interval(held: int, judged: int) -> tuple[float, float]:
    """Return the exact interval (Clopper-Pearson, 90 %) of a share seen as `held` of `judged`."""
    return exact_interval(held, judged, SURE)


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
