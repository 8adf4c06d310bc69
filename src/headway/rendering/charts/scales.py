"""Scales of plain numbers: round ends and ticks, decimals that tell them apart, labels that fit."""

from __future__ import annotations

import math
from collections.abc import Sequence

from headway.rendering.charts.marks import Axis


def values(known: Sequence[float], most: int = 6) -> Axis:
    """Return an axis around the `known` values with at most about `most` round ticks."""
    low, high = min(known), max(known)
    if high - low < 1e-12:
        low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
    air = (high - low) * 0.08
    low, high = low - air, high + air
    step = _round_step((high - low) / most)
    first, last = math.ceil(low / step), math.floor(high / step)
    ticks = tuple(round(place * step, 12) for place in range(first, last + 1))
    return Axis(low, high, ticks, f"format(datum.value, ',.{_decimals(step)}f')")


def amounts(known: Sequence[float], most: int = 6) -> Axis:
    """Return an axis of money from zero, its ticks said in thousands, millions or billions."""
    high = max(known) * 1.06 or 1
    step = _round_step(high / most)
    ticks = tuple(place * step for place in range(math.floor(high / step) + 1))
    scale, letter = next(
        (
            (scale, f" {letter}")
            for scale, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k"))
            if step >= scale / 10
        ),
        (1.0, ""),
    )
    decimals = _decimals(step / scale)
    return Axis(0, high, ticks, f"format(datum.value / {scale:.0f}, ',.{decimals}f') + '{letter}'")


def digits_for(axis: Axis) -> int:
    """Return how many decimals tell values on this axis apart (three at least)."""
    return max(3, _decimals((axis.high - axis.low) / 20))


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Move places as little as needed, upwards, so that no two are nearer than `gap`."""
    moved = list(places)
    order = sorted(range(len(places)), key=lambda index: places[index])
    for before, index in zip(order, order[1:], strict=False):
        moved[index] = max(moved[index], moved[before] + gap)
    return moved


def _round_step(rough: float) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that is at least `rough`."""
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(step * scale for step in (1, 2, 5, 10) if step * scale >= rough * 0.999999)


def _decimals(step: float) -> int:
    """Return how many decimals a tick of this `step` needs."""
    return max(0, -math.floor(math.log10(step) + 1e-9))
