"""A few rows that break a rule, and the question that finds them all: for broken rules only."""

from __future__ import annotations

from dataclasses import replace

from headway.analysis.quality.answer import Check
from headway.analysis.quality.look import Look
from headway.analysis.quality.rules import Nulls, Outliers, Rule, Unique
from headway.analysis.quality.wanting import between, columns_named, condition_of, fences_of
from headway.analysis.summaries.conditions import Condition, IsNull, Named, Not
from headway.analysis.summaries.examples import query_of_rows, rows_that
from headway.analysis.summaries.groups import keys_that_repeat
from headway.analysis.verdicts import Verdict
from headway.errors import Invalid

#: Characters of a query that are kept.
LONGEST_QUERY = 2000


def with_examples(check: Check, rule: Rule, look: Look) -> Check:
    """Return a broken check with rows that break it, unless it has some; any other as it is."""
    if check.verdict is not Verdict.UNMET:
        return check
    if isinstance(rule, Unique):
        keys = keys_that_repeat(look.table, rule.columns, look.examples) if look.examples else []
        return replace(check, examples=tuple(keys))
    broken = broken_condition(rule, look)
    if broken is None:
        return check
    made = replace(check, query=_query(rule, look, broken))
    if made.examples or not look.examples:
        return made
    found = rows_that(look.table, broken, _columns(rule, look), look.examples)
    return replace(made, examples=tuple(found))


def _query(rule: Rule, look: Look, broken: Condition) -> str | None:
    try:
        query = query_of_rows(look.table, broken, _columns(rule, look))
    except (AttributeError, Invalid):
        return None
    return query if len(query) <= LONGEST_QUERY else None


def broken_condition(rule: Rule, look: Look) -> Condition | None:
    """Return what is true of the rows that break a rule; None where no row does so by itself."""
    if isinstance(rule, Nulls):
        return IsNull(Named(rule.about.column or ""))
    if isinstance(rule, Outliers):
        fences = fences_of(rule, look)
        held = between(rule.about.column or "", *fences) if fences else None
    else:
        held = condition_of(rule, look)
    return None if held is None else Not(held)


def _columns(rule: Rule, look: Look) -> list[str]:
    """Return the columns to show of a row: the table's first, to find it by, and the rule's."""
    first = next(iter(look.table.columns))
    return list(dict.fromkeys([first, *columns_named(rule)]))[:8]
