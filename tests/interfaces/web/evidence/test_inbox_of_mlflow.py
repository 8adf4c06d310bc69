"""A real MLflow server that nobody ever tagged, from connecting it to a judged promise."""

from __future__ import annotations

import itertools
from datetime import timedelta
from html import unescape

import pytest
from pytest_django.fixtures import Settings
from tests.cast import Cast, a_project
from tests.connectors.mlflow.book import Bench, ms
from tests.doors import browser_of
from tests.interfaces.web.evidence.test_inbox import INBOX, METRICS, RULES, forms_in, page
from tests.peers.mlflow_server import MlflowServer

from headway import clock
from headway.domain.assessments.queries import project_health
from headway.domain.evidence.models import Subject
from headway.domain.programs.actions import set_criterion
from headway.domain.programs.queries import program_of, project_named
from headway.domain.sources.actions import add_source, sync_source
from headway.domain.sources.rules import SourceDraft

NOW = clock.now()
_NUMBERS = itertools.count(1)

pytestmark = [pytest.mark.mlflow, pytest.mark.xdist_group("mlflow"), pytest.mark.slow]


@pytest.fixture
def bench(mlflow: MlflowServer) -> Bench:
    return Bench(mlflow, f"inbox-{next(_NUMBERS)}-")


@pytest.fixture
def connected(cast: Cast, bench: Bench, settings: Settings) -> Cast:
    """Acme with two projects, connected to a server of three experiments without any mapping."""
    settings.OUTBOUND_ALLOWED = f"127.0.0.1:{bench.server.port}"
    a_project(cast.acme, "fraud")
    a_project(cast.acme, "meter-reading")
    for group, days in (("fraud-gbm", (1, 2, 3)), ("meter-cnn", (4, 5)), ("sandbox", (6,))):
        experiment = bench.experiment(group)
        for day in days:
            bench.finished(experiment, ms(2026, 1, day), test_recall=0.9 + day / 100)
    options = {"experiments": [f"{bench.name}*"], "models": [f"{bench.name}*"]}
    add_source(cast.mia, SourceDraft("mlflow", "lab", bench.server.url, "", options), NOW)
    sync_source(cast.bob, "lab", NOW)
    return cast


def homes(bench: Bench) -> dict[str, list[str]]:
    """Return where the runs of each experiment belong."""
    found: dict[str, list[str]] = {}
    rows = Subject.objects.filter(runs__known_until__isnull=True).order_by("id")
    for group, slug, scratch in rows.values_list("runs__group", "project__slug", "is_scratch"):
        name = group.removeprefix(bench.name)
        found.setdefault(name, []).append("scratch" if scratch else slug or "inbox")
    return {name: sorted(set(places)) for name, places in sorted(found.items())}


def test_three_clicks_map_a_server_nobody_tagged_and_later_runs_follow(
    connected: Cast, bench: Bench
) -> None:
    bob = browser_of(connected.bob)
    offered = forms_in(page(connected.bob), f"{RULES}new/")
    assert [(sent["group"].removeprefix(bench.name), sent.get("project")) for sent in offered] == [
        ("fraud-gbm", "fraud"),
        ("meter-cnn", "meter-reading"),
        ("sandbox", None),
    ]
    for sent in offered:
        said = {} if sent.get("project") else {"scratch": "yes"}
        assert bob.post(f"{RULES}new/", {**sent, **said}).status_code == 302
    expected = {"fraud-gbm": ["fraud"], "meter-cnn": ["meter-reading"], "sandbox": ["scratch"]}
    assert homes(bench) == expected
    sandbox = next(
        str(one["experiment_id"])
        for one in bench.server.post("experiments/search", max_results=1000)["experiments"]  # type: ignore[attr-defined]
        if one["name"] == f"{bench.name}sandbox"
    )
    serious = bench.finished(sandbox, ms(2026, 2, 1), test_recall=0.95)
    sync_source(connected.bob, "lab", NOW + timedelta(minutes=15))
    assert homes(bench) == expected
    bench.tag(serious, "headway.project", "fraud")
    sync_source(connected.bob, "lab", NOW + timedelta(minutes=30), sweep=True)
    assert homes(bench) == expected | {"sandbox": ["fraud", "scratch"]}
    assert "Every subject belongs to a project, or is scratch." in page(connected.bob, INBOX)


def test_what_the_runs_log_answers_what_was_promised(connected: Cast, bench: Bench) -> None:
    wanted = {"name": "Recall", "subject": "model:fraud", "metric": "recall", "target": 0.92}
    set_criterion(connected.mia, "fraud", "recall", wanted, NOW)
    project = project_named(connected.mia, "fraud")

    def verdict() -> str:
        program = program_of(connected.mia, project)
        health = project_health(connected.mia, program, "fraud", NOW)
        assert health is not None
        return str(health.criteria[0][1].verdict)

    assert verdict() == "missing"
    rule = {"group": f"{bench.name}fraud-*", "project": "fraud"}
    browser_of(connected.bob).post(f"{RULES}new/", rule)
    assert verdict() == "missing"
    (sent,) = forms_in(unescape(page(connected.mia, METRICS)), f"{METRICS}bind/")
    assert sent["metric"] == "test_recall"
    browser_of(connected.mia).post(f"{METRICS}bind/", sent)
    assert verdict() == "met"
