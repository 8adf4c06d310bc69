"""Rule files in, rules out; every problem of a file in one Invalid, and nothing half read.

Nothing is guessed: `no` in a set is the text "no", `1:30` is no number, and a rule whose value is
of the wrong type is a sentence with its line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from headway.analysis.documents.text import Form, Table, compose, decoded
from headway.analysis.quality.rule_fields import Fields
from headway.analysis.quality.rules import (
    About,
    Columns,
    Coverage,
    Direction,
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
    Severity,
    Type,
    Typed,
    Unique,
    Where,
)
from headway.errors import Invalid, Problem

RULE_FILE = Form("rule file", "`rows`, `schema`, `columns` or `checks`", "split the rules")
TOP = ("rows", "schema", "columns", "checks", "expect")
ROWS = ("min", "max", "change", "severity")
SCHEMA = ("columns", "order", "extra", "severity")
#: The rules that a column may have, each a check of its own (`min` and `max` are one: `range`).
COLUMN_RULES = (
    *("type", "nulls", "min", "max", "in", "matches", "unique", "fresh", "outliers"),
    *("fence", "monotone", "by", "refers"),
)
COLUMN = (*COLUMN_RULES, "allow", "severity")
CHECK = (*COLUMN, "name", "column", "where", "coverage")
COVERAGE = ("of", "target", "within", "min")


def read_rules(source: str | Path | bytes | Mapping[str, object], name: str = "") -> Rules:
    """Return the rules of a YAML file: a path, or its bytes and the name to call it by.

    A mapping of the same keys does as well: `{"columns": {"id": {"unique": True}}}`.

    Raises Invalid with every problem of the file, each with its line.
    """
    if isinstance(source, Mapping):
        data, name = _as_yaml(source), name or "the rules"
    elif isinstance(source, bytes):
        data, name = source, name or "the rules"
    else:
        data, name = _contents(Path(source)), name or Path(source).name
    root = compose(decoded(data, name, RULE_FILE.noun), name, RULE_FILE)
    problems: list[Problem] = []
    fields = Fields(root, "", problems, TOP)
    rules = [*_rows(fields), *_schema(fields), *_columns(fields), *_checks(fields)]
    expected = tuple(scalar.text.strip() for scalar in fields.texts("expect"))
    _named_once(rules, problems)
    if not rules and not expected and not problems:
        sentence = f"{name} holds no rule: write at least one under {RULE_FILE.holds}."
        raise Invalid(sentence)
    if problems:
        raise Invalid(_summary(name, problems), problems)
    return Rules(name, tuple(rules), expected)


def _as_yaml(rules: Mapping[str, object]) -> bytes:
    """Return rules from code as the text that they would be in a file: JSON is YAML."""
    try:
        return json.dumps(rules, ensure_ascii=False, default=str, allow_nan=False).encode()
    except (ValueError, RecursionError, UnicodeEncodeError) as error:
        sentence = f"The rules can't be written as YAML: {error}. Use text, numbers and lists."
        raise Invalid(sentence) from error


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        sentence = f"The rule file {str(path)!r} cannot be read: {reason}; check the path."
        raise Invalid(sentence) from error


def _summary(name: str, problems: list[Problem]) -> str:
    first = problems[0]
    if len(problems) == 1:
        return f"{name}, {first.where}: {first.sentence}"
    return f"{name} has {len(problems)} problems; nothing was checked."


def _named_once(rules: list[Rule], problems: list[Problem]) -> None:
    seen: dict[str, int] = {}
    for rule in rules:
        name, line = rule.about.name, rule.about.line
        if name in seen:
            sentence = (
                f"Two checks are called {name!r} (the other on line {seen[name]}); give one of "
                "them another `name`."
            )
            problems.append(Problem(f"line {line}", sentence))
        seen[name] = line


def _rows(root: Fields) -> Iterator[Rule]:
    rows = root.table_of("rows", ROWS, "rows")
    if rows is None:
        return
    severity, line = rows.severity(), rows.table.line
    least, most = rows.count("min"), rows.count("max")
    if least is not None and most is not None and least > most:
        rows.note(f"`min` is {least} and `max` {most}; no table has both.", line)
    if least is not None or most is not None:
        yield RowCount(About("rows", None, severity, line), least, most)
    for level, share in rows.levels("change", severity, rows.positive):
        yield RowChange(About(_name("rows: change", level, severity), None, level, line), share)


def _schema(root: Fields) -> Iterator[Rule]:
    schema = root.table_of("schema", SCHEMA, "schema")
    if schema is None:
        return
    names = tuple(scalar.text.strip() for scalar in schema.texts("columns"))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        schema.note(f"`columns` names {twice[0]!r} twice; keep one.", schema.table.line)
    if not names:
        schema.note("`columns` is missing: list the columns.", schema.table.line)
    about = About("schema", None, schema.severity(), schema.table.line)
    yield Columns(about, names, schema.flag("order", False), schema.flag("extra", True))


def _columns(root: Fields) -> Iterator[Rule]:
    columns = root.table_of("columns", (), "columns")
    if columns is None:
        return
    for name in columns.nodes:
        fields = columns.table_of(name, COLUMN, f"column {name!r}")
        if fields is not None:
            severity = fields.severity()
            found = tuple(_of_column(fields, name, severity, f"{name}: "))
            if not found and not fields.nodes:
                fields.note("It has no rule: write one, or remove it.", fields.table.line)
            yield from found


def _checks(root: Fields) -> Iterator[Rule]:
    for number, node in enumerate(root.entries("checks"), 1):
        if not isinstance(node, Table):
            root.note(f"Check {number} is {node}; write a mapping with a `name`.", node.line)
            continue
        fields = Fields(node, f"check {number}", root.problems, CHECK)
        name = fields.text("name")
        if name is None:
            fields.note("It has no `name`: name it for what it asks.", node.line)
            name = f"check {number}"
        found = list(_of_check(fields, name))
        if not found:
            what = "It asks nothing: write `where`, `coverage`, or a rule of a `column`."
            fields.note(what, node.line)
        yield from found


def _of_check(fields: Fields, name: str) -> Iterator[Rule]:
    """Yield the rules of one check: several rules of a column are told apart by their kind."""
    severity, column = fields.severity(), fields.text("column")
    about = About(name, column, severity, fields.table.line)
    where = fields.condition("where")
    if where is not None:
        yield Where(about, *where, fields.share("allow") or 0.0)
    yield from _coverage(fields, about)
    if column is None:
        yield from _of_several(fields, about)
        return
    found = list(_of_column(fields, column, severity, f"{name}: "))
    if len(found) == 1 and where is None:
        found = [replace(found[0], about=replace(found[0].about, name=name))]
    yield from found


def _of_several(fields: Fields, about: About) -> Iterator[Rule]:
    """Yield uniqueness of columns together; other rules of a column need the column named."""
    names = tuple(scalar.text.strip() for scalar in fields.texts("unique"))
    if names:
        yield Unique(replace(about, column=", ".join(names)), names)
    alone = [key for key in COLUMN_RULES if key != "unique" and fields.node(key) is not None]
    if alone:
        fields.note(f"`{alone[0]}` is a rule of a column: add `column`.", fields.table.line)


def _name(name: str, level: Severity, severity: Severity) -> str:
    return name if level is severity else f"{name} ({level.value})"


def _of_column(fields: Fields, column: str, severity: Severity, prefix: str) -> Iterator[Rule]:
    """Yield each rule that is written of a column."""
    for key, make in _MAKERS.items():
        yield from make(fields, About(f"{prefix}{key}", column, severity, fields.line(key)))


def _typed(fields: Fields, about: About) -> Iterator[Rule]:
    if fields.node("type") is not None:
        yield Typed(about, fields.word("type", Type, Type.TEXT))


def _nulls(fields: Fields, about: About) -> Iterator[Rule]:
    for level, share in fields.levels("nulls", about.severity, fields.as_share):
        yield Nulls(_leveled(about, level), share)


def _leveled(about: About, level: Severity) -> About:
    return replace(about, name=_name(about.name, level, about.severity), severity=level)


def _range(fields: Fields, about: About) -> Iterator[Rule]:
    low, high = fields.bound("min"), fields.bound("max")
    if low is None and high is None:
        return
    line = fields.line("min") or fields.line("max")
    try:
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            fields.note(f"`min` is {low} and `max` {high}; nothing is between them.", line)
    except TypeError:
        fields.note(f"`min` is {low} and `max` {high}; write both as the same type.", line)
    yield Range(replace(about, line=line), low, high, fields.share("allow") or 0.0)


def _one_of(fields: Fields, about: About) -> Iterator[Rule]:
    values = tuple(dict.fromkeys(scalar.text for scalar in fields.scalars("in")))
    if values:
        yield OneOf(about, values, fields.share("allow") or 0.0)


def _pattern(fields: Fields, about: About) -> Iterator[Rule]:
    found = fields.pattern("matches")
    if found is not None:
        yield Pattern(about, *found, fields.share("allow") or 0.0)


def _unique(fields: Fields, about: About) -> Iterator[Rule]:
    if fields.node("unique") is not None and fields.flag("unique", False):
        yield Unique(about, (about.column or "",))


def _fresh(fields: Fields, about: About) -> Iterator[Rule]:
    for level, within in fields.levels("fresh", about.severity, fields.as_span):
        yield Fresh(_leveled(about, level), within)


def _outliers(fields: Fields, about: About) -> Iterator[Rule]:
    fence = fields.number("fence")
    if fence is not None and fence <= 0:
        fields.note(f"`fence` is {fence:g}; it has to be above 0, like 3.", about.line)
    for level, share in fields.levels("outliers", about.severity, fields.as_share):
        yield Outliers(_leveled(about, level), share, 3.0 if fence is None else fence)


def _monotone(fields: Fields, about: About) -> Iterator[Rule]:
    if fields.node("monotone") is not None:
        direction = fields.word("monotone", Direction, Direction.INCREASING)
        yield Monotone(about, direction, fields.text("by"))
    elif fields.node("by") is not None:
        fields.note("`by` is the order of `monotone`; write that too.", fields.line("by"))


def _refers(fields: Fields, about: About) -> Iterator[Rule]:
    other = fields.table_of("refers", ("file", "column"), fields.where)
    if other is None:
        return
    file, column = other.text("file"), other.text("column")
    if file is None:
        other.note("`file` is missing: name the file that holds the values.", other.table.line)
    else:
        yield Refers(about, file, column or about.column or "", fields.share("allow") or 0.0)


def _coverage(fields: Fields, about: About) -> Iterator[Rule]:
    coverage = fields.table_of("coverage", COVERAGE, fields.where)
    if coverage is None:
        return
    of = tuple(scalar.text.strip() for scalar in coverage.texts("of"))
    target = coverage.target(of)
    within, least = coverage.tolerance("within", 0.2), coverage.count("min")
    if not of:
        coverage.note("`of` is missing: name the columns of the segments.", coverage.table.line)
    elif target is not None:
        about = replace(about, column=", ".join(of))
        yield Coverage(about, of, target, within, least or 1)


_MAKERS: Mapping[str, Callable[[Fields, About], Iterator[Rule]]] = {
    "type": _typed,
    "nulls": _nulls,
    "range": _range,
    "in": _one_of,
    "matches": _pattern,
    "unique": _unique,
    "fresh": _fresh,
    "outliers": _outliers,
    "monotone": _monotone,
    "refers": _refers,
}
