"""Bills as they come: every dialect to the last digit, and dirty files that never look clean."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.connectors.focus import bills

from headway.connectors.focus import (
    BillRead,
    bill_parts,
    bill_read,
    open_bill,
    read_bill,
    read_bill_mapping,
)
from headway.errors import Invalid

SAMPLE = Path(__file__).parents[3].parent / "shared/data/focus/focus-1.0-600-rows.csv"
Read = Callable[..., BillRead]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads bytes as the bill of this name."""

    def reading(data: bytes, name: str = "bill.csv", **asked: object) -> BillRead:
        path = tmp_path / name
        path.write_bytes(data)
        return read_bill(path, **asked)  # type: ignore[arg-type]

    return reading


def total(bill: BillRead, field: str = "billed") -> Decimal:
    return sum((getattr(one.sums, field) for one in bill.totals), Decimal(0))


def reasons(bill: BillRead) -> dict[int, str]:
    return {one.line: one.reason for one in bill.refused}


@pytest.mark.skipif(not SAMPLE.exists(), reason="The 600 published FOCUS rows are not here.")
def test_the_published_rows_give_their_sums_to_the_last_digit() -> None:
    bill = read_bill(SAMPLE)
    assert (bill.dialect, bill.rows, bill.refused_count) == ("FOCUS 1.0", 600, 0)
    assert str(total(bill)) == "8.53176143000"
    assert str(total(bill, "effective")) == "4.00000000000"
    assert str(total(bill, "list_cost")) == "8.67444045220"
    assert str(total(bill, "contracted")) == "4.00000000000"
    told = {one.category: (str(one.sums.billed), one.sums.rows) for one in bill.totals}
    assert told == {"Usage": ("11.14546143000", 599), "Credit": ("-2.61370000000", 1)}


@pytest.mark.parametrize(
    ("column", "version"),
    [("", "1.0"), ("SkuMeter", "1.1"), ("InvoiceId", "1.2"), ("AllocatedMethodId", "1.3")],
)
def test_the_header_tells_the_version(column: str, version: str, read: Read) -> None:
    more = [column] if column else []
    row = bills.focus_row() + [""] * len(more)
    assert read(bills.table([row], [*bills.FOCUS, *more])).dialect == f"FOCUS {version}"


def test_cash_and_burn_stay_apart_and_so_do_tax_and_credit(read: Read) -> None:
    rows = [
        bills.focus_row("10", "4"),
        bills.focus_row("1.9", "1.9", category="Tax"),
        bills.focus_row("-3", "-2", category="Credit"),
        bills.focus_row("100", "0", category="Purchase"),
    ]
    bill = read(bills.table(rows))
    found = {one.category: (one.sums.billed, one.sums.effective) for one in bill.totals}
    assert found == {"Usage": (10, 4), "Tax": (Decimal("1.9"),) * 2, "Credit": (-3, -2)} | {
        "Purchase": (100, 0)
    }


def test_tags_in_a_cell_answer_a_question_and_so_do_columns(read: Read) -> None:
    rows = [
        bills.focus_row("1", tags={"team": "a", 'odd "key"': "x"}),
        bills.focus_row("2", tags={"team": "b"}),
        bills.focus_row("4"),
    ]
    bill = read(bills.table(rows), by=("team", 'odd "key"', "ServiceName"))
    sums = {name: {one.value: one.sums.billed for one in bill.by[name]} for name in bill.by}
    assert sums["team"] == {"a": 1, "b": 2, "": 4}
    assert sums['odd "key"'] == {"x": 1, "": 6}
    assert sums["ServiceName"] == {"EC2": 7}


def test_legacy_cur_and_cur_2_are_amortised_alike(read: Read) -> None:
    snake = [
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("/", "_").replace(":", "_").lower()
        for name in bills.CUR_HEADER
    ]
    for name, header in (("AWS CUR (legacy)", bills.CUR_HEADER), ("AWS CUR 2.0", snake)):
        bill = read(bills.cur(header), by=("team",))
        assert bill.dialect == name
        assert total(bill) == Decimal("16.5000001")
        assert total(bill, "effective") == Decimal("9.7500001")
        assert {one.category for one in bill.totals} == {"Credit", "Purchase", "Tax", "Usage"}
        assert bill.by["team"][1].sums.effective == Decimal("3.5000001")


def test_idle_capacity_of_opencost_is_a_line_of_its_own(read: Read) -> None:
    bill = read(bills.opencost(), "allocation.json", by=("team",))
    found = {one.category: one.sums.effective for one in bill.totals}
    assert found == {"Idle": Decimal("1.1"), "Usage": Decimal("3.4")}
    assert "USD is taken" in " ".join(bill.notes)
    assert read(bills.opencost(), currency="EUR").currencies == ["EUR"]


def test_credits_nested_in_googles_export_are_charges_of_their_own(read: Read) -> None:
    lines = "\n".join(json.dumps(row) for row in bills.google()).encode()
    header = ["cost", "currency", "usage_start_time", "service.description", "credits", "labels"]
    used = bills.google()[0]
    cells = ["1.23", "USD", str(used["usage_start_time"]), "Compute Engine"]
    cells += [json.dumps(used["credits"]), json.dumps(used["labels"])]
    as_table = bills.table([cells], header)
    for data, tax in (
        (lines, "0.10"),
        (json.dumps(bills.google()).encode(), "0.10"),
        (as_table, ""),
    ):
        bill = read(data, by=("tag:team",))
        found = {one.category: str(one.sums.billed) for one in bill.totals}
        assert found == {"Usage": "1.23", "Credit": "-0.23"} | ({"Tax": tax} if tax else {})
        assert bill.by["tag:team"][0].value == "fraud"


def test_an_azure_export_reads_its_days_and_tags_without_braces(read: Read) -> None:
    header = ["Date", "MeterCategory", "ChargeType", "CostInBillingCurrency", "BillingCurrency"]
    rows = [
        ["09/13/2026", "VM", "Usage", "1,234.50", "EUR", '"team": "a"'],
        ["09/03/2026", "VM", "Refund", "-0.25", "EUR", ""],
    ]
    bill = read(bills.table(rows, [*header, "Tags"]), by=("tag:team",))
    assert {one.category: one.sums.billed for one in bill.totals} == {
        "Usage": Decimal("1234.50"),
        "Credit": Decimal("-0.25"),
    }
    assert bill.by["tag:team"][0].value == "a"
    assert bill.periods == ["2026-09"]


def test_parquet_and_gz_say_the_same_as_the_text(read: Read, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    text = bills.table([bills.focus_row("0.1", "0.000000001", tags={"t": "x"})] * 7)
    (tmp_path / "a.csv").write_bytes(text)
    read_as = pa.csv.read_csv(tmp_path / "a.csv")
    assert read_as.schema.field("BilledCost").type == pa.float64()
    pq.write_table(read_as, tmp_path / "a.parquet")
    for bill in (
        read_bill(tmp_path / "a.parquet", by=("t",)),
        read(gzip.compress(text), by=("t",)),
    ):
        assert total(bill) == Decimal("0.7")
        assert total(bill, "effective") == Decimal("0.000000007")
        assert [one.value for one in bill.by["t"]] == ["x"]


def test_a_dirty_file_names_every_row_it_does_not_count(read: Read) -> None:
    header = [*bills.FOCUS, "Id"]

    def row(number: int, **told: str) -> list[str]:
        return [*bills.focus_row(**told), str(number)]  # type: ignore[arg-type]

    good = row(1, service="S\n3")
    rows = [
        *(good, row(2, billed="NaN"), row(3, start="2026-13-01"), row(4, billed="NULL"), [], good),
        *(row(5, category="Foo"), row(6, currency="usd"), [*row(7), "too", "many"]),
        *(row(8, billed="=1+1"), row(9, effective="Infinity"), row(10, billed="2")),
    ]
    above = b"Report;x\nTotal cost: 99.00\n\n"
    bill = read(b"\xef\xbb\xbf" + above + bills.table(rows, header, ";"))
    assert total(bill) == Decimal("3.50")
    told = reasons(bill)
    assert list(told) == [7, 8, 9, 11, 13, 14, 15, 16, 17]
    assert told[7] == "BilledCost ‘NaN’ is not a number"
    assert told[8] == "ChargePeriodStart ‘2026-13-01’ is not a date"
    assert told[9] == "BilledCost is empty"
    assert told[11] == "it is a copy of line 5"
    assert told[13] == "the charge category ‘Foo’ is not known"
    assert "ISO 4217" in told[14]
    assert told[15] == "it has more cells than the header"
    assert told[16] == "BilledCost ‘=1+1’ is not a number"
    assert told[17] == "EffectiveCost ‘Infinity’ is not a number"
    assert [(one.line, one.stated, one.agrees) for one in bill.stated] == [(2, 99, False)]


def test_a_total_row_is_held_against_the_rows_and_never_counted(read: Read) -> None:
    rows = [bills.focus_row("1.10"), bills.focus_row("2.20")]
    sum_row = ["3.30", "", "", "", "", "", "", "", "", "Total"]
    for stated, agrees in (("3.30", True), ("3.31", False)):
        bill = read(bills.table([*rows, [stated, *sum_row[1:]]]))
        assert (total(bill), bill.rows, bill.refused_count) == (Decimal("3.30"), 2, 0)
        assert [one.agrees for one in bill.stated] == [agrees]


def test_equal_rows_without_an_id_are_counted_and_said(read: Read) -> None:
    bill = read(bills.table([bills.focus_row("1.10")] * 3))
    assert total(bill) == Decimal("3.30")
    assert any(note.startswith("2 rows are equal") for note in bill.notes)


def test_one_id_with_two_contents_is_said(read: Read) -> None:
    rows = [[*bills.focus_row("1"), "a"], [*bills.focus_row("2"), "a"]]
    bill = read(bills.table(rows, [*bills.FOCUS, "Id"]))
    assert total(bill) == 3
    assert any("more than once with different content" in note for note in bill.notes)


def test_two_currencies_are_summed_apart(read: Read) -> None:
    bill = read(bills.table([bills.focus_row("1"), bills.focus_row("2", currency="EUR")]))
    assert {one.currency: one.sums.billed for one in bill.totals} == {"USD": 1, "EUR": 2}


def test_a_quote_that_never_closes_is_refused_and_not_lost(read: Read) -> None:
    header = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart\n"
    good = "1,1,USD,Usage,2026-09-01\n"
    for cells in ('"2,2,USD,Usage,2026-09-01', '2,2,USD,Usage,"2026-09-01'):
        with pytest.raises(Invalid, match="line 3: a quote opens there"):
            read(f"{header}{good}{cells}\n{good}".encode())
    assert (
        total(read(f'{header}{good}{good[:-1]},5" disk\n'.replace("Start", "Start,Size").encode()))
        == 2
    )


def test_a_day_without_end_and_a_period_of_no_year_are_refused(read: Read) -> None:
    header = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart"
    header += ",BillingPeriodStart\n"
    rows = "1,1,USD,Usage,-Infinity,2026-09-01\n2,2,USD,Usage,2026-09-01,0001-01-01\n"
    bill = read(f"{header}{rows}4,4,USD,Usage,2026-09-01,2026-09-01\n".encode())
    assert (total(bill), list(reasons(bill)), bill.periods) == (4, [2, 3], ["2026-09"])


def test_a_table_of_anybodys_is_read_by_its_words_or_a_mapping(read: Read) -> None:
    text = "Datum;Betrag;Währung;Position\n13.09.2026;1.234,50;EUR;GPU\n14.09.2026;1,5 €;EUR;GPU\n"
    bill = read(f"{text}Summe;1.236,00;;\n".encode("cp1252"))
    assert total(bill) == Decimal("1236.00")
    assert [one.agrees for one in bill.stated] == [True]
    asked = {"columns": {"billed": "Net", "start": "When"}, "currency": "CHF", "provider": "Rack"}
    mapping = read_bill_mapping(asked)
    bill = read(b"When,Net,Gross\n2026-09-01,(10.00),12\n2026-09-02,1e2,120\n", mapping=mapping)
    assert (total(bill), bill.currencies, bill.providers) == (90, ["CHF"], ["Rack"])


def test_a_workbook_is_read_by_its_cells(read: Read, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Date", "Amount", "Currency", "Service"])
        sheet.write_row(1, 0, ["2026-09-01", 12.5, "USD", "GPU"])
        sheet.write_row(2, 0, ["2026-09-02", "n/a", "USD", "GPU"])
    bill = read((tmp_path / "b.xlsx").read_bytes(), "c.xlsx")
    assert total(bill) == Decimal("12.5")
    assert reasons(bill) == {3: "Amount ‘n/a’ is not a number"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\x1f\x8bnot gz", "not a whole gz"),
        (gzip.compress(b"0" * 40_000_000, 9), "at most 200 times"),
        (b"PAR1nothing", "cannot be read as a bill"),
        (b"PK\x03\x04nothing", "not a whole workbook"),
        (b'{"a": 1}', "neither OpenCost"),
        (b'{"a": ', "broken JSON"),
        (b"[" * 200_000, "broken JSON"),
        (b"a,b\n1,2\n", "no header of a bill"),
        (bills.table([], [*bills.FOCUS, *map(str, range(10_000))]), "at most 1,000"),
        (bills.table([]), "a header and no rows"),
        (b"BilledCost,ChargePeriodStart,ChargeCategory,ServiceName,Tags\n1,2,3,4,5\n", "lacks Eff"),
    ],
    ids=[
        *("empty", "half gz", "bomb", "half parquet", "half xlsx", "other json", "broken json"),
        *("deep json", "other table", "wide", "no rows", "half FOCUS"),
    ],
)
def test_what_is_no_bill_is_refused_in_a_sentence(data: bytes, said: str, read: Read) -> None:
    with pytest.raises(Invalid, match=said):
        read(data, "../../etc/it's.csv".replace("/", "_"))


def test_a_mapping_names_what_is_wrong_with_it(read: Read) -> None:
    for value in ([], {"columns": {"billed": "A"}}, {"columns": {"bill": "A"}}, {"colums": {}}):
        with pytest.raises(Invalid):
            read_bill_mapping(value)
    mapping = read_bill_mapping({"columns": {"billed": "Net", "start": "Day"}})
    with pytest.raises(Invalid, match="no column 'Day'"):
        read(b"Date,Net,Cost\n2026-09-01,1,1\n", mapping=mapping)


AMOUNTS = st.decimals(-(10**9), 10**9, places=11, allow_nan=False)


@settings(max_examples=5)
@given(st.lists(st.tuples(AMOUNTS, st.sampled_from(["Usage", "Tax"])), min_size=1), st.randoms())
def test_sums_equal_the_file_in_any_order_of_its_rows(
    rows: list[tuple[Decimal, str]], chance
) -> None:  # type: ignore[no-untyped-def]
    from tempfile import TemporaryDirectory

    told = [bills.focus_row(str(one), str(-one), category=kind) for one, kind in rows]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(bills.table(told))
        first = read_bill(path).totals
        chance.shuffle(told)
        path.write_bytes(bills.table(told))
        again = read_bill(path).totals
    assert first == again
    for one in first:
        exact = sum((amount for amount, kind in rows if kind == one.category), Decimal(0))
        assert (one.sums.billed, one.sums.effective) == (exact, -exact)


def test_days_are_told_by_each_thing_that_costs_may_stand_out_in(tmp_path: Path) -> None:
    places = [("EC2", "one", "eu", "a"), ("EC2", "two", "us", ""), ("S3", "one", "eu", "b")]
    rows = [
        [*bills.focus_row(f"{at + 1}", service=service, sub=sub, tags={"team": team}), region]
        for at, (service, sub, region, team) in enumerate(places)
    ]
    path = tmp_path / "bill.csv"
    path.write_bytes(bills.table(rows, [*bills.FOCUS, "RegionId"]))
    with open_bill(path) as bill:
        bill_read(bill)
        (part,) = bill_parts(bill, ["team", "env"])
    found: dict[object, dict[object, object]] = {}
    for day in part.days:
        by = day.get("by", "service")
        found.setdefault(by, {})[day.get("service", day.get("value"))] = day["effective"]
    assert {by: set(told) for by, told in found.items()} == {
        "service": {"EC2", "S3"},
        "sub_account": {"one", "two"},
        "region": {"eu", "us"},
        "tag:team": {"a", "b"},
    }
    for by in ("service", "sub_account", "region"):
        assert sum(Decimal(str(one)) for one in found[by].values()) == Decimal("3.75"), by
