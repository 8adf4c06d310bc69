"""Every operation × everybody who may call, against the checked-in table; and across the wall.

A new operation without a row fails. Cells: ok (let in), token (401), refused (403), not_found
(404). To see what a new operation answers run this test and read its message.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.http import HttpResponse
from pytest_django import DjangoDbBlocker
from tests.cast import Cast, a_cast, a_token
from tests.interfaces.api.callers import Caller, caller
from tests.interfaces.api.world import FOREIGN, Side, a_world

from headway.domain.accounts.rules import Actor, Permission, Role, Scope
from headway.domain.accounts.rules.permissions import SCOPE_PERMISSIONS
from headway.interfaces.api.operations import DECLARED, Declared
from headway.interfaces.api.routes import api, declared_operations, urlpatterns

TABLE = Path(__file__).with_name("permissions.csv")
WHO = ("anonymous", "other_tenant", *[str(role) for role in reversed(Role)])
OPERATIONS = {f"{one.method} {one.path}": one for one in DECLARED}

#: Runs need to know whose: what a list asks for when it asks for one project.
QUERIES = {
    "/comments": "about=risk:{programs}/{risks}",
    "/watches": "about=risk:{programs}/{risks}",
    "/thing-links": "about=risk:{programs}/{risks}",
    "/runs": "project={projects}",
    "/programs/{slug}/hiring-cost": "until=2027-01-01",
    "/projects/{slug}/gate-check": "stage=live",
    "/programs/{slug}/bridge": "since=2026-01-01T00:00:00Z",
    "/programs/{slug}/moves": "since=2026-01-01T00:00:00Z",
    "/programs/{slug}/reports/{int:number}/file": "format=md",
    "/programs/{slug}/reports/draft": "format=md",
    "/deck-templates": "name=slides",
}


@dataclass(frozen=True, slots=True)
class World:
    """Everybody, our workspace and theirs."""

    cast: Cast
    ours: Side
    theirs: Side


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the world in a transaction that is rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = a_cast()
        yield World(cast, *a_world(cast))
        transaction.set_rollback(True)


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    """Lend the world to one test; what the test does to it is rolled back."""
    return standing_world


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(newline="") as file:
        return {f"{row['method']} {row['path']}": row for row in csv.DictReader(file)}


def _address(one: Declared, side: Side, **other: str) -> str:
    query = QUERIES.get(one.path, "").format(**{**side.names, **other})
    return side.at(one, **other) + (f"?{query}" if query else "")


def call_and_undo(who: Caller, one: Declared, side: Side) -> HttpResponse:
    """Call an operation, and take back what it did."""
    with transaction.atomic():
        response = who.send(one.method, _address(one, side), _body(one, side))
        transaction.set_rollback(True)
    return response


def _cell(response: HttpResponse) -> str:
    named = {401: "token", 403: "refused", 404: "not_found"}
    # A malformed question was let in and judged: that is what the table is about.
    judged = response.status_code in {200, 201, 204, 400, 409, 415, 422, 428, 502}
    return named.get(response.status_code, "ok" if judged else str(response.status_code))


def _visitor(cast: Cast, who: str) -> Caller:
    if who == "anonymous":
        return Caller("")
    return caller(cast.charlie if who == "other_tenant" else cast.of_role(Role(who)))


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert table().keys() == OPERATIONS.keys()


def test_what_answers_was_declared() -> None:
    """ninja's routers hold nothing that did not come through `operation`."""
    found = {
        (method, path)
        for path, view in (
            (str(pattern.pattern), pattern.callback)
            for pattern in urlpatterns
            if hasattr(pattern.callback, "permissions")
        )
        for method in view.permissions
    }
    assert len(found) == len(declared_operations())
    in_ninja = [
        operation.view_func
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    ]
    assert len(in_ninja) == len(DECLARED)
    assert all(isinstance(view.permission, Permission) for view in in_ninja)


def test_everybody_is_answered_as_the_table_says(world: World) -> None:
    cast, ours = world.cast, world.ours
    visitors = {who: _visitor(cast, who) for who in WHO}
    found, expected = {}, {}
    for name, one in OPERATIONS.items():
        row = table().get(name, {})
        answers = {
            who: _cell(call_and_undo(visitor, one, ours)) for who, visitor in visitors.items()
        }
        found[name] = ",".join([one.permission, *answers.values()])
        expected[name] = ",".join(row.get(column, "") for column in ("permission", *WHO))
    assert found == expected


#: How many operations of a permission each token tries that may.
TRIED = 8


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_lets_in_to_what_it_names_and_nothing_else(world: World, scope: Scope) -> None:
    cast, ours = world.cast, world.ours
    alice = Caller(a_token(cast.alice, scope))
    let_in: Counter[Permission] = Counter()
    rows = table()
    for one in DECLARED:
        # What an owner is refused (an answer that needs a function) no token of theirs may do.
        held = one.permission in SCOPE_PERMISSIONS[scope]
        expected = rows[f"{one.method} {one.path}"]["owner"] if held else "refused"
        # An operation asks for one word, which the table above holds it to: of what is let in, some
        # of each word are tried; of what is refused, everything.
        let_in[one.permission] += held
        if let_in[one.permission] > TRIED:
            continue
        assert _cell(call_and_undo(alice, one, ours)) == expected, f"{one.method} {one.path}"


ADDRESSED = {name: one for name, one in OPERATIONS.items() if "{" in one.path}
#: Numbers of one's own: the same number is there in either workspace.
COUNTED = {
    "bills",
    "budget-changes",
    "evidence",
    "maturity-goals",
    "meetings",
    "pay",
    "reports",
    "rules",
    "runs",
    "stages",
    "time-sheets",
}
#: Collections in which a PUT makes what is not there.
MAKES = {
    "allocations",
    "capacity-requests",
    "people",
    "objectives",
    "openings",
    "criteria",
    "budget",
    "risks",
    "resources",
    "decisions",
}
MAKES |= {"actions", "assumptions", "blockers", "issues", "promises", "scenarios"}
MAKES |= {"batches", "guidelines", "pilots"}
MAKES |= {"calendars", "card-words", "connections", "dataset-facts", "model-facts"}
MAKES |= {"allocation-rules", "pipeline-facts", "requirements"}
MAKES |= {"vendors", "contracts", "purchases", "receipts"}
MAKES |= {"accruals", "exchange-rates"}


def test_what_is_theirs_is_not_there_for_us(world: World) -> None:
    cast, ours, theirs = world.cast, world.ours, world.theirs
    alice = caller(cast.alice)
    tried = 0
    for one in ADDRESSED.values():
        collections = re.findall(r"/([a-z-]+)/\{", one.path)
        for collection in sorted(set(collections) - COUNTED):
            if one.method == "PUT" and collection == collections[-1] and collection in MAKES:
                continue  # ours to make, under a name that others use too
            address = _address(one, ours, **{collection: theirs.names[collection]})
            response = alice.send(one.method, address, _body(one, ours), If_Match="*")
            told = f"{one.method} {address}: {response.content.decode()}"
            assert response.status_code == 404, told
            tried += 1
    assert tried > 70


def _body(one: Declared, side: Side) -> object:
    """Return a body that fits, where a wrong one would be judged before its address."""
    bodies: dict[str, object] = {
        "/calendar": {"calendar": {}},
        "/stage": {"to_stage": "x"},
        "{uuid:rule_id}/restore": {"version": 1},
        "/restore": {"history_id": int(side.names["versions"])},
        "/place": {"project": side.names["projects"]},
        "/fill": {"person": side.names["people"]},
        "/queue-wait": {"pool": side.names["pools"]},
        "/needs": {"resource": side.names["resources"], "units": 1},
        "/dependencies": {"predecessor": side.names["dependencies"]},
        "/take": {"option": "x"},
        "/baselines": {"name": "New", "reason": "x"},
        "/option-scenarios": {"decision": side.names["decisions"], "option": "x"},
        "/links": {"name": "x"},
        "/actions/{key}/close": {"state": "done"},
        "/assumptions/{key}/close": {"state": "held"},
        "/promises/{key}/close": {"state": "kept"},
        "/radar/accept": {"proposal": "x:y"},
        "/radar/dismiss": {"proposal": "x:y", "reason": "x"},
        "/radar/ask-again": {"proposal": "x:y"},
        "/guidelines/{key}/versions": {"text": "x"},
        "/risk-occurred": {"risk": side.names["risks"]},
        "/risk-effects": {"risk": side.names["risks"], "items": []},
        "/judgements": {"dimension": "quality", "words": "x"},
        "/items": {"key": "new", "name": "New"},
        "/projects": {"name": "New"},
        "/releases": {"name": "New"},
        "/answers": {"law": "ai_act", "question": "annex-i", "value": False, "rationale": "x"},
        "/duties": {"obligation": "ai-act.4"},
        "/steps": {"step": "initial_report"},
        "/applicability": {"way": "as_asked"},
        "/attestations": {"answer": "unmet", "role": "x"},
        "/versions": {"text": "x", "effective_from": "2026-12-01"},
    }
    if one.method in {"GET", "DELETE"}:
        return None
    risk = f"risk:{side.names['programs']}/{side.names['risks']}"
    bill = f"invoice:{side.names['vendors']}/{side.names['invoices']}"
    special: dict[str, object] = {
        "/programs/{slug}/forums/{key}/meetings/{int:number}/minutes": {"words": "x"},
        "/comments": {"about": risk, "text": "x"},
        "/vendors/{key}/invoices/{invoice}/move": {"move": "reopen"},
        "/vendor-approvals": {"subject": bill, "functions": ["finance"]},
        "/vendor-approvals/{uuid:ask}/answer": {"decision": "approved"},
        "/programs/{slug}/purchases/{key}/changes": {"amount": "1", "reason": "x"},
        "/programs/{slug}/purchases/{key}/receipts/{receipt}": {"amount": "1"},
        "/comments/{uuid:comment_id}": {"text": "x"},
        "/watches": {"about": risk, "is_on": True},
        "/thing-links": {"about": risk, "to": f"project:{side.names['projects']}"},
        "/comments/{uuid:comment_id}/restore": {},
        "/thing-links/{uuid:link_id}/restore": {"version": 1},
        "/programs/{slug}/calendars/{name}": {"calendar": {}},
        "/people/{key}/skills": {"skills": {}},
        "/people/{key}/certifications": {"name": "x"},
        "/skill-needs": {"sort": "role", "about": "x", "skill": "x", "level": 1},
        "/projects/{slug}/monitors": {"key": "n", "kind": "drift", "subject": "model:x"},
        "/monitors/{key}/restore": {"version": 1},
        "/monitors/{key}/trial": {"question": "x", "plan": {"metrics": ["x"]}},
        "/monitors/{key}/trial/amend": {"changes": {"metrics": ["y"]}, "reason": "x"},
        "/monitors/{key}/trial/decide": {"decision": "stop"},
        "/retraining-proposals/{key}/dismiss": {"reason": "x"},
        "/connections/{key}": {"kind": "duckdb", "address": "x.duckdb"},
        "/sources/{name}": {"url": "https://x.example.org"},
        "/programs/{slug}/objectives/{key}": {"name": "x"},
        "/releases/{uuid:release_id}/gates": {"template": side.names["gate-templates"]},
        "/gates/{uuid:gate_id}/rules": {"template": side.names["gate-templates"]},
        "/gate-templates/{key}": {"rules": "x"},
        "/gate-templates/{key}/stages/{stage}/requirements/{name}": {"rule": {"given": "x"}},
        "/gates/{uuid:gate_id}/approvals": {"functions": ["legal"]},
        "/gates/{uuid:gate_id}/decisions": {"outcome": "hold"},
        "/gates/{uuid:gate_id}/waivers": {
            **dict.fromkeys(("requirement", "owner", "reason"), "x"),
            "until": "2000-01-01",
        },
        "/gate-approvals/{uuid:request_id}/answer": {"decision": "refused"},
        "/gate-conditions/{uuid:condition_id}/meet": {"statement": "x"},
        "/systems/{slug}/attestations": {
            **{"criterion": "mlts:data-3", "role": "x", "answer": "unmet"},
            **{"link": "https://x.example.org", "done_on": "2026-11-01"},
        },
        "/systems/{slug}/attestations/withdraw": {"criterion": "mlts:data-3"},
        "/systems/{slug}/maturity-goals": {"model": "mlts", "target": 1},
        "/stage-templates/{uuid:template_id}": {"stages": [{"id": "a", "name": "A"}]},
    }
    if one.path in special:
        return special[one.path]
    for ending, body in bodies.items():
        if one.path.endswith(ending):
            return body
    return {}


def test_a_body_may_not_point_across_the_wall(world: World) -> None:
    cast, ours, theirs = world.cast, world.ours, world.theirs
    alice = caller(cast.alice)
    program, project = ours.names["programs"], ours.names["projects"]
    item = f"/projects/{project}/items/{ours.names['items']}"
    there = theirs.names
    risk = f"risk:{there['programs']}/{there['risks']}"
    requests: list[tuple[str, str, object]] = [
        ("POST", "/comments", {"about": risk, "text": "x"}),
        ("POST", "/watches", {"about": risk, "is_on": True}),
        ("POST", "/thing-links", {"about": risk, "url": "https://example.org/"}),
        ("POST", "/thing-links", {"about": f"program:{program}", "to": risk}),
        ("POST", f"/subjects/{ours.names['subjects']}/place", {"project": there["projects"]}),
        ("POST", f"/programs/{program}/projects", {"name": "N", "system": there["systems"]}),
        ("PATCH", f"/projects/{project}", {"system": there["systems"]}),
        ("POST", f"{item}/dependencies", {"predecessor": there["dependencies"]}),
        ("POST", f"{item}/needs", {"resource": there["resources"], "units": 1}),
        ("PUT", f"/programs/{program}/budget/new", {"amount": "1", "project": there["projects"]}),
        ("PUT", f"/programs/{program}/risks/n", {"probability": 1, "project": there["projects"]}),
        ("PUT", f"/programs/{program}/objectives/n", {"name": "N", "project": there["projects"]}),
        (
            "POST",
            f"/systems/{ours.names['systems']}/releases",
            {"name": "N", "project": there["projects"]},
        ),
        (
            "POST",
            f"/systems/{ours.names['systems']}/releases",
            {"name": "N", "template_id": there["stage-templates"]},
        ),
        (
            "POST",
            f"/programs/{program}/risk-effects",
            {"risk": ours.names["risks"], "items": [f"{there['projects']}/{there['items']}"]},
        ),
        (
            "POST",
            f"/programs/{program}/judgements",
            {"dimension": "quality", "words": "x", "project": there["projects"]},
        ),
        (
            "POST",
            "/sources",
            {"kind": "mlflow", "name": "n", "url": "https://n.org", "project": there["projects"]},
        ),
        (
            "POST",
            "/evidence",
            [
                {
                    "subject": "model:a@1",
                    "kind": "note",
                    "observed_at": "2026-10-05T12:00:00Z",
                    "project": there["projects"],
                    "payload": {"text": "x"},
                }
            ],
        ),
    ]
    for method, path, body in requests:
        match = "*" if method == "PATCH" else ""
        response = alice.send(method, path, body, If_Match=match)
        assert response.status_code in {404, 409, 422}, f"{method} {path}: {response.content!r}"


def _words(response: HttpResponse) -> str:
    """Return what an answer says, an archive's texts unpacked."""
    content = response.content
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as held:
        texts = [name for name in held.namelist() if name.endswith((".md", ".html"))]
        return " ".join(held.read(name).decode() for name in texts)


def test_nothing_that_is_read_holds_a_word_of_theirs(world: World) -> None:
    cast, ours, theirs = world.cast, world.ours, world.theirs
    alice, charlie = caller(cast.alice), caller(cast.charlie)
    told = 0
    for one in DECLARED:
        if one.method != "GET":
            continue
        mine = _words(alice.get(_address(one, ours)))
        assert FOREIGN not in mine, one.path
        other = _words(charlie.get(_address(one, theirs)))
        told += FOREIGN in other
        assert "otter" not in other, one.path
    assert told > 25, "the world is too empty for this to show anything"


@pytest.mark.parametrize(
    "path",
    [
        f"/runs?project={FOREIGN}-project",
        f"/evidence?project={FOREIGN}-project",
        f"/evidence?subject={FOREIGN}",
        f"/shifts?program={FOREIGN}-program",
        f"/comments?about=risk:{FOREIGN}-program/{FOREIGN}-risk",
        f"/watches?about=program:{FOREIGN}-program",
        f"/thing-links?about=item:{FOREIGN}-project/{FOREIGN}-item",
        f"/programs/otter-program/items?project={FOREIGN}-project",
    ],
)
def test_a_query_may_not_point_across_the_wall(world: World, path: str) -> None:
    response = caller(world.cast.alice).get(path)
    if response.status_code == 200:
        assert json.loads(response.content)["items"] == []
    else:
        assert response.status_code == 404


def test_a_member_who_left_is_let_in_no_more(world: World) -> None:
    from headway.domain.accounts.actions import remove_member
    from headway.domain.accounts.models import Member

    bob: Actor = world.cast.bob
    token = caller(bob)
    member = Member.objects.get(id=bob.member_id)
    remove_member(world.cast.alice, member.id, member.joined_at)
    assert token.get("/me").status_code == 401
