"""Rules held against tables: each verdict with its count, and no evidence is never a pass."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from headway.analysis.quality import Answer, Baseline, Check, check, read_baseline, read_rules
from headway.analysis.summaries import (
    Engine,
    Table,
    embedded,
    from_arrow,
    from_ibis,
    open_table,
)
from headway.analysis.summaries.databases import open_postgres
from headway.errors import Invalid

NAN, INF = float("nan"), float("inf")
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
ROWS = {
    "id": [1, 2, 3, 3, 2**60 + 1],
    "age": [30, 130, None, 40, 18],
    "country": ["DE", "FR", "XX", "XX", None],
    "email": ["a@b", "ab", "a@b\n", None, "c@d"],
    "share": [0.5, NAN, INF, 0.25, None],
    "price": [Decimal("0.10"), Decimal("99999999999999999999.99"), None, Decimal(1), Decimal(2)],
    "start": [dt.date(2026, 1, day) for day in (1, 3, 2, 1, 1)],
    "finish": [dt.date(2026, 1, 2), dt.date(2026, 1, 2), None, *([dt.date(2026, 1, 2)] * 2)],
    "seen": [dt.datetime.fromisoformat(f"2026-11-23T{hour:02}:00") for hour in (8, 9, 10, 11, 11)],
    "gone": pa.nulls(5, pa.float64()),
    "tags": [["x"], [], None, [], []],
    "fit": [True, False, None, True, True],
}
#: (column, rule, verdict, rows that break it, values looked at)
JUDGED = [
    ("id", "type: integer", "met", None, None),
    ("id", "type: text", "unmet", None, None),
    ("price", "type: number", "met", None, None),
    ("seen", "type: time", "met", None, None),
    ("age", "nulls: 0.2", "met", 1, 5),
    ("age", "nulls: 0.19", "unmet", 1, 5),
    ("share", "nulls: 0.2", "unmet", 2, 5),
    ("gone", "nulls: 1", "met", 5, 5),
    ("age", "min: 18, max: 130", "met", 0, 4),
    ("age", "min: 0, max: 120", "unmet", 1, 4),
    ("age", "min: 0, max: 120, allow: 0.25", "met", 1, 4),
    ("age", "min: 18.5", "unmet", 1, 4),
    ("share", "min: 0", "unmet", 1, 3),
    ("share", "min: 0, max: 1", "unmet", 1, 3),
    ("gone", "min: 0", "insufficient", 0, 0),
    ("id", "max: 1152921504606846976", "unmet", 1, 5),
    ("id", "max: 1152921504606846977", "met", 0, 5),
    ("price", "max: 99999999999999999999.98", "unmet", 1, 4),
    ("price", "min: 0.1, max: 99999999999999999999.99", "met", 0, 4),
    ("seen", "min: 2026-11-23T09:30+01:00", "unmet", 1, 5),
    ("start", "max: 2026-01-02", "unmet", 1, 5),
    ("seen", "max: 2026-11-23", "unmet", 5, 5),
    ("country", "in: [DE, FR]", "unmet", 2, 4),
    ("country", "in: [DE, FR, XX]", "met", 0, 4),
    ("country", "in: [DE, FR], allow: 0.5", "met", 2, 4),
    ("age", "in: [18, 30, 40, 130]", "met", 0, 4),
    ("share", "in: [0.5, 0.25]", "unmet", 1, 3),
    ("fit", "in: [true]", "unmet", 1, 4),
    ("start", "in: [2026-01-01, 2026-01-02, 2026-01-03]", "met", 0, 5),
    ("price", "in: [0.1, 1, 2]", "unmet", 1, 4),
    ("email", "matches: '^[^@]+@[^@]+$'", "unmet", 1, 4),
    ("email", r"matches: '^\w+@\w$'", "unmet", 2, 4),
    ("email", "matches: '@'", "unmet", 1, 4),
    ("id", "unique: true", "unmet", 1, 5),
    ("age", "unique: true", "met", 0, 4),
    ("share", "unique: true", "met", 0, 3),
    ("gone", "unique: true", "insufficient", 0, 0),
    ("seen", "fresh: 1h", "met", None, None),
    ("seen", "fresh: 59m", "unmet", None, None),
    ("start", "fresh: 1w", "unmet", None, None),
    ("id", "outliers: 0.2", "met", 1, 5),
    ("id", "outliers: 0.1", "unmet", 1, 5),
    ("gone", "outliers: 0.1", "insufficient", 0, 0),
    ("seen", "monotone: increasing", "met", 0, 5),
    ("seen", "monotone: strictly increasing", "unmet", 1, 5),
    ("id", "monotone: decreasing", "unmet", 3, 5),
    ("id", "monotone: increasing, by: seen", "met", 0, 5),
    ("start", "monotone: increasing, by: id", "unmet", 2, 5),
    ("gone", "monotone: increasing", "insufficient", 0, 0),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with embedded(threads=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def arrow(engine: Engine) -> Table:
    return from_arrow(pa.table(ROWS), name="people", engine=engine)


@pytest.fixture(scope="module")
def parquet(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Table:
    path = tmp_path_factory.mktemp("quality") / "people.parquet"
    pyarrow.parquet.write_table(pa.table(ROWS), path, row_group_size=2)
    return open_table(path, engine=engine)


@pytest.fixture(params=["arrow", "parquet"])
def table(request: pytest.FixtureRequest) -> Table:
    found: Table = request.getfixturevalue(request.param)
    return found


def answer(table: Table, rules: str, **more: object) -> Answer:
    return check(table, read_rules(rules.encode()), at=AT, **more)  # type: ignore[arg-type]


def one(table: Table, rules: str, **more: object) -> Check:
    (found,) = answer(table, rules, **more).checks
    return found


def of(table: Table, column: str, rule: str) -> Check:
    return one(table, f"columns: {{{column}: {{{rule}}}}}")


def all_judged(table: Table) -> list[tuple[str, int | None, int | None]]:
    """Return what is found of every case, by one check of all rules at once."""
    checks = "\n".join(
        f"  - {{name: c{n}, column: {column}, {rule}}}"
        for n, (column, rule, *_) in enumerate(JUDGED)
    )
    found = answer(table, f"checks:\n{checks}").checks
    return [(one.verdict.value, one.rows_bad, one.checked) for one in found]


@pytest.mark.parametrize("made", ["arrow", "parquet"])
def test_a_rule_of_a_column_is_judged_alike_with_a_footer_and_without(
    made: str, request: pytest.FixtureRequest
) -> None:
    for case, found in zip(JUDGED, all_judged(request.getfixturevalue(made)), strict=True):
        assert (*found[:2], found[2] or 0) == (*case[2:4], case[4] or 0), case


@pytest.mark.skipif("postgres" not in os.environ.get("DATABASE_URL", ""), reason="no PostgreSQL")
def test_postgresql_judges_alike() -> None:
    """On a database of its own beside the suite's; order without `by` is DuckDB's alone."""
    import psycopg

    url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    with psycopg.connect(url, autocommit=True) as made:
        made.execute("DROP TABLE IF EXISTS quality_people")
        types = ("bigint", "int", "text", "text", "float8", "numeric(22,2)", "date", "date")
        kinds = [*types, "timestamp", "float8", "text[]", "boolean"]
        listed = ", ".join(f"{name} {kind}" for name, kind in zip(ROWS, kinds, strict=True))
        made.execute(f"CREATE TABLE quality_people ({listed})")  # type: ignore[arg-type]
        marks = ", ".join(["%s"] * len(ROWS))
        for row in pa.table(ROWS).to_pylist():
            made.execute(f"INSERT INTO quality_people VALUES ({marks})", list(row.values()))  # type: ignore[arg-type]
        try:
            with open_postgres(url, "quality_people").engine as engine:
                people = from_ibis(
                    engine.connection.table("quality_people"), name="people", engine=engine
                )
                found = all_judged(people)
                # A question that fails on the way must not spoil those after it.
                rules = "checks: [{name: a, where: 'id * 99 * id > 0'}, {name: b, where: 'id > 0'}]"
                after = [one.verdict.value for one in answer(people, rules).checks]
        finally:
            made.execute("DROP TABLE quality_people")
    assert after == ["error", "met"]
    for case, one in zip(JUDGED, found, strict=True):
        unordered = "monotone" in case[1] and "by" not in case[1]
        assert one[:2] == (("error", None) if unordered else case[2:4]), case


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("email: {min: 3}", "email is text (string), which can't be compared with 3"),
        ("age: {min: 2026-01-01}", "age is integer"),
        ("start: {min: 2026-01-01T08:00}", "start is date"),
        ("age: {in: [DE]}", "'DE' can't be among its values"),
        ("tags: {in: [x]}", "can't be among its values"),
        ("age: {matches: x}", "matches wants a text"),
        ("age: {fresh: 24h}", "which has no age"),
        ("email: {outliers: 0.1}", "email is text"),
        ("age: {refers: {file: other.csv}}", "here rules may name no other file"),
    ],
)
def test_a_rule_that_does_not_fit_its_column_is_an_error_and_never_met(
    arrow: Table, rule: str, said: str
) -> None:
    found = one(arrow, f"columns: {{{rule}}}")
    assert found.verdict.value == "error"
    assert said in found.sentence
    assert found.is_bad


#: (condition, verdict, rows that break it, rows that were looked at)
CONDITIONS = [
    ("finish >= start", "unmet", 1, 4),
    ("share <= 1", "unmet", 1, 3),
    ("share >= 0", "met", 0, 3),
    ("age / (id - 1) >= 0", "met", 0, 3),
    ("share / 0 > 1", "insufficient", 0, 0),
    ("not (age > 100)", "unmet", 1, 4),
    ("share is null or share > 0", "met", 0, 5),
    ("country in ('DE', 'FR') or age is null or id > 2", "met", 0, 5),
    ("price <= 99999999999999999999.99", "met", 0, 4),
    ("id != 1152921504606846976", "met", 0, 5),
    ("lower(country) = 'de' or length(country) = 2", "met", 0, 4),
    ("seen < timestamp '2026-11-23T11:00'", "unmet", 2, 5),
    ("start < date '2026-01-03'", "unmet", 1, 5),
    ("abs(0 - age) % 2 = 0", "met", 0, 4),
    ("country > 3", "error", None, 0),
    ("start > '2026-01-01'", "error", None, 0),
    ("age + country > 3", "error", None, 0),
    ("nothing > 3", "missing", None, 0),
]


def test_a_condition_over_nothing_is_not_checked_and_counted(arrow: Table) -> None:
    checks = "\n".join(
        f'  - {{name: c{n}, where: "{case[0]}"}}' for n, case in enumerate(CONDITIONS)
    )
    for case, found in zip(CONDITIONS, answer(arrow, f"checks:\n{checks}").checks, strict=True):
        judged = (found.verdict.value, found.rows_bad, found.checked or 0)
        assert judged == case[1:], found.sentence
        assert found.verdict not in ("met", "unmet") or found.nulls == 5 - judged[2]


def test_nan_null_and_infinity_are_counted_apart(table: Table) -> None:
    found = of(table, "share", "min: 0")
    assert (found.nulls, found.nans, found.rows_bad) == (1, 1, 1)
    assert found.value == (0.25, INF)
    assert found.sentence == (
        "share: 1 of 3 values (33.3 %) are not at least 0. Least 0.25, most inf. 1 null and 1 NaN "
        "not checked."
    )


def test_what_the_footer_tells_is_not_scanned(parquet: Table, arrow: Table) -> None:
    rules = "columns: {age: {nulls: 0.5, min: 0, max: 200}, seen: {fresh: 24h}}"
    assert {one.source for one in answer(parquet, rules).checks} == {"footer"}
    assert {one.source for one in answer(arrow, rules).checks} == {"aggregate"}


def test_a_broken_rule_shows_rows_and_the_question_that_finds_all(table: Table) -> None:
    found = of(table, "age", "max: 120")
    assert found.examples == ({"id": 2, "age": 130},)
    assert found.query is not None
    assert "120" in found.query
    assert of(table, "age", "max: 200").examples == ()
    assert one(table, "columns: {age: {max: 120}}", examples=0).examples == ()


def test_sets_keys_and_order_show_the_values_that_break_them(arrow: Table) -> None:
    assert of(arrow, "country", "in: [DE]").examples == (
        {"country": "XX", "rows": 2},
        {"country": "FR", "rows": 1},
    )
    assert of(arrow, "id", "unique: true").examples == ({"id": 3, "rows": 2},)
    found = of(arrow, "start", "monotone: increasing")
    assert found.examples[0] == {"before": dt.date(2026, 1, 3), "start": dt.date(2026, 1, 2)}


def test_a_long_value_is_shortened_and_a_large_integer_kept(engine: Engine) -> None:
    rows = pa.table({"id": [2**60 + 1], "text": ["x" * 500]})
    found = of(from_arrow(rows, engine=engine), "text", "matches: '^y'").as_json()
    (shown,) = found["examples"]  # type: ignore[misc]
    assert shown["id"] == str(2**60 + 1)
    assert shown["text"] == "x" * 59 + "…"


def test_columns_together_are_unique_where_every_part_is_there(arrow: Table) -> None:
    found = one(arrow, "checks: [{name: key, unique: [id, start]}]")
    assert (found.verdict.value, found.rows_bad, found.checked) == ("met", 0, 5)
    found = one(arrow, "checks: [{name: key, unique: [country, start]}]")
    assert found.verdict.value == "met"
    found = one(arrow, "checks: [{name: key, unique: [fit, finish]}]")
    assert (found.rows_bad, found.checked) == (2, 4)
    assert found.examples[0]["rows"] == 3


def test_the_schema_names_what_is_lacking_extra_and_out_of_order(arrow: Table) -> None:
    names = ", ".join(ROWS)
    assert one(arrow, f"schema: {{columns: [{names}], order: true, extra: false}}").verdict == "met"
    assert one(arrow, "schema: {columns: [age, id]}").verdict == "met"
    found = one(arrow, "schema: {columns: [age, id], order: true}")
    assert "out of order from 'id' on" in found.sentence
    found = one(arrow, "schema: {columns: [id, nope]}")
    assert (found.verdict.value, found.sentence) == ("missing", "people: lacking: nope.")
    assert one(arrow, "schema: {columns: [id], extra: false}").verdict == "unmet"


@pytest.mark.parametrize(
    ("before", "verdict"), [(5, "met"), (4, "met"), (3, "unmet"), (8, "unmet"), (0, "insufficient")]
)
def test_a_change_of_rows_is_a_share_of_the_baseline(
    arrow: Table, before: int, verdict: str
) -> None:
    found = one(arrow, "rows: {change: 0.3}", baseline=Baseline("old", before))
    assert found.verdict.value == verdict


def test_without_a_baseline_a_change_is_missing(arrow: Table) -> None:
    assert one(arrow, "rows: {change: 0.3}").verdict == "missing"


def test_a_baseline_is_an_earlier_answer_or_an_earlier_table(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"rows": 7}')
    (tmp_path / "a.csv").write_text("a\n1\n2\n")
    (tmp_path / "b.json").write_text("[]")
    assert read_baseline(tmp_path / "a.json") == Baseline("a.json", 7)
    assert read_baseline(tmp_path / "a.csv") == Baseline("a.csv", 2)
    for text in ("[]", '{"rows": true}', "{", '{"rows": -1}'):
        (tmp_path / "b.json").write_text(text)
        with pytest.raises(Invalid, match=r"b\.json"):
            read_baseline(tmp_path / "b.json")


def test_values_have_to_stand_in_another_table(arrow: Table, engine: Engine) -> None:
    other = from_arrow(pa.table({"code": ["DE", "FR", None]}), engine=engine)
    rules = "columns: {country: {refers: {file: codes.csv, column: code}}}"
    found = one(arrow, rules, beside=lambda name: other)
    assert (found.verdict.value, found.rows_bad, found.checked) == ("unmet", 2, 4)
    assert found.examples == ({"country": "XX", "rows": 2},)
    rules = "columns: {age: {refers: {file: codes.csv, column: code}}}"
    assert one(arrow, rules, beside=lambda name: other).verdict == "error"
    rules = "columns: {age: {refers: {file: codes.csv, column: nope}}}"
    assert "no column 'nope'" in one(arrow, rules, beside=lambda name: other).sentence


def test_without_examples_the_verdicts_are_the_same(arrow: Table, engine: Engine) -> None:
    other = from_arrow(pa.table({"code": ["DE", "FR", None]}), engine=engine)
    rules = """
columns:
  id: {unique: true, monotone: decreasing}
  country: {in: [DE], refers: {file: codes.csv, column: code}}
  seen: {monotone: strictly increasing, by: id}
"""
    shown, hidden = (
        answer(arrow, rules, beside=lambda name: other, examples=number).checks for number in (5, 0)
    )
    assert [one.rows_bad for one in hidden] == [one.rows_bad for one in shown] == [1, 3, 3, 2, 1]
    assert {one.verdict.value for one in hidden} == {"unmet"}
    assert all(one.examples == () for one in hidden)


def test_no_rows_is_no_evidence_for_any_rule_but_their_number(engine: Engine) -> None:
    empty = from_arrow(pa.table(ROWS).slice(0, 0), engine=engine)
    found = answer(
        empty,
        """
rows: {min: 0}
schema: {columns: [id]}
columns: {id: {type: integer, unique: true, nulls: 1, min: 0}, country: {in: [DE]}}
checks: [{name: x, where: "id > 0"}, {name: y, coverage: {of: [country], target: {DE: 1}}}]
""",
    )
    assert [one.verdict.value for one in found.checks] == ["met", *["insufficient"] * 8]
    assert not found.passed


def test_a_heading_without_rows_is_insufficient_whatever_the_rules(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,age\n")
    found = answer(open_table(tmp_path / "a.csv"), "columns: {id: {min: 0}, nope: {min: 0}}")
    assert [one.verdict.value for one in found.checks] == ["insufficient", "missing"]


def test_numbers_of_many_digits_keep_their_value_or_say_that_they_do_not(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "id,x\n12345678901234567890,0.1234567890123456789\n"
        "12345678901234567891,0.1234567890123456788\n"
    )
    rules = "columns: {id: {type: integer, unique: true}, x: {unique: true}}"
    found = answer(open_table(tmp_path / "a.csv"), rules).checks
    assert [one.verdict.value for one in found] == ["met", "met", "unmet"]
    assert "differs beyond the 15th digit" in found[2].sentence


def test_a_bound_beside_narrow_floats_is_as_they_hold_it(engine: Engine, tmp_path: Path) -> None:
    rows = pa.table({"x": pa.array([0.1, 0.7], pa.float32())})
    pyarrow.parquet.write_table(rows, tmp_path / "x.parquet")
    for table in (
        from_arrow(rows, engine=engine),
        open_table(tmp_path / "x.parquet", engine=engine),
    ):
        rules = "columns: {x: {min: 0.1, max: 0.7, in: [0.1, 0.7]}}"
        assert answer(table, f"{rules}\nchecks: [{{name: w, where: 'x <= 0.7'}}]").passed
        assert not answer(table, "columns: {x: {max: 0.69}}").passed


def test_what_pandas_writes_is_checked_moments_in_nanoseconds_and_uuids(
    engine: Engine, tmp_path: Path
) -> None:
    moments = pa.array([1_763_892_000_123_456_789, None], pa.timestamp("ns", "Europe/Berlin"))
    key = "0f8fad5b-d9cb-469f-a165-70867728950e"
    made = engine.connection.con
    pyarrow.parquet.write_table(pa.table({"seen": moments}), tmp_path / "a.parquet")
    made.execute(f"COPY (SELECT '{key}'::UUID AS id) TO '{tmp_path}/b.parquet'")
    found = answer(
        open_table(tmp_path / "a.parquet", engine=engine),
        "columns: {seen: {type: time, fresh: 1w, min: 2025-11-23T10:00, max: 2025-11-23T10:00}}",
    ).checks
    assert [one.verdict.value for one in found] == ["met", "unmet", "unmet"]
    rules = f"columns: {{id: {{type: text, matches: '^[0-9a-f-]+$', in: [{key}], unique: true}}}}"
    assert answer(open_table(tmp_path / "b.parquet", engine=engine), rules).passed


def test_whole_numbers_beyond_64_bits_are_compared_exactly(engine: Engine) -> None:
    rows = from_arrow(pa.table({"n": pa.array([2**64 - 1, 1], pa.uint64())}), engine=engine)
    assert of(rows, "n", f"max: {2**64 - 2}").rows_bad == 1
    assert of(rows, "n", f"max: {2**64 - 1}").rows_bad == 0
    assert one(rows, f"checks: [{{name: x, where: 'n < {2**70}'}}]").verdict == "met"


def test_a_lacking_column_is_missing_with_what_is_close(arrow: Table) -> None:
    found = one(arrow, "columns: {agee: {min: 0, }}")
    assert found.verdict.value == "missing"
    assert found.sentence == "people has no column 'agee'. Did you mean 'age'?"


def test_an_expected_check_that_no_rule_makes_is_missing(arrow: Table) -> None:
    found = answer(arrow, "columns: {id: {nulls: 0}}\nexpect: ['id: nulls', 'id: unique']")
    assert [(one.name, one.verdict.value) for one in found.checks] == [
        ("id: nulls", "met"),
        ("id: unique", "missing"),
    ]
    assert not found.passed


def test_a_broken_warning_is_told_and_does_not_fail_but_no_evidence_always_does(
    arrow: Table,
) -> None:
    found = answer(arrow, "columns: {age: {max: 120, severity: warning}}")
    assert found.passed
    assert len(found.warnings) == 1
    assert found.headline == "good: of 1 check 1 warning; 5 rows"
    assert not answer(arrow, "columns: {nope: {max: 120, severity: warning}}").passed


def test_a_value_ahead_of_the_moment_is_told_and_not_fresh(arrow: Table) -> None:
    rules = read_rules(b"columns: {seen: {fresh: 24h}}")
    (found,) = check(arrow, rules, at=dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)).checks
    assert found.verdict.value == "unmet"
    assert "30 min ahead" in found.sentence


def test_quartiles_without_width_say_nothing_of_outliers(engine: Engine) -> None:
    rows = from_arrow(pa.table({"x": [1.0] * 9 + [50.0]}), engine=engine)
    assert of(rows, "x", "outliers: 0.5").verdict == "insufficient"


def test_an_unreadable_column_breaks_its_own_rules_alone(tmp_path: Path) -> None:
    lines = [f"{n},{n}" for n in range(120_000)]
    lines[-1] = "119999,oops"
    (tmp_path / "a.csv").write_text("\n".join(["id,amount", *lines]))
    found = answer(
        open_table(tmp_path / "a.csv"), "columns: {id: {nulls: 0}, amount: {min: 0, nulls: 0}}"
    )
    assert [one.verdict.value for one in found.checks] == ["met", "error", "error"]
    assert "'amount'" in found.checks[1].sentence
    assert "a.csv" in found.checks[1].sentence


def test_a_table_of_thousands_of_columns_is_checked(engine: Engine, tmp_path: Path) -> None:
    pyarrow.parquet.write_table(
        pa.table({f"c{n}": [0.5, None] for n in range(2_000)}), tmp_path / "wide.parquet"
    )
    wide = open_table(tmp_path / "wide.parquet", engine=engine)
    found = answer(wide, "columns: {c7: {nulls: 0.5, min: 0}, c1999: {max: 0}, d: {nulls: 0}}")
    assert [one.verdict.value for one in found.checks] == ["met", "met", "unmet", "missing"]
