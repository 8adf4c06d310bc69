"""`headway inventory`: one document, here and in its schema."""

from __future__ import annotations

from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import an_observation
from tests.interfaces.cli.conftest import Said

from headway.domain.evidence.actions import record_evidence


def test_the_inventory_says_what_serves_since_when(cast: Cast, asked: Said, answered: Said) -> None:
    a_project(cast.acme, "scores")
    told = [
        an_observation(kind, subject=subject, project="scores", **more)
        for kind, subject, more in (
            ("alias_move", "alias:lab/meter-reading/champion", {}),
            ("deployment", "deployment:meter-reading/production", {}),
            ("model_version", "model:meter-reading@3", {}),
        )
    ]
    record_evidence(cast.bob, told, AT)
    document = answered("inventory --workspace acme", schema="inventory")
    (model,) = document["models"]
    assert [(one["version"], one["by_what"], one["after"]) for one in model["live"]] == [
        ("3", "@champion", None),
        ("3", "production (cloud)", "2026-10-06T08:00:00Z"),
    ]
    assert {one["assessment"]["verdict"] for one in document["promotions"]} == {"not_applicable"}
    _, table, _ = asked("inventory --workspace acme")
    assert "2026-10-05T12:00:00Z at the latest" in " ".join(table.split())
