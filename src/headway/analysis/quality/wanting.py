"""What each rule has to know that is not known yet. The footer may have told all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from headway.analysis.quality.kinds import check_kinds
from headway.analysis.quality.look import LARGEST, Look, bound_for, utc, value_for
from headway.analysis.quality.rules import (
    Columns,
    Coverage,
    Fresh,
    Monotone,
    Nulls,
    OneOf,
    Outliers,
    Pattern,
    Range,
    Refers,
    RowChange,
    RowCount,
    Rule,
    Typed,
    Unique,
    Where,
)
from headway.analysis.summaries import Kind
from headway.analysis.summaries.conditions import (
    Among,
    Compare,
    Condition,
    Every,
    Fixed,
    Matches,
    Named,
    columns_of,
)
from headway.analysis.summaries.scalars import (
    DistinctCount,
    FalseCount,
    Highest,
    IsFinite,
    Least,
    Lowest,
    Measure,
    Most,
    Quantile,
    TrueCount,
)

VALUES = (int, float, Decimal, date)


def columns_named(rule: Rule) -> tuple[str, ...]:
    """Return the columns that a rule is about, each once."""
    match rule:
        case Where():
            return tuple(dict.fromkeys(columns_of(rule.condition)))
        case Unique():
            return rule.columns
        case Coverage():
            return rule.of
        case Monotone(about, _, by):
            return tuple(name for name in (about.column, by) if name)
        case RowCount() | RowChange() | Columns():
            return ()
        case _:
            return (rule.about.column,) if rule.about.column else ()


def wanted(rule: Rule, look: Look) -> list[Measure]:
    """Return the measures that a rule still needs. Raises Invalid when it can't be about that."""
    match rule:
        case Range():
            return _range(rule, look)
        case Outliers():
            return _outliers(rule, look)
        case Where():
            check_kinds(look.table, rule.condition)
            return _new(look, [TrueCount(rule.condition), FalseCount(rule.condition)])
        case Fresh():
            return _new(look, [Most(rule.about.column or "")])
        case Unique():
            single = len(rule.columns) == 1
            return _new(look, [DistinctCount(rule.columns[0])], rule.columns[0]) if single else []
        case Nulls() | OneOf() | Pattern() | Refers():
            return _new(look, _counted(rule, look), rule.about.column)
        case Typed() | RowCount() | RowChange() | Columns() | Monotone() | Coverage():
            return []


def _new(look: Look, measures: list[Measure], holes: str | None = None) -> list[Measure]:
    new = [one for one in measures if one not in look.facts]
    return new + look.counting_holes(holes) if holes else new


def _counted(rule: Rule, look: Look) -> list[Measure]:
    """Return the count of rows that hold a rule, where the aggregate can give it."""
    held = condition_of(rule, look)
    if held is not None and isinstance(rule, Pattern):
        check_kinds(look.table, held)
    if held is None or (isinstance(rule, OneOf) and not look.table.engine.batches):
        return []
    return [TrueCount(held)]


def _range(rule: Range, look: Look) -> list[Measure]:
    """Return what a range needs: the ends first; a count only where they lie outside.

    Of floats the plain ends are those of all values once the sum shows that none is NaN.
    """
    name = rule.about.column or ""
    held = condition_of(rule, look)
    ends: list[Measure] = [Least(name), Most(name)]
    known = all(end in look.facts for end in ends)
    if not known and look.has_nans(name) and IsFinite(name) not in look.facts:
        return _new(look, [Lowest(name), Highest(name)], name)
    if held is None or not known or ends_suffice(rule, look):
        return _new(look, ends, name)
    return _new(look, [TrueCount(held)], name)


def ends_suffice(rule: Range, look: Look) -> bool:
    """Return whether the ends that are known lie within the range: nothing is to be counted."""
    name = rule.about.column or ""
    low, high = ends_of(rule, look)
    least, most = look.facts[Least(name)], look.facts[Most(name)]
    return _not_above(low, least) and _not_above(most, high)


def _not_above(low: object, high: object) -> bool:
    if low is None or high is None:
        return True
    if isinstance(low, date) or isinstance(high, date):
        low, high = utc(low), utc(high)
    return bool(low <= high)  # type: ignore[operator]


def ends_of(rule: Range, look: Look) -> tuple[object, object]:
    """Return the two ends as they meet the column; floats have an end on both sides.

    So infinity is in no range, and a bound on one side only does not let it pass.
    """
    column = look.table.column(rule.about.column or "")
    low = None if rule.low is None else bound_for(column, rule.low)
    high = None if rule.high is None else bound_for(column, rule.high)
    if column.kind is Kind.NUMBER:
        return (-LARGEST if low is None else low), (LARGEST if high is None else high)
    return low, high


def condition_of(rule: Rule, look: Look) -> Condition | None:
    """Return what a row has to hold, for rules that ask it of each row by itself."""
    match rule:
        case Where():
            return rule.condition
        case Pattern():
            return Matches(Named(rule.about.column or ""), rule.pattern)
        case OneOf():
            column = look.table.column(rule.about.column or "")
            return Among(Named(column.name), tuple(value_for(column, text) for text in rule.values))
        case Range():
            return between(rule.about.column or "", *ends_of(rule, look))
        case _:
            return None


def between(name: str, low: object, high: object) -> Condition | None:
    """Return that a column lies between two ends, either of which may be None."""
    parts: list[Condition] = []
    if isinstance(low, VALUES):
        parts.append(Compare(">=", Named(name), Fixed(low)))
    if isinstance(high, VALUES):
        parts.append(Compare("<=", Named(name), Fixed(high)))
    return Every(tuple(parts)) if parts else None


def _outliers(rule: Outliers, look: Look) -> list[Measure]:
    name = rule.about.column or ""
    bound_for(look.table.column(name), 0)
    first = _new(look, [Quantile(name, 0.25), Quantile(name, 0.75)], name)
    if first:
        return first
    fences = fences_of(rule, look)
    held = between(name, *fences) if fences else None
    return _new(look, [TrueCount(held)]) if held is not None else []


def fences_of(rule: Outliers, look: Look) -> tuple[float, float] | None:
    """Return the fences: quartiles widened by `fence` times what lies between them (Tukey 1977).

    None where the quartiles are equal, infinite or absent: such fences would say nothing.
    """
    name = rule.about.column or ""
    low, high = look.facts[Quantile(name, 0.25)], look.facts[Quantile(name, 0.75)]
    if not isinstance(low, float) or not isinstance(high, float):
        return None
    width = high - low
    if not 0 < width <= LARGEST:
        return None
    return low - rule.fence * width, high + rule.fence * width
