"""The heat map as a table: one short cell a row and week, its load as a number in a shade.

A cell is the number alone, so that 100 rows of 104 weeks stay a small page; the row's name leads
to the same numbers with what makes them up, and the page's script opens a cell under the keys.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from headway.domain.people.rules.heat import Heat
from headway.domain.people.rules.loads import Weeks

#: Class of a cell by its shade, from nothing there (-1) to above what there is.
_SHADES = ("n", "a", "b", "c", "d", "e", "f", "x")
#: What stands behind a number above 100: whose work alone is above it.
_MARKS = ("", "▲", "◆", "●")
MARK_WORDS = (
    ("▲", "this work alone is above capacity"),
    ("◆", "others alone are above it, without this work"),
    ("●", "neither alone, both together"),
)


def cells_of(heat: Heat, place: int, *, marked: bool, tentative: bool) -> SafeString:
    """Return the cells of one row; `marked` says whose work is above, `tentative` adds what may be.

    A closing tag is not needed and not written: half of a large table would be closing tags.
    """
    numbers, shades = heat.percent[place].tolist(), heat.shade[place].tolist()
    marks = heat.blame[place].tolist() if marked else [0] * len(numbers)
    maybe = _maybe(heat, place) if tentative else [0] * len(numbers)
    parts = []
    for number, shade, mark, more in zip(numbers, shades, marks, maybe, strict=True):
        look = _SHADES[shade + 1]
        said = "" if number <= 0 else ("∞" if number == 999 else str(number))
        if more:
            parts.append(f"<td class='{look} t'>{said}{_MARKS[mark]}<i>+{more}</i>")
        else:
            parts.append(f"<td class={look}>{said}{_MARKS[mark]}")
    return mark_safe("".join(parts))  # noqa: S308 - numbers and signs of our own


def _maybe(heat: Heat, place: int) -> list[int]:
    """Return tentative work in percent of what there is, at least 1 where there is any."""
    there = np.maximum(heat.capacity[place], 1)
    share = np.minimum(heat.tentative[place] * 100 // there, 999)
    return [int(one) for one in np.where(heat.tentative[place] > 0, np.maximum(share, 1), 0)]


def heads_of(weeks: Weeks) -> SafeString:
    """Return the two lines of headings: months over their weeks, and each week's Monday."""
    months: list[tuple[str, int]] = []
    for monday in weeks.mondays:
        name = f"{monday:%b %Y}"
        if months and months[-1][0] == name:
            months[-1] = (name, months[-1][1] + 1)
        else:
            months.append((name, 1))
    above = "".join(
        f"<th scope=colgroup colspan={count}>{escape(_short(name, count))}</th>"
        for name, count in months
    )
    below = "".join(
        f"<th scope=col data-week={monday}>{monday.day}</th>" for monday in weeks.mondays
    )
    rest = "<th scope=col rowspan=2 class=who>Who or what</th>"
    return mark_safe(f"<tr>{rest}{above}</tr><tr>{below}</tr>")  # noqa: S308 - days of our own


def _short(name: str, count: int) -> str:
    """Return a month's name as far as its weeks have room for it."""
    return name if count > 2 else name[:3]


def week_of(text: str, weeks: Weeks) -> date | None:
    """Return the Monday of the week that an address asks about, if it is shown."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return None
    place = (asked - weeks.first).days
    return weeks.mondays[place // 7] if 0 <= place < weeks.days else None
