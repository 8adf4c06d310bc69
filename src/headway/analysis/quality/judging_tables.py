"""Rules about a table as a whole, and between tables: rows, schema, order, references, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from headway.analysis.quality.answer import Check, share_text, value_text
from headway.analysis.quality.judging import holes_text, verdict_of
from headway.analysis.quality.look import Look
from headway.analysis.quality.rules import (
    Columns,
    Coverage,
    Direction,
    Monotone,
    Refers,
    RowChange,
    RowCount,
)
from headway.analysis.quality.segments_needed import Segment, segments_needed
from headway.analysis.summaries import Table
from headway.analysis.summaries.groups import segment_counts, without_match
from headway.analysis.summaries.order import turns
from headway.analysis.summaries.scalars import Rows
from headway.analysis.verdicts import Verdict
from headway.errors import Invalid

_WEIGHTS = ("share", "rows", "count")


def judged_rows(rule: RowCount, look: Look) -> Check:
    """Judge the number of rows."""
    rows = look.rows
    low = rule.least is None or rows >= rule.least
    high = rule.most is None or rows <= rule.most
    bounds = [
        f"at least {rule.least:,}" if rule.least is not None else "",
        f"at most {rule.most:,}" if rule.most is not None else "",
    ]
    wanted = " and ".join(part for part in bounds if part)
    return Check(
        *(rule.about.name, None, Verdict.MET if low and high else Verdict.UNMET),
        f"{rows:,} rows; {wanted} are wanted.",
        rule.about.severity,
        value=rows,
        bound=(rule.least, rule.most),
        checked=rows,
        source="footer" if Rows() in look.footer else "aggregate",
    )


def judged_change(rule: RowChange, look: Look) -> Check:
    """Judge how far the number of rows is from the baseline's."""
    about = (rule.about.name, None)
    if look.baseline is None:
        sentence = (
            "There is no baseline to compare the number of rows with; give one by --baseline: an "
            "earlier answer as JSON, or an earlier table."
        )
        return Check(*about, Verdict.MISSING, sentence, rule.about.severity, bound=rule.share)
    before, rows = look.baseline.rows, look.rows
    if not before:
        sentence = f"The baseline {look.baseline.name} has no rows: a change has no share of it."
        return Check(*about, Verdict.INSUFFICIENT, sentence, rule.about.severity, bound=rule.share)
    change = rows / before - 1
    sentence = (
        f"{rows:,} rows after {before:,} in {look.baseline.name}: {change:+.1%}; at most "
        f"{rule.share:.1%} either way may change."
    )
    verdict = Verdict.MET if abs(rows - before) <= rule.share * before else Verdict.UNMET
    return Check(
        *(*about, verdict, sentence, rule.about.severity),
        value=change,
        bound=rule.share,
        checked=rows,
        source="footer" if Rows() in look.footer else "aggregate",
    )


def judged_columns(rule: Columns, look: Look) -> Check:
    """Judge the names of the columns, their order and what else there is."""
    there = list(look.table.columns)
    lacking = [name for name in rule.names if name not in look.table.columns]
    extra = [] if rule.extra else [name for name in there if name not in rule.names]
    kept = [name for name in there if name in rule.names]
    wanted = [name for name in rule.names if name in look.table.columns]
    moved = next((a for a, b in zip(kept, wanted, strict=True) if a != b), None)
    faults = [
        f"lacking: {_listed(lacking)}" if lacking else "",
        f"not asked for: {_listed(extra)}" if extra else "",
        f"out of order from {moved!r} on" if rule.ordered and moved is not None else "",
    ]
    told = "; ".join(fault for fault in faults if fault)
    verdict = Verdict.MISSING if lacking else Verdict.UNMET if told else Verdict.MET
    order = " in their order" if rule.ordered else ""
    sentence = f"{look.table.name} has its {len(rule.names):,} columns{order}."
    return Check(
        *(rule.about.name, None, verdict),
        f"{look.table.name}: {told}." if told else sentence,
        rule.about.severity,
        value=there[:100],
        bound=list(rule.names)[:100],
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


def judged_monotone(rule: Monotone, look: Look) -> Check:
    """Judge whether a column only goes one way."""
    name = rule.about.column or ""
    falls = rule.direction in (Direction.DECREASING, Direction.STRICTLY_DECREASING)
    strict = rule.direction in (Direction.STRICTLY_INCREASING, Direction.STRICTLY_DECREASING)
    found = turns(look.table, name, rule.by, falls=falls, strict=strict, most=look.examples)
    left = look.rows - found.values
    order = f" in the order of {rule.by}" if rule.by else " in the order of the file"
    wrong = f"{found.wrong:,} of {found.values:,} values are not"
    told = wrong if found.wrong else f"all {found.values:,} values are"
    lacking = f" {left:,} rows lack a value." if left else ""
    sentence = f"{name}: {told} {rule.direction.value} after the one before{order}.{lacking}"
    verdict = verdict_of(found.wrong, found.values, 0)
    if found.values < 2:
        verdict = Verdict.INSUFFICIENT
        sentence = f"{name} has {found.values} values: there is nothing to compare."
    return Check(
        *(rule.about.name, name, verdict, sentence, rule.about.severity),
        value=found.wrong,
        bound=rule.direction.value,
        rows_bad=found.wrong,
        checked=found.values,
        nulls=left,
        source="query",
        examples=tuple({"before": before, name: value} for before, value in found.examples),
    )


def judged_refers(rule: Refers, look: Look) -> Check:
    """Judge whether each value stands in the column of another file."""
    name = rule.about.column or ""
    other = other_table(rule.file, look)
    other.column(rule.other)
    mine, theirs = look.table.column(name).kind, other.column(rule.other).kind
    if mine is not theirs and not (mine.is_numeric and theirs.is_numeric):
        sentence = (
            f"{name} is {mine.value} and {rule.other} of {rule.file} is {theirs.value}; write both "
            "as the same type."
        )
        raise Invalid(sentence)
    found = without_match(look.table, name, other, rule.other, look.examples)
    nulls, nans = look.holes(name)
    checked = look.rows - nulls - nans
    told = ", ".join(f"{value_text(value)} ({count:,})" for value, count in found.values[:3])
    where = f"in {rule.other} of {rule.file}"
    lost = f"{found.rows:,} of {checked:,} values ({share_text(found.rows, checked)}) stand nowhere"
    stand = lost if found.rows else f"all {checked:,} values stand"
    commonest = f" Commonest: {told}." if told else ""
    sentence = f"{name}: {stand} {where}.{commonest}{holes_text(nulls, nans)}"
    return Check(
        *(rule.about.name, name, verdict_of(found.rows, checked, rule.allow), sentence),
        rule.about.severity,
        value=found.rows / checked if checked else None,
        bound=f"{rule.file}: {rule.other}",
        allow=rule.allow,
        rows_bad=found.rows,
        checked=checked,
        nulls=nulls,
        nans=nans,
        source="query",
        examples=tuple({name: value, "rows": count} for value, count in found.values),
    )


def other_table(file: str, look: Look) -> Table:
    """Return the table of a file that a rule names. Raises Invalid where rules may name none."""
    if look.beside is None:
        sentence = f"The rule names the file {file!r}, and here rules may name no other file."
        raise Invalid(sentence)
    return look.beside(file)


def judged_coverage(rule: Coverage, look: Look) -> Check:
    """Judge the share of each segment against the population's, and how many rows it needs."""
    target = _target(rule, look)
    counts = segment_counts(look.table, rule.of)
    needed = segments_needed(counts, target, rule.within, rule.least)
    short = [one for one in needed if one.needs]
    foreign = sorted(", ".join(key) for key in counts if key not in target)
    worst = "; ".join(
        f"{one.name} has {one.rows:,} ({share_text(one.rows, look.rows)} of "
        f"{share_text(one.target, 1)}) and needs {one.needs:,} more"
        for one in short[:3]
    )
    sentence = f"{len(needed) - len(short):,} of {len(needed):,} segments are covered"
    least = f", each with {share_text(1 - rule.within, 1)} of its share or more."
    sentence += f": {worst}." if short else least
    if foreign:
        sentence += f" Not in the population: {_listed(foreign)}."
    check = Check(
        rule.about.name,
        ", ".join(rule.of),
        Verdict.UNMET if short else Verdict.MET,
        sentence,
        rule.about.severity,
        value=min((one.ratio for one in needed), default=None),
        bound=1 - rule.within,
        checked=look.rows,
        source="query",
    )
    return replace(check, examples=tuple(_shown(one) for one in short or needed)[:50])


def _shown(one: Segment) -> Mapping[str, object]:
    return {
        "segment": one.name,
        "rows": one.rows,
        "share": one.share,
        "target": one.target,
        "needs": one.needs,
    }


def _target(rule: Coverage, look: Look) -> Mapping[tuple[str, ...], float]:
    """Return the share of each segment in the population, adding up to 1."""
    if not isinstance(rule.target, str):
        found: dict[tuple[str, ...], float] = {(value,): share for value, share in rule.target}
    else:
        other = other_table(rule.target, look)
        other.chosen(rule.of)
        weight = next((name for name in _WEIGHTS if name in other.columns), None)
        found = segment_counts(other, rule.of, weight)
    total = sum(found.values())
    if not total > 0 or min(found.values()) < 0:
        sentence = (
            f"The population of {rule.about.name!r} has no positive share: give each segment its "
            "share of the whole, or rows to be counted."
        )
        raise Invalid(sentence)
    return {key: share / total for key, share in found.items() if share}
