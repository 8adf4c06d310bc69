"""A table is opened by what it is; what can't be read is a sentence with its name and a way out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from headway.analysis.summaries import Kind, Limits, embedded, from_arrow, open_table
from headway.errors import Invalid

pa = pytest.importorskip("pyarrow")

ROWS = {
    "id": [1, 2**60 + 1],
    "price": [Decimal("1.10"), None],
    "share": [0.5, float("nan")],
    "is_new": [True, False],
    "name": ["a", None],
    "seen": [dt.datetime(2026, 1, 5, tzinfo=dt.UTC), None],
    "day": [dt.date(2026, 1, 5), None],
    "tags": [["x"], []],
}
KINDS = [
    Kind.INTEGER,
    Kind.DECIMAL,
    Kind.NUMBER,
    Kind.BOOLEAN,
    Kind.TEXT,
    Kind.TIME,
    Kind.DATE,
    Kind.OTHER,
]


def test_each_column_has_a_kind_in_parquet_and_in_arrow(tmp_path: Path) -> None:
    import pyarrow.feather
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table(ROWS), tmp_path / "a.parquet")
    pyarrow.feather.write_feather(pa.table(ROWS), tmp_path / "a.arrow")
    with embedded(threads=1) as engine:
        for table in (
            open_table(tmp_path / "a.parquet", engine=engine),
            open_table(tmp_path / "a.arrow", engine=engine),
            from_arrow(pa.table(ROWS), engine=engine),
        ):
            assert [column.kind for column in table.columns.values()] == KINDS
            assert table.rows() == 2


def test_only_parquet_has_a_footer_to_look_into(tmp_path: Path) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table(ROWS), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert open_table(tmp_path / "a.parquet").path == tmp_path / "a.parquet"
    assert open_table(tmp_path / "a.csv").path is None


def test_the_separator_of_a_text_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;share\n1;0.5\n2;0.7\n")
    table = open_table(tmp_path / "a.csv")
    assert [column.kind for column in table.columns.values()] == [Kind.INTEGER, Kind.NUMBER]


def test_a_wrong_separator_is_said_with_the_one_that_fits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;share\n1;0.5\n")
    with pytest.raises(Invalid, match=r"a\.csv was read as one column.*separated by ';'"):
        open_table(tmp_path / "a.csv", separator=",")


def test_a_heading_without_rows_is_a_table_of_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,share\n")
    assert open_table(tmp_path / "a.csv").rows() == 0


def test_a_value_of_another_type_names_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,share\n" + "1,2\n" * 110_000 + "2,x\n")
    table = open_table(tmp_path / "a.csv")
    with pytest.raises(Invalid, match=r"a\.csv, line 110002: a value of column 'share'"):
        table.ask(table.expression.aggregate(most=table.expression["share"].max()))


@pytest.mark.parametrize(
    ("name", "held", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.parquet", b"no parquet at all, whatever it is called", "a.parquet can't be read"),
        ("a.arrow", b"no arrow at all", "a.arrow can't be read"),
        ("a.duckdb", b"no database at all" * 100, "a.duckdb can't be read"),
        ("a.xlsx", b"PK", "ends in .xlsx"),
        ("a", b"x", "ends in nothing"),
    ],
)
def test_what_is_no_table_is_refused_by_name(
    tmp_path: Path, name: str, held: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(held)
    with pytest.raises(Invalid, match=said):
        open_table(tmp_path / name)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no file"):
        open_table(tmp_path / "none.parquet")


def test_too_many_columns_are_refused_before_a_value_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b,c\n1,2,3\n")
    with pytest.raises(Invalid, match="has 3 columns; at most 2"):
        open_table(tmp_path / "a.csv", limits=Limits(columns=2))


def test_parquet_that_unpacks_beyond_its_limit_is_refused(tmp_path: Path) -> None:
    import pyarrow.parquet

    zeros = pa.table({"a": pa.array([b"\0" * 1024] * 4096)})
    pyarrow.parquet.write_table(zeros, tmp_path / "a.parquet", use_dictionary=False)
    with pytest.raises(Invalid, match="unpacks to 4 MiB at once; at most 2 MiB"):
        open_table(tmp_path / "a.parquet", limits=Limits(chunk=2))


def test_a_packed_text_file_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(b"\x1f\x8b not really")
    with pytest.raises(Invalid, match="is packed"):
        open_table(tmp_path / "a.csv.gz", limits=Limits(packed=0))


def test_a_database_file_gives_its_tables_and_none_of_its_views(tmp_path: Path) -> None:
    """A view could read any file of the machine."""
    import duckdb

    with duckdb.connect(str(tmp_path / "a.duckdb")) as made:
        made.execute("CREATE TABLE kept AS SELECT 1 AS id")
        made.execute("CREATE VIEW leaky AS SELECT * FROM read_csv('/etc/passwd')")
    assert open_table(f"{tmp_path}/a.duckdb").rows() == 1
    assert open_table(f"{tmp_path}/a.duckdb#kept").rows() == 1
    with pytest.raises(Invalid, match=r"has no table 'leaky'. Its tables: kept"):
        open_table(f"{tmp_path}/a.duckdb#leaky")


def test_nothing_is_fetched_and_nothing_loaded() -> None:
    with embedded(threads=1) as engine:
        told = engine.connection.con.execute(
            "SELECT current_setting('autoinstall_known_extensions'),"
            " current_setting('autoload_known_extensions'),"
            " current_setting('allow_community_extensions'), current_setting('threads')"
        ).fetchone()
    assert told == (False, False, False, 1)


def test_a_name_that_is_nearly_right_is_offered(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Customer,amount\n1,2\n")
    table = open_table(tmp_path / "a.csv")
    with pytest.raises(Invalid, match="Did you mean 'Customer'"):
        table.column("customer")
    with pytest.raises(Invalid, match="It has: Customer, amount"):
        table.column("zzz")


def test_a_choice_of_columns_names_each_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    table = open_table(tmp_path / "a.csv")
    assert [column.name for column in table.chosen(["b", "a"])] == ["b", "a"]
    assert [column.name for column in table.chosen(None)] == ["a", "b"]
    with pytest.raises(Invalid, match="'a' is named twice"):
        table.chosen(["a", "b", "a"])


def test_two_columns_of_one_name_are_told_and_not_renamed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,price,id\n1,2,3\n")
    with pytest.raises(Invalid, match=r"a\.csv has two columns 'id'"):
        open_table(tmp_path / "a.csv")


def test_rows_of_more_cells_than_the_heading_are_told_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,price\n1,2\n1,2,3\n1\n")
    with pytest.raises(Invalid, match=r"as many cells as the heading has"):
        open_table(tmp_path / "a.csv", separator=",")
