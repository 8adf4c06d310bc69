"""A gate judged from 500 criteria over a ledger of 100,000 records: p95 of 40 asks.

The records are of twenty versions, each criterion measured ten times a version; the last one is
judged. The promise is 0.2 s. The floor is reading as many rows of the ledger as the gate rests on,
which any page that shows them has to do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

from benchmarks.timing import best_of

CRITERIA, RECORDS, VERSIONS, ASKS = 500, 100_000, 20, 40


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds at p95, the floor's seconds)."""
    import django

    django.setup()
    from headway.domain.accounts.queries import headway_actor
    from headway.domain.evidence.models import Record
    from headway.domain.gates.queries import gate_page, gate_standings
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    import_module("headway.site.wsgi")  # as the web server's process stands
    workspace, (gate_id, whole_id), moment = build()
    actor = headway_actor(workspace.id)
    page = gate_page(actor, gate_id, moment)
    assert page.standing.met == len(page.lines), page.lacking[0].sentence
    read = sorted({record for line in page.lines for record in line.records})

    def floor() -> list[Any]:
        rows = Record.objects.filter(workspace=workspace, sequence__in=read)
        return list(rows.values_list("sequence", "payload", "observed_at"))

    least = best_of(5, floor)
    yield (
        "a gate of 500 criteria, 100,000 records, p95",
        _p95(lambda: gate_page(actor, gate_id, moment)),
        least,
    )
    yield (
        "the same as known then, p95",
        _p95(lambda: gate_page(actor, gate_id, moment, known_at=moment)),
        least,
    )
    yield (
        "with criteria, data, cost and risk given, p95",
        _p95(lambda: gate_page(actor, whole_id, moment)),
        least,
    )
    yield "both gates in the list, p95", _p95(lambda: gate_standings(actor, moment)), least


def _p95(work: Any) -> float:  # noqa: ANN401
    work()
    found = []
    for _ in range(ASKS):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return sorted(found)[int(0.95 * ASKS)]


def build(records: int = RECORDS, criteria: int = CRITERIA) -> tuple[Any, Any, Any]:
    """Make a workspace with gates of so many criteria; return it, their ids, and a moment.

    The second gate asks besides what Headway works out anyway from all of the project's evidence.
    """
    from tests.builders.workspace import MOMENT, Size, build_workspace

    from headway.domain.accounts.queries import headway_actor
    from headway.domain.evidence.actions import record_evidence
    from headway.domain.gates.actions import add_gate_template, open_gates
    from headway.domain.programs.actions import create_release

    workspace = build_workspace(Size(projects=1, items=5, records=0), slug="gates")
    actor = headway_actor(workspace.id)
    release = create_release(actor, "system-0", "1", MOMENT, project="project-0")
    add_gate_template(actor, _rules(criteria), MOMENT)
    gate, whole = (
        next(one for one in open_gates(actor, release.id, "large", MOMENT) if one.stage == stage)
        for stage in ("live", "ramp")
    )
    last = MOMENT
    rng = random.Random(0)
    batch = []
    for place in range(records):
        last = MOMENT + timedelta(seconds=place)
        version = 1 + place * VERSIONS // records
        batch.append(_observation(place % criteria, version, last, rng))
        if len(batch) == 2_000 or place == records - 1:
            record_evidence(actor, batch, last)
            batch = []
    return workspace, (gate.id, whole.id), last


def _observation(which: int, version: int, at: Any, rng: random.Random) -> Any:  # noqa: ANN401
    from headway.observation import Observation, SubjectRef

    subject = SubjectRef("model", "large", str(version))
    if which % 2:
        payload: dict[str, object] = {"check": f"check-{which}", "passed": True, "rows": 100}
        return Observation(subject, "check", "bench", at, payload, project="project-0")
    payload = {"metric": f"metric-{which}", "value": 0.9 + rng.random() / 20, "n": 500}
    return Observation(subject, "evaluation", "bench", at, payload, project="project-0")


def _rules(criteria: int) -> str:
    """Return a gate file that asks `criteria` terms, five in each requirement."""
    import json

    subject = "model:{model}@{version}"
    terms: list[dict[str, object]] = [
        {
            "evidence": "check",
            "about": subject,
            "where": {"check": f"check-{which}"},
            "bind": ["version"],
            "fresh_days": 90,
        }
        if which % 2
        else {
            "evidence": "evaluation",
            "about": subject,
            "where": {"metric": f"metric-{which}"},
            "at_least": 0.9,
            "bind": ["version"],
            "minimum_n": 100,
        }
        for which in range(criteria)
    ]
    asked = [
        {"key": f"asked-{start}", "owner": "data science", "rule": {"all": terms[start:][:5]}}
        for start in range(0, criteria, 5)
    ]
    taken = ("criteria", "dimension:data", "dimension:cost", "dimension:risk", "monitors")
    given = [{"key": name.replace(":", "-"), "rule": {"given": name}} for name in taken]
    stages = {"ramp": [*asked, *given], "live": asked}
    return json.dumps({"key": "large", "name": "Large", "stages": stages})
