"""The chains, verified through the API: they hold, and who meddles is found."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.domain.evidence.payloads import an_observation
from tests.guards import released_guards
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.accounts.models import AuditEntry
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.models import Record


@pytest.fixture
def alice(cast: Cast) -> Caller:
    """Alice, with two records in the ledger."""
    notes = [an_observation(subject="model:m@1", text=text) for text in ("one", "two")]
    record_evidence(cast.alice, notes, AT, may_lack_project=True)
    return caller(cast.alice)


@pytest.mark.parametrize("chain", ["audit", "evidence"])
def test_a_chain_that_nobody_touched_holds(alice: Caller, chain: str) -> None:
    found = value_in(alice.get(f"/{chain}/verify"))
    assert (found["holds"], found["sequence"]) == (True, None)
    assert found["sentence"].endswith("holds.")


def test_an_edited_record_is_named(alice: Caller, cast: Cast) -> None:
    with released_guards():
        Record.objects.filter(workspace=cast.acme, sequence=1).update(payload='{"text":"three"}')
    found = value_in(alice.get("/evidence/verify"))
    assert (found["holds"], found["sequence"]) == (False, 1)


def test_an_edited_audit_row_is_named(alice: Caller, cast: Cast) -> None:
    row = AuditEntry.objects.filter(workspace=cast.acme).latest("sequence")
    with released_guards():
        AuditEntry.objects.filter(workspace=cast.acme, sequence=row.sequence).update(thing="else")
    found = value_in(alice.get("/audit/verify"))
    assert (found["holds"], found["sequence"]) == (False, row.sequence)


def test_an_anchor_kept_elsewhere_shows_a_ledger_written_anew(alice: Caller) -> None:
    head = value_in(alice.get("/evidence/head"))
    anchor = f"{head['sequence']}:{head['digest']}"
    assert value_in(alice.get(f"/evidence/verify?anchor={anchor}"))["holds"]
    for other in (
        "1:0",
        f"{head['sequence']}:{'0' * 64}",
        f"{head['sequence'] + 1}:{head['digest']}",
    ):
        assert not value_in(alice.get(f"/evidence/verify?anchor={other}"))["holds"]


@pytest.mark.parametrize("anchor", ["x", "1", ":", "1:", "1:z z", "-1:0", "1:0:0", "१:0"])
def test_an_anchor_of_another_form_is_a_bad_question(alice: Caller, anchor: str) -> None:
    problem = problem_in(alice.get(f"/evidence/verify?anchor={anchor}"), 422, "invalid")
    assert [error["parameter"] for error in problem["errors"]] == ["anchor"]
