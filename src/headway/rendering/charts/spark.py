"""A sparkline: a few values on a word's height, drawn without an engine, for a table's cell."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from headway.rendering.charts.markup import legible

#: Size in CSS pixels, and the room that the last dot needs.
WIDTH, HEIGHT, EDGE = 96, 24, 4


def sparkline(values: Sequence[float], low: float, high: float, words: str) -> str:
    """Return an `<svg>` of `values`, oldest first, as steps between `low` and `high`.

    `words` say the same to whoever does not see it. One value is a dot; none is nothing.
    """
    if not values:
        return ""
    reach = high - low or 1.0
    wide = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    places = [
        (
            EDGE + place * wide if len(values) > 1 else WIDTH / 2,
            EDGE + (HEIGHT - 2 * EDGE) * (1 - (min(max(value, low), high) - low) / reach),
        )
        for place, value in enumerate(values)
    ]
    x, y = places[0]
    path = f"M{x:.1f} {y:.1f}"
    for x, y in places[1:]:
        path += f"H{x:.1f}V{y:.1f}"
    floor = f"M{EDGE} {HEIGHT - EDGE}H{WIDTH - EDGE}"
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f"aria-label={quoteattr(legible(words))}>"
        f'<path class="hw-grid" fill="none" d="{floor}"/>'
        f'<path class="hw-stroke-c1" fill="none" stroke-width="1.5" d="{path}"/>'
        f'<circle class="hw-fill-c1" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )
