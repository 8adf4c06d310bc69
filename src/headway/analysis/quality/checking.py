"""Rules and a table in, an answer out: the footer first, then one question, then what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from headway.analysis.quality import judging, judging_tables
from headway.analysis.quality.answer import Answer, Check
from headway.analysis.quality.look import Baseline, Beside, Look
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
    Rules,
    Typed,
    Unique,
    Where,
)
from headway.analysis.quality.showing import with_examples
from headway.analysis.quality.wanting import columns_named, wanted
from headway.analysis.summaries import Table, open_table
from headway.analysis.summaries.footers import footer_facts
from headway.analysis.summaries.scalars import Measure, Rows, measured
from headway.analysis.verdicts import Verdict
from headway.errors import Invalid

#: Questions one after the other: quartiles before fences, a sum before NaN are counted.
_ROUNDS = 4


def check(
    data: str | Path | Table,
    rules: Rules,
    *,
    at: datetime,
    baseline: Baseline | None = None,
    beside: Beside | None = None,
    examples: int = 5,
) -> Answer:
    """Return each rule judged on a table.

    `data` is a path (Parquet, CSV, Arrow, `file.duckdb#table`) or a table that was opened. `at` is
    the moment that ages are measured against, with a zone. `baseline` is what the number of rows is
    compared with, `beside` opens files that rules name, `examples` is how many rows or values of a
    broken rule are kept (0: none).

    The footer of Parquet answers what it can; all else of a column is one question to the engine;
    only broken rules are asked for examples. A column that is lacking is `missing`, a rule that
    can't run is `error`, no rows or no values are `insufficient`: never met.

    Raises Invalid when the table can't be read at all.
    """
    table = data if isinstance(data, Table) else open_table(data)
    moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    look = Look(table, moment, baseline, beside, examples)
    checks = {rule: _lacking(rule, table) for rule in rules.rules}
    runnable = [rule for rule, found in checks.items() if found is None]
    _by_footer(look, runnable)
    for rule, found in _broken(look, runnable).items():
        checks[rule] = found
    made = [_empty(rule, look, found) or _judged(rule, look) for rule, found in checks.items()]
    return Answer(
        data=table.name,
        rules=rules.name,
        rows=look.rows,
        columns=len(table.columns),
        at=moment,
        checks=(*made, *_omitted(rules)),
    )


def read_baseline(path: Path) -> Baseline:
    """Return a baseline: an earlier answer as JSON, or an earlier table whose rows are counted.

    Raises Invalid for a file that is neither.
    """
    if path.suffix.lower() != ".json":
        table = open_table(path)
        return Baseline(table.name, table.rows())
    import json

    try:
        held = json.loads(path.read_bytes())
        rows = held["rows"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = (
            f"{path.name} is no earlier answer of `headway check quality --json`: {error!r}. Keep "
            "one with --json, or name an earlier table."
        )
        raise Invalid(sentence) from error
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
        sentence = f"`rows` of {path.name} is {rows!r}; it has to be a number of rows."
        raise Invalid(sentence)
    return Baseline(path.name, rows)


def _lacking(rule: Rule, table: Table) -> Check | None:
    """Return `missing` for a rule about a column that is not there."""
    for name in columns_named(rule):
        try:
            table.column(name)
        except Invalid as error:
            return _no_answer(rule, Verdict.MISSING, str(error))
    return None


def _no_answer(rule: Rule, verdict: Verdict, sentence: str) -> Check:
    column = rule.about.column or ", ".join(columns_named(rule)) or None
    return Check(rule.about.name, column, verdict, sentence, rule.about.severity)


def _omitted(rules: Rules) -> Iterable[Check]:
    """Yield `missing` for each check that is expected and that no rule makes."""
    made = {rule.about.name for rule in rules.rules}
    for name in rules.expected:
        if name not in made:
            sentence = (
                f"The check {name!r} is expected and no rule makes it. Was it removed or renamed? "
                "Write it again, or take it from `expect`."
            )
            yield Check(name, None, Verdict.MISSING, sentence)


def _by_footer(look: Look, rules: list[Rule]) -> None:
    names = {name for rule in rules for name in columns_named(rule)}
    facts = footer_facts(look.table, names)
    look.learn(facts)
    look.footer = frozenset(facts)


def _broken(look: Look, rules: list[Rule]) -> Mapping[Rule, Check]:
    """Measure what rules need, round by round; return a check for each rule that can't run."""
    failed: dict[Rule, Check] = {}
    for number in range(_ROUNDS):
        needs = _needs(look, [rule for rule in rules if rule not in failed], failed)
        wants: list[Measure] = [one for found in needs.values() for one in found]
        if number == 0 and Rows() not in look.facts:
            wants.append(Rows())
        if not wants:
            break
        try:
            look.learn(measured(look.table, wants))
        except Invalid:
            _one_by_one(look, needs, failed)
    return failed


def _needs(look: Look, rules: list[Rule], failed: dict[Rule, Check]) -> dict[Rule, list[Measure]]:
    needs = {}
    for rule in rules:
        try:
            needs[rule] = wanted(rule, look)
        except Invalid as error:
            failed[rule] = _no_answer(rule, Verdict.ERROR, str(error))
    return needs


def _one_by_one(look: Look, needs: Mapping[Rule, list[Measure]], failed: dict[Rule, Check]) -> None:
    """Ask rule by rule after the question as a whole failed: one column may be unreadable."""
    if Rows() not in look.facts:
        look.learn(measured(look.table, [Rows()]))
    for rule, measures in needs.items():
        try:
            look.learn(measured(look.table, measures))
        except Invalid as error:
            failed[rule] = _no_answer(rule, Verdict.ERROR, str(error))


def _empty(rule: Rule, look: Look, found: Check | None) -> Check | None:
    """Return `insufficient` for a table without rows, unless the column is lacking too.

    (A CSV of only a heading has text in every column: no rule is to blame for that.)
    """
    lacking = found is not None and found.verdict is Verdict.MISSING
    if look.rows or lacking or isinstance(rule, RowCount | RowChange):
        return found
    sentence = f"{look.table.name} has no rows: nothing was checked."
    return _no_answer(rule, Verdict.INSUFFICIENT, sentence)


def _judged(rule: Rule, look: Look) -> Check:
    try:
        made: Check = _JUDGES[type(rule)](rule, look)
        return with_examples(made, rule, look)
    except Invalid as error:
        return _no_answer(rule, Verdict.ERROR, str(error))


_JUDGES: Mapping[type, Callable[[Any, Look], Check]] = {
    Typed: judging.judged_typed,
    Nulls: judging.judged_nulls,
    Range: judging.judged_range,
    OneOf: judging.judged_one_of,
    Pattern: judging.judged_pattern,
    Unique: judging.judged_unique,
    Fresh: judging.judged_fresh,
    Outliers: judging.judged_outliers,
    Where: judging.judged_where,
    RowCount: judging_tables.judged_rows,
    RowChange: judging_tables.judged_change,
    Columns: judging_tables.judged_columns,
    Monotone: judging_tables.judged_monotone,
    Refers: judging_tables.judged_refers,
    Coverage: judging_tables.judged_coverage,
}
