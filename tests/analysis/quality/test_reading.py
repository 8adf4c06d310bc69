"""A rule file is read as it was written; each fault is a sentence with its line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from headway.analysis.quality import Rules, read_rules
from headway.analysis.quality import rules as are
from headway.errors import Invalid


def read(text: str) -> Rules:
    return read_rules(text.encode(), "rules.yaml")


def told(text: str) -> str:
    with pytest.raises(Invalid) as raised:
        read(text)
    return " ".join([str(raised.value), *(one.sentence for one in raised.value.problems)])


def only(text: str) -> are.Rule:
    (rule,) = read(text).rules
    return rule


def of(rules: str) -> are.Rule:
    return only(f"columns: {{c: {{{rules}}}}}")


CONTRACT = """
rows: {min: 1, change: 0.3}            # change: share against the baseline
columns:
  id: {type: integer, unique: true, nulls: 0}
  age: {min: 0, max: 120, nulls: 0.02}
  country: {in: [DE, FR, PL]}
  email: {matches: '^[^@]+@[^@]+$'}
  updated_at: {fresh: 24h}
checks:
  - {name: ends after start, where: "finish >= start", severity: warning}
"""


def test_the_example_of_the_contract_is_read() -> None:
    found = read(CONTRACT).rules
    assert [rule.about.name for rule in found] == [
        *("rows", "rows: change", "id: type", "id: nulls", "id: unique", "age: nulls"),
        *("age: range", "country: in", "email: matches", "updated_at: fresh", "ends after start"),
    ]
    assert found[-1].about.severity is are.Severity.WARNING
    assert found[2].about.line == 4


def test_rules_from_code_are_those_of_a_file() -> None:
    made = {
        "rows": {"min": 1},
        "columns": {
            "größe 😀": {"min": Decimal("0.10"), "max": date(2026, 1, 1), "nulls": 0},
            "id": {"unique": True, "type": "integer", "in": ["no", 5], "fresh": "24h"},
        },
    }
    with pytest.raises(Invalid, match="write both as the same type"):
        read_rules(made)
    made["columns"]["größe 😀"].pop("max")  # type: ignore[index, attr-defined]
    found = read_rules(made).rules
    assert [one.about.name for one in found] == [
        *("rows", "größe 😀: nulls", "größe 😀: range"),
        *("id: type", "id: in", "id: unique", "id: fresh"),
    ]
    with pytest.raises(Invalid, match="can't be written"):
        read_rules({"rows": {"min": float("nan")}})


def test_words_that_yaml_turns_into_something_else_stay_what_was_written() -> None:
    found = of("in: [NO, on, 1:30, 0x10, 1_000, 'null', y]")
    assert isinstance(found, are.OneOf)
    assert found.values == ("NO", "on", "1:30", "0x10", "1_000", "null", "y")


def test_bounds_are_held_exactly() -> None:
    found = of("min: 9007199254740993, max: 12345678901234567890.5")
    assert isinstance(found, are.Range)
    assert (found.low, found.high) == (9007199254740993, Decimal("12345678901234567890.5"))
    found = of("min: 2026-01-31, max: 2026-02-01")
    assert isinstance(found, are.Range)
    assert found.low == date(2026, 1, 31)
    found = of("min: 2026-01-31T08:00+01:00")
    assert isinstance(found, are.Range)
    assert isinstance(found.low, datetime)


@pytest.mark.parametrize(("span", "hours"), [("90m", 1.5), ("24h", 24), ("7d", 168), ("0.5w", 84)])
def test_a_span_has_a_unit(span: str, hours: float) -> None:
    found = of(f"fresh: {span}")
    assert isinstance(found, are.Fresh)
    assert found.within == timedelta(hours=hours)


def test_one_rule_may_warn_before_it_fails() -> None:
    found = read("columns: {c: {nulls: {warning: 0.01, error: 0.05}}}").rules
    assert [(one.about.name, one.about.severity.value) for one in found] == [
        ("c: nulls", "error"),
        ("c: nulls (warning)", "warning"),
    ]


def test_a_check_of_its_own_may_be_a_columns_rule_under_its_own_name() -> None:
    found = only("checks: [{name: adults, column: age, min: 18, severity: warning, allow: 0.1}]")
    assert isinstance(found, are.Range)
    assert (found.about.name, found.about.column, found.allow) == ("adults", "age", 0.1)


def test_segments_columns_together_other_files_and_order_are_read() -> None:
    found = read(
        """
schema: {columns: [a, b], order: true, extra: false}
columns:
  a: {refers: {file: b.csv, column: id}, outliers: 0.01, fence: 1.5, monotone: increasing, by: b}
checks:
  - {name: key, unique: [a, b]}
  - {name: people, coverage: {of: [b], target: {x: 0.4, y: 0.6}, within: 0.1, min: 50}}
  - {name: pairs, coverage: {of: [a, b], target: people.csv}}
expect: [key, people]
"""
    )
    kinds = [type(one) for one in found.rules]
    assert kinds == [
        *(are.Columns, are.Outliers, are.Monotone, are.Refers, are.Unique),
        *(are.Coverage, are.Coverage),
    ]
    assert found.rules[5].target == (("x", 0.4), ("y", 0.6))
    assert found.expected == ("key", "people")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("columns: {c: {nulls: no}}", "share from 0 to 1"),
        ("columns: {c: {nulls: 5%}}", "like 0.02 for 2 %"),
        ("columns: {c: {nulls: 1.5}}", "share from 0 to 1"),
        ("columns: {c: {nulls: .nan}}", "share from 0 to 1"),
        ("columns: {c: {unique: yes}}", "write true or false"),
        ("columns: {c: {unique: 'true'}}", "write true or false"),
        ("columns: {c: {fresh: 1:30}}", "90m, 24h, 7d or 2w"),
        ("columns: {c: {fresh: 0h}}", "90m, 24h, 7d or 2w"),
        ("columns: {c: {min: 1:30}}", "has to be a number, a date"),
        ("columns: {c: {min: inf}}", "has to be a number, a date"),
        ("columns: {c: {min: 5, max: 1}}", "nothing is between them"),
        ("columns: {c: {min: 5, max: 2026-01-01}}", "write both as the same type"),
        ("columns: {c: {min: 2026-02-30}}", "year-month-day"),
        ("columns: {c: {in: DE}}", "write a list of values"),
        ("columns: {c: {in: [DE, null]}}", "nulls are the matter of `nulls`"),
        ("columns: {c: {in: [[DE]]}}", "write single values"),
        ("columns: {c: {matches: '(?=x)'}}", "looks ahead"),
        ("columns: {c: {matchs: x}}", "did you mean 'matches'"),
        ("columns: {c: {type: int}}", "choose one of integer, number"),
        ("columns: {c: {by: d}}", "`by` is the order of `monotone`"),
        ("columns: {c: {outliers: 0.1, fence: 0}}", "above 0"),
        ("columns: {c: {refers: {column: x}}}", "`file` is missing"),
        ("columns: {c: {}}", "It has no rule"),
        ("columns: {c: 5}", "write a mapping"),
        ("rows: {min: 5, max: 1}", "no table has both"),
        ("rows: {min: -1}", "a whole number of rows"),
        ("rows: {change: -1}", "0 or more"),
        ("schema: {order: true}", "`columns` is missing"),
        ("schema: {columns: [a, a]}", "names 'a' twice"),
        ("checks: [{where: 'a = 1'}]", "It has no `name`"),
        ("checks: [{name: x}]", "It asks nothing"),
        ("checks: [{name: x, min: 1}]", "add `column`"),
        ("checks: [{name: x, where: 'a ='}]", "a column or a value is expected"),
        ("checks: [{name: x, where: 'a = 1', severity: fatal}]", "choose one of error, warning"),
        ("checks: [5]", "write a mapping with a `name`"),
        ("checks: [{name: x, coverage: {of: [a]}}]", "`target` is missing"),
        ("checks: [{name: x, coverage: {of: [a], target: {x: 0.2}}}]", "adds up to 0.2"),
        ("checks: [{name: x, coverage: {of: [a, b], target: {x: 1}}}]", "name a file"),
        ("checks: [{name: x, coverage: {of: [a], target: {x: 1}, within: 0}}]", "at least 0.01"),
        ("checks: [{name: x, unique: [a]}, {name: x, unique: [b]}]", "Two checks are called 'x'"),
        ("columns: {c: {nulls: 0}, c: {nulls: 1}}", "written twice"),
        ("columns: {c: &a {nulls: 0}, d: *a}", "refers to another place"),
        ("columns: {c: !!python/object x}", "has the tag"),
        ("[]", "is not a rule file"),
        ("{}", "holds no rule"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_fault_is_a_sentence_with_its_line(rules: str, said: str) -> None:
    assert said in told(rules)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    with pytest.raises(Invalid) as raised:
        read("columns:\n  a: {nulls: no}\n  b: {fresh: soon}\n")
    assert [one.where for one in raised.value.problems] == [
        "column 'a', line 2",
        "column 'b', line 3",
    ]


def test_a_rule_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"no\.yaml.*check the path"):
        read_rules(tmp_path / "no.yaml")
