"""A real Prometheus is read step by step, and goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from tests.cast import Cast, a_project
from tests.peers.prometheus_server import PrometheusServer, a_prometheus, why_not

from headway.connectors.base import Batch
from headway.connectors.http import Outbound
from headway.connectors.prometheus.connector import MOST_BACK, PrometheusConnector
from headway.connectors.prometheus.options import PrometheusOptions
from headway.domain.evidence.models import Reading
from headway.domain.sources.actions import add_source, sync_source
from headway.domain.sources.rules import SourceDraft
from headway.errors import Invalid, SourceError
from headway.interfaces.cli.main import run
from headway.observation import Observation

AT = datetime(2026, 11, 23, 9, 7, tzinfo=UTC)
#: The past: from 07:00 on one sample a minute; 10 minutes without any, then a NaN for 5 minutes.
FROM = datetime(2026, 11, 23, 7, tzinfo=UTC)

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it is here")


def _history() -> str:
    start = int(FROM.timestamp())
    lines = ["# TYPE fraud_errors gauge"]
    for version, value in (("7", 0.01), ("8", 0.05)):
        for minute in range(1, 121):
            if 30 < minute <= 40:
                continue
            shown = "NaN" if 40 < minute <= 45 else f"{value}"
            at = start + 60 * minute
            lines.append(f'fraud_errors{{version="{version}"}} {shown} {at}')
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    with a_prometheus(tmp_path_factory.mktemp("prometheus"), _history()) as running:
        yield running


@pytest.fixture
def outbound(server: PrometheusServer) -> Iterator[Outbound]:
    with Outbound(allowed=server.allowed) as client:
        yield client


def connector(server: PrometheusServer, outbound: Outbound, **more: Any) -> PrometheusConnector:
    told = {
        "url": server.url,
        # Without the bracket Prometheus would answer with samples up to five minutes old.
        "queries": {"errors": "last_over_time(fraud_errors[59s])"},
        "subject": "deployment:ml/fraud",
        "version_label": "version",
        "lookback_hours": 2,
    }
    return PrometheusConnector(PrometheusOptions.model_validate({**told, **more}), outbound)


def told(batches: list[Batch]) -> list[Observation]:
    return [one for batch in batches for one in batch.observations]


def test_steps_are_means_with_gaps_and_nan_counted(
    server: PrometheusServer, outbound: Outbound
) -> None:
    batches = list(connector(server, outbound).read(None, at=AT))
    found = [one for one in told(batches) if str(one.subject) == "deployment:ml/fraud@8"]
    assert [one.observed_at.strftime("%H:%M") for one in found] == [
        "07:15",
        "07:30",
        "07:45",
        "08:00",
        "08:15",
        "08:30",
        "08:45",
        "09:00",
    ]
    assert [one.payload["value"] for one in found] == pytest.approx([0.05, 0.05, None, *[0.05] * 5])
    third: Any = found[2].payload["context"]
    assert (third["gaps"], third["nan"], third["stale"]) == (10, 5, 0)
    assert [one.payload["n"] for one in found] == [15, 15, 0, 15, 15, 15, 15, 15]
    other = [one for one in told(batches) if str(one.subject) == "deployment:ml/fraud@7"]
    assert other[0].payload["value"] == pytest.approx(0.01)


def test_reading_goes_on_where_it_was_and_a_second_reading_is_equal(
    server: PrometheusServer, outbound: Outbound
) -> None:
    source = connector(server, outbound)
    first = list(source.read(None, at=AT - timedelta(hours=1)))
    rest = list(source.read(first[-1].cursor, at=AT))
    whole = list(source.read(None, at=AT))
    later = [one for one in told(whole) if one.observed_at > FROM + timedelta(hours=1)]
    assert sorted(told(rest), key=str) == sorted(later, key=str)
    assert told(list(source.read(rest[-1].cursor, at=AT))) == []
    assert told(list(source.read(rest[-1].cursor, at=AT, sweep=True))) == told(whole)


def test_a_step_that_has_not_settled_waits(server: PrometheusServer, outbound: Outbound) -> None:
    source = connector(server, outbound, settle_minutes=10)
    last = max(one.observed_at for one in told(list(source.read(None, at=AT))))
    assert last.strftime("%H:%M") == "08:45"


def test_a_query_that_gives_nothing_tells_of_each_step_that_there_is_none(
    server: PrometheusServer, outbound: Outbound
) -> None:
    source = connector(server, outbound, queries={"none": "no_such_metric"}, lookback_hours=1)
    found = told(list(source.read(None, at=AT)))
    assert [one.payload["value"] for one in found] == [None] * 4


def test_the_check_says_what_each_query_gives_now(
    server: PrometheusServer, outbound: Outbound
) -> None:
    queries = {"live": "fraud_live", "gone": "no_such_metric"}
    sentence = connector(server, outbound, queries=queries).check()
    assert "live gives 1 series, gone gives nothing now." in sentence


def test_a_query_that_prometheus_cannot_read_is_its_own_sentence(
    server: PrometheusServer, outbound: Outbound
) -> None:
    source = connector(server, outbound, queries={"bad": "sum("})
    with pytest.raises(SourceError, match=r"refused the query \(bad_data\).*parse error"):
        list(source.read(None, at=AT))


def test_too_many_series_are_capped_and_counted(
    server: PrometheusServer, outbound: Outbound
) -> None:
    many = " or ".join(f'label_replace(vector({one}), "n", "{one}", "", "")' for one in range(23))
    source = connector(server, outbound, queries={"many": many}, lookback_hours=1)
    batches = list(source.read(None, at=AT))
    assert len({one.payload["metric"] for one in told(batches)}) == 20
    assert "3 series were left out" in batches[0].refused[0].sentence


def test_a_source_that_rested_too_long_is_not_caught_up_with(
    server: PrometheusServer, outbound: Outbound
) -> None:
    rested = int(AT.timestamp()) - MOST_BACK - 3 * 86_400
    source = connector(server, outbound, step_minutes=1_440, settle_minutes=0)
    batches = list(source.read({"until": rested}, at=AT))
    assert "hours more than 31 days ago" in batches[0].refused[0].sentence
    with pytest.raises(Invalid, match="not one of Prometheus"):
        list(source.read({"until": "soon"}, at=AT))


def test_a_source_of_prometheus_fills_the_ledger_once(
    server: PrometheusServer, cast: Cast, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED = server.url.removeprefix("http://")
    project = a_project(cast.acme)
    options = {
        "queries": ["errors = last_over_time(fraud_errors[59s])"],
        "subject": "deployment:ml/fraud",
        "version_label": "version",
        "lookback_hours": 2,
    }
    draft = SourceDraft("prometheus", "metrics", server.url, project.slug, options)
    add_source(cast.alice, draft, AT)
    first = sync_source(cast.alice, "metrics", AT)
    assert (first.recorded, first.refused) == (16, ())
    again = sync_source(cast.alice, "metrics", AT, sweep=True)
    assert (again.recorded, again.already_known) == (0, 16)
    found = Reading.objects.filter(metric="errors", subject__version="8").order_by("observed_at")
    assert [one.value for one in found][:3] == [pytest.approx(0.05), pytest.approx(0.05), None]
    assert {one.subject.project_id for one in found} == {project.id}


def test_a_canary_is_judged_from_one_query_asked_for_both_sides(
    server: PrometheusServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEADWAY_ALLOW_HOSTS", server.url.removeprefix("http://"))
    query = 'errors=last_over_time(fraud_errors{version="$side"}[59s])'
    line = ["readout", "canary", "7", "8", "--prometheus", server.url, "--query", query]
    line += ["--end", "2026-11-23T08:00Z", "--json"]
    assert run(line) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "fail"
    metric = answer["metrics"][0]
    assert (metric["verdict"], metric["effect"]) == ("high", pytest.approx(5))
    assert (metric["canary"]["n"], metric["canary"]["gaps"]) == (45, 15)
    line[3] = "9"  # a version that nobody measured
    assert run(line) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "no data"
    line[-4:-3] = ["errors=vector(1) + $side or fraud_errors"]
    assert run([*line, "--json"]) == 2
    assert "gives 3 series" in capsys.readouterr().err
