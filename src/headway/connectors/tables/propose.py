"""Proposes a mapping from a table's headings, and where they say nothing, from its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from headway.connectors.tables.dates import day_in, is_ambiguous, order_in
from headway.connectors.tables.grid import Grid
from headway.connectors.tables.mapping import SEVERAL, Mapping
from headway.connectors.tables.numbers import number_in, writes_commas
from headway.connectors.tables.words import Field, field_of, plain, progress_of, rank_of
from headway.connectors.work import Progress

#: Cells of a column that are looked at.
_LOOKED_AT = 2_000
#: Items whose dates agree, before they prove what a number counts; and working days of a week.
_LEAST_PROOFS, _WEEK = 5, (4.0, 6.0)
_ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,19}-\d{1,7}")
_DATES = (Field.START, Field.DUE, Field.CREATED, Field.STARTED, Field.FINISHED)
_LENGTHS = (Field.ESTIMATE, Field.LOW, Field.HIGH, Field.POINTS)


def propose_mapping(grid: Grid) -> tuple[Mapping, Sequence[str]]:
    """Return what the table most likely means, and sentences for what had to be assumed."""
    columns = _by_heading(grid)
    _by_content(grid, columns)
    notes: list[str] = []
    cells = [
        cell for name in _DATES for head in columns.get(name, ()) for cell in _cells(grid, head)
    ]
    order = order_in(cells)
    if not order:
        order = "dmy" if any("." in cell for cell in cells) else _assumed(cells, notes)
    lengths = [
        one for name in _LENGTHS for head in columns.get(name, ()) for one in _cells(grid, head)
    ]
    unit = _unit(grid, columns, order, notes)
    mapping = Mapping(
        {name: tuple(heads) for name, heads in columns.items()},
        order,
        unit,
        writes_commas(lengths),
        _words(grid, columns, notes),
        grid.sheet if len(grid.sheets) > 1 else "",
    )
    return mapping, notes


def _cells(grid: Grid, heading: str) -> list[str]:
    place = grid.header.index(heading)
    return [row[place] for row in grid.rows[:_LOOKED_AT] if row[place]]


def _by_heading(grid: Grid) -> dict[Field, list[str]]:
    """Return the columns that their headings name; the best named and filled one of each field."""
    found: dict[Field, list[str]] = {}
    for heading in grid.header:
        bare = re.sub(r" \(\d+\)$", "", heading)
        name = field_of(bare)
        if name is not None and _cells(grid, heading):
            found.setdefault(name, []).append(heading)
    for name, headings in found.items():
        if name not in SEVERAL:
            headings.sort(key=lambda one: (rank_of(one), -len(_cells(grid, one))))
            del headings[1:]
    return found


def _by_content(grid: Grid, columns: dict[Field, list[str]]) -> None:
    """Give `columns` what the cells show: keys like AB-12, names, states, dates."""
    taken = {heading for headings in columns.values() for heading in headings}
    free = [heading for heading in grid.header if heading not in taken]
    keys = [one for one in free if _share(_cells(grid, one), _is_issue_key) > 0.95]
    unique = [one for one in keys if len(set(grid.column(one))) == len(grid.rows)]
    held = columns.get(Field.KEY)
    if unique and not (held and _share(_cells(grid, held[0]), _is_issue_key) > 0.95):
        columns[Field.KEY] = unique[:1]
        free.remove(unique[0])
    if Field.STATUS not in columns:
        states = [one for one in free if _share(_cells(grid, one), _is_state) > 0.8]
        if states:
            columns[Field.STATUS] = states[:1]
            free.remove(states[0])
    if Field.NAME not in columns:
        names = [(size, one) for one in free if (size := _wordiness(_cells(grid, one))) > 0]
        if names:
            columns[Field.NAME] = [max(names)[1]]
    if Field.DUE not in columns and Field.ESTIMATE not in columns and Field.POINTS not in columns:
        days = [one for one in free if _share(_cells(grid, one), _is_day) > 0.9]
        if len(days) == 1:
            columns[Field.DUE] = days


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if test(cell)) / len(cells) if cells else 0.0


def _is_issue_key(cell: str) -> bool:
    return _ISSUE_KEY.fullmatch(cell) is not None


def _is_state(cell: str) -> bool:
    return progress_of(cell) is not None and not cell.isdigit()


def _is_day(cell: str) -> bool:
    return number_in(cell, comma=False) is None and day_in(cell, "ymd") is not None


def _wordiness(cells: Sequence[str]) -> float:
    """Return how much a column looks like names of work: different texts of several words."""
    texts = [cell for cell in cells if re.search(r"[^\W\d]{3}", cell) and not _is_day(cell)]
    if not cells or len(texts) < 0.7 * len(cells):
        return 0.0
    different = len(set(texts)) / len(texts)
    return different * min(60.0, sum(map(len, texts)) / len(texts))


def _assumed(cells: Iterable[str], notes: list[str]) -> str:
    """Return the order of dates that nothing proves, and say so where it matters."""
    doubtful = [cell for cell in cells if is_ambiguous(cell)]
    if not doubtful:
        return "ymd"
    notes.append(
        f"Dates like {doubtful[0][:20]} could be read in two orders; they were read as day, month, "
        "year. Choose the other order if that is wrong."
    )
    return "dmy"


def _unit(grid: Grid, columns: dict[Field, list[str]], order: str, notes: list[str]) -> str:
    """Return what the numbers of the estimates count, from heading, size and the rows' dates."""
    if Field.ESTIMATE not in columns and Field.LOW not in columns:
        return "points" if Field.POINTS in columns else "days"
    heading = (columns.get(Field.ESTIMATE) or columns[Field.LOW])[0]
    name = plain(heading)
    if re.search(r"hour|hrs|stunden|std\b|heures|horas|\bore\b|\(h\)|uren|時間|小时", name):
        return "hours"
    if re.search(r"week|woche|semaine|semana|settiman|weken|週|周", name):
        return "weeks"
    numbers = [
        one for cell in _cells(grid, heading) if (one := number_in(cell, comma=False)) is not None
    ]
    # Jira exports lengths in seconds, whatever its pages show.
    if numbers and all(one % 60 == 0 for one in numbers) and max(numbers) >= 3_600:
        notes.append(
            f"'{heading}' holds large whole minutes: it was read as seconds, as Jira exports."
        )
        return "seconds"
    return _unit_by_dates(grid, columns, order, notes)


def _unit_by_dates(
    grid: Grid, columns: dict[Field, list[str]], order: str, notes: list[str]
) -> str:
    """Return the unit that the days between start and end prove: a week has five of them."""
    heads = [columns.get(name, [""])[0] for name in (Field.ESTIMATE, Field.START, Field.DUE)]
    if not all(heads):
        return "days"
    length, start, due = (grid.header.index(head) for head in heads)
    ratios = sorted(
        ratio
        for row in grid.rows[:_LOOKED_AT]
        if (ratio := _days_each(row[length], row[start], row[due], order)) is not None
    )
    if len(ratios) < _LEAST_PROOFS or not _WEEK[0] <= ratios[len(ratios) // 2] <= _WEEK[1]:
        return "days"
    notes.append(
        f"'{heads[0]}' was read as weeks: half of its items have about five working days between "
        f"'{heads[1]}' and '{heads[2]}' for each one counted."
    )
    return "weeks"


def _days_each(length: str, start: str, due: str, order: str) -> float | None:
    """Return the working days between two dates for each unit of a length."""
    count = number_in(length, comma=False)
    begins, ends = day_in(start, order), day_in(due, order)
    if not count or count < 0 or begins is None or ends is None or ends <= begins:
        return None
    days = (ends - begins).days
    return (days - 2 * (days // 7)) / count


def _words(grid: Grid, columns: dict[Field, list[str]], notes: list[str]) -> dict[str, Progress]:
    """Return each state's name with its progress; a team's own word is judged by what it ends."""
    headings = columns.get(Field.STATUS, [])
    place = grid.header.index(headings[0]) if headings else -1
    ended = columns.get(Field.FINISHED, [])
    end = grid.header.index(ended[0]) if ended else -1
    seen: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for row in grid.rows if headings else ():
        if row[place]:
            seen[row[place]] += 1
            closed[row[place]] += end >= 0 and bool(row[end])
    words: dict[str, Progress] = {}
    for word, times in seen.most_common(60):
        known = progress_of(word)
        if known is None:
            known = Progress.FINISHED if closed[word] > times * 0.8 else Progress.WAITING
            notes.append(f"State '{word[:60]}' is not known here; it was taken as {known}.")
        words[word] = known
    return words
