"""What was measured in, a verdict with its sentence out: rules about the values of columns."""

from __future__ import annotations

import re
from dataclasses import replace

from headway.analysis.quality.answer import Check, share_text, value_text
from headway.analysis.quality.look import Look, utc, value_for
from headway.analysis.quality.rules import (
    Fresh,
    Nulls,
    OneOf,
    Outliers,
    Pattern,
    Range,
    Type,
    Typed,
    Unique,
    Where,
)
from headway.analysis.quality.wanting import (
    between,
    condition_of,
    ends_suffice,
    fences_of,
)
from headway.analysis.summaries import Kind
from headway.analysis.summaries.conditions import Value
from headway.analysis.summaries.groups import outside, repeated
from headway.analysis.summaries.scalars import (
    DistinctCount,
    FalseCount,
    Least,
    Most,
    TrueCount,
)
from headway.analysis.verdicts import Verdict

_KINDS = {
    Type.INTEGER: (Kind.INTEGER,),
    Type.NUMBER: (Kind.NUMBER, Kind.INTEGER, Kind.DECIMAL),
    Type.DECIMAL: (Kind.DECIMAL,),
    Type.TEXT: (Kind.TEXT,),
    Type.BOOLEAN: (Kind.BOOLEAN,),
    Type.DATE: (Kind.DATE,),
    Type.TIME: (Kind.TIME,),
}


#: How a sentence goes on: of what breaks the rule, of what holds it, and its end.
Said = tuple[str, str, str]


def holes_text(nulls: int, nans: int) -> str:
    """Return what was passed over, as the end of a sentence."""
    parts = [f"{nulls:,} null" if nulls else "", f"{nans:,} NaN" if nans else ""]
    told = " and ".join(part for part in parts if part)
    return f" {told} not checked." if told else ""


def verdict_of(bad: int, checked: int, allow: float) -> Verdict:
    """Return met, unmet, or insufficient where there was nothing to look at."""
    if not checked:
        return Verdict.INSUFFICIENT
    return Verdict.MET if bad <= allow * checked else Verdict.UNMET


def judged_typed(rule: Typed, look: Look) -> Check:
    """Judge the type of a column by the schema."""
    column = look.table.column(rule.about.column or "")
    whole = rule.type is Type.INTEGER and re.fullmatch(r"decimal\(\d+, 0\)", column.type)
    met = column.kind in _KINDS[rule.type] or bool(whole)
    said = f"{column.name} is {column.kind.value} ({column.type})"
    wanted = "time (a date with its time)" if rule.type is Type.TIME else rule.type.value
    return Check(
        *(rule.about.name, column.name, Verdict.MET if met else Verdict.UNMET),
        f"{said}." if met else f"{said}; it has to be {wanted}.",
        rule.about.severity,
        value=column.kind.value,
        bound=rule.type.value,
    )


def judged_nulls(rule: Nulls, look: Look) -> Check:
    """Judge the share of rows without a value."""
    name = rule.about.column or ""
    nulls, nans = look.holes(name)
    bad, rows = nulls + nans, look.rows
    verdict = verdict_of(bad, rows, rule.most)
    among = f" ({nulls:,} null, {nans:,} NaN)" if nans else ""
    sentence = (
        f"{name}: {bad:,} of {rows:,} rows ({share_text(bad, rows)}) have no value{among}; "
        f"at most {share_text(rule.most, 1)} may."
    )
    return Check(
        *(rule.about.name, name, verdict, sentence, rule.about.severity),
        value=bad / rows if rows else None,
        bound=rule.most,
        rows_bad=bad,
        checked=rows,
        nulls=nulls,
        nans=nans,
        source="footer" if look.from_footer(name) else "aggregate",
    )


def judged_range(rule: Range, look: Look) -> Check:
    """Judge the ends of a column, and count what lies outside where something does."""
    name = rule.about.column or ""
    nulls, nans = look.holes(name)
    checked = look.rows - nulls - nans
    least, most = look.facts.get(Least(name)), look.facts.get(Most(name))
    condition = condition_of(rule, look)
    by_ends = ends_suffice(rule, look)
    inside = checked
    if condition is not None and not by_ends:
        inside = look.count(TrueCount(condition))
    check = counted(rule, look, checked - inside, ("are not", "are", _range_text(rule)))
    told = f" Least {value_text(least)}, most {value_text(most)}." if checked else ""
    return replace(
        check,
        sentence=f"{check.sentence}{told}{holes_text(nulls, nans)}",
        value=(least, most),
        bound=(rule.low, rule.high),
        source="footer" if by_ends and look.from_footer(name) else "aggregate",
    )


def _range_text(rule: Range) -> str:
    if rule.low is None:
        return f"at most {value_text(rule.high)}"
    if rule.high is None:
        return f"at least {value_text(rule.low)}"
    return f"from {value_text(rule.low)} to {value_text(rule.high)}"


def counted(rule: Range | OneOf | Pattern | Outliers, look: Look, bad: int, what: Said) -> Check:
    """Return the check of a rule that so many of a column's values break.

    `what` is how the sentence goes on of those that break it, of those that hold it, and its end.
    """
    name = rule.about.column or ""
    nulls, nans = look.holes(name)
    checked = look.rows - nulls - nans
    allow = rule.most if isinstance(rule, Outliers) else rule.allow
    tolerated = f"; at most {share_text(allow, 1)} may" if allow else ""
    sentence = f"{name}: all {checked:,} values {what[1]} {what[2]}."
    if bad:
        told = f"{bad:,} of {checked:,} values ({share_text(bad, checked)}) {what[0]} {what[2]}"
        sentence = f"{name}: {told}{tolerated}."
    if not checked:
        sentence = f"{name} has no value in {look.rows:,} rows: nothing was checked."
    return Check(
        *(rule.about.name, name, verdict_of(bad, checked, allow), sentence, rule.about.severity),
        value=bad / checked if checked else None,
        bound=allow,
        allow=allow,
        rows_bad=bad,
        checked=checked,
        nulls=nulls,
        nans=nans,
        source="aggregate",
    )


def judged_one_of(rule: OneOf, look: Look) -> Check:
    """Judge whether values are among a set; the commonest others are named."""
    name = rule.about.column or ""
    nulls, nans = look.holes(name)
    column = look.table.column(name)
    condition = condition_of(rule, look)
    if condition is not None and TrueCount(condition) in look.facts:
        bad = look.rows - nulls - nans - look.count(TrueCount(condition))
        asked = bad and look.examples
        found = outside(look.table, name, _values(rule, look), look.examples) if asked else None
    else:
        found = outside(look.table, column.name, _values(rule, look), look.examples)
        bad = found.rows
    shown = found.values if found else ()
    check = counted(rule, look, bad, ("are none of", "are among", _set_text(rule.values)))
    told = ", ".join(f"{value_text(value)} ({count:,})" for value, count in shown[:3])
    return replace(
        check,
        sentence=check.sentence
        + (f" Commonest: {told}." if told else "")
        + holes_text(nulls, nans),
        bound=list(rule.values),
        examples=tuple({name: value, "rows": count} for value, count in shown),
    )


def _values(rule: OneOf, look: Look) -> list[Value]:
    column = look.table.column(rule.about.column or "")
    return [value_for(column, text) for text in rule.values]


def _set_text(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:6])
    return f"{shown} and {len(values) - 6} more" if len(values) > 6 else shown


def judged_pattern(rule: Pattern, look: Look) -> Check:
    """Judge whether a pattern is found in each value."""
    name = rule.about.column or ""
    nulls, nans = look.holes(name)
    condition = condition_of(rule, look)
    held = look.count(TrueCount(condition)) if condition is not None else 0
    said = ("do not match", "match", rule.written)
    check = counted(rule, look, look.rows - nulls - nans - held, said)
    return replace(check, sentence=check.sentence + holes_text(nulls, nans), bound=rule.written)


def judged_unique(rule: Unique, look: Look) -> Check:
    """Judge whether values, of one column or several together, come once."""
    shown = ", ".join(rule.columns)
    if len(rule.columns) == 1:
        nulls, nans = look.holes(rule.columns[0])
        checked = look.rows - nulls - nans
        surplus = checked - look.count(DistinctCount(rule.columns[0]))
        left = holes_text(nulls, nans)
    else:
        found = repeated(look.table, rule.columns)
        checked, surplus = found.rows, found.surplus
        nulls, nans = look.rows - checked, 0
        left = f" {nulls:,} rows lack a part and were not checked." if nulls else ""
    noun = "values" if len(rule.columns) == 1 else "combinations"
    sentence = f"{shown}: all {checked:,} {noun} are different.{left}"
    if surplus:
        share = share_text(surplus, checked)
        if any(look.has_nans(name) for name in rule.columns):
            left = f" As floats: what differs beyond the 15th digit is one value.{left}"
        sentence = (
            f"{shown}: {surplus:,} of {checked:,} {noun} ({share}) repeat an earlier one.{left}"
        )
    if not checked:
        sentence = f"{shown} has no value in {look.rows:,} rows: nothing was checked."
    return Check(
        *(rule.about.name, shown, verdict_of(surplus, checked, 0), sentence, rule.about.severity),
        value=checked - surplus,
        bound=checked,
        rows_bad=surplus,
        checked=checked,
        nulls=nulls,
        nans=nans,
        source="aggregate" if len(rule.columns) == 1 else "query",
    )


def judged_fresh(rule: Fresh, look: Look) -> Check:
    """Judge the age of the newest value at the moment of checking; a date counts from midnight."""
    name = rule.about.column or ""
    column = look.table.column(name)
    about = (rule.about.name, name)
    if column.kind not in (Kind.DATE, Kind.TIME):
        sentence = (
            f"{name} is {column.kind.value} ({column.type}), which has no age; `fresh` wants a "
            "column of dates or moments."
        )
        return Check(*about, Verdict.ERROR, sentence, rule.about.severity)
    newest = utc(look.facts[Most(name)])
    if newest is None:
        sentence = f"{name} has no value in {look.rows:,} rows: nothing was checked."
        return Check(*about, Verdict.INSUFFICIENT, sentence, rule.about.severity)
    age = (look.at - newest).total_seconds()
    bound = rule.within.total_seconds()
    ahead = age < 0
    sentence = f"{name}: the newest value, {newest:%Y-%m-%d %H:%M} UTC, is {span_text(age)} old"
    if ahead:
        sentence = (
            f"{name}: the newest value, {newest:%Y-%m-%d %H:%M} UTC, lies {span_text(-age)} ahead "
            f"of the moment of checking, {look.at:%Y-%m-%d %H:%M} UTC: is its zone right?"
        )
    else:
        sentence += f"; it may be {span_text(bound)}."
    return Check(
        *(*about, Verdict.MET if 0 <= age <= bound else Verdict.UNMET, sentence),
        rule.about.severity,
        value=age,
        bound=bound,
        source="footer" if Most(name) in look.footer else "aggregate",
    )


def span_text(seconds: float) -> str:
    """Return a span of time in the unit that suits."""
    for size, unit in ((86_400 * 2, "days"), (3600 * 2, "h"), (120, "min")):
        if seconds >= size:
            divisor = {"days": 86_400, "h": 3600, "min": 60}[unit]
            count = seconds / divisor
            return f"{count:,.0f} {unit}" if count >= 100 else f"{count:.3g} {unit}"
    return f"{seconds:.3g} s"


def judged_outliers(rule: Outliers, look: Look) -> Check:
    """Judge the share of values beyond the fences."""
    name = rule.about.column or ""
    nulls, nans = look.holes(name)
    checked = look.rows - nulls - nans
    fences = fences_of(rule, look)
    if fences is None and checked:
        sentence = (
            f"{name}: its quartiles are equal or not finite, so that fences have no width; use "
            "`min` and `max` instead."
        )
        about = (rule.about.name, name)
        return Check(*about, Verdict.INSUFFICIENT, sentence, rule.about.severity, checked=checked)
    low, high = fences or (0.0, 0.0)
    held = between(name, low, high)
    inside = look.count(TrueCount(held)) if fences and held is not None else 0
    said = ("lie beyond", "lie within", f"{value_text(low)} and {value_text(high)}")
    check = counted(rule, look, checked - inside, said)
    return replace(
        check, bound=rule.most, allow=0.0, sentence=check.sentence + holes_text(nulls, nans)
    )


def judged_where(rule: Where, look: Look) -> Check:
    """Judge a condition over rows; where it is unknown, the row was not checked."""
    held, broken = TrueCount(rule.condition), FalseCount(rule.condition)
    bad = look.count(broken)
    checked = look.count(held) + bad
    unknown = look.rows - checked
    verdict = verdict_of(bad, checked, rule.allow)
    tolerated = f"; at most {share_text(rule.allow, 1)} may" if rule.allow else ""
    left = f" {unknown:,} rows lack a value and were not checked." if unknown else ""
    sentence = f"`{rule.text}` holds for all {checked:,} rows.{left}"
    if bad:
        told = f"{bad:,} of {checked:,} rows ({share_text(bad, checked)})"
        sentence = f"{told} break `{rule.text}`{tolerated}.{left}"
    if not checked:
        sentence = f"`{rule.text}` is unknown in all {look.rows:,} rows: nothing was checked."
    return Check(
        *(rule.about.name, rule.about.column, verdict, sentence, rule.about.severity),
        value=bad / checked if checked else None,
        bound=rule.text,
        allow=rule.allow,
        rows_bad=bad,
        checked=checked,
        nulls=unknown,
        source="aggregate",
    )
