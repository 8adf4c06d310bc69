"""Every address × everybody who may knock, against the checked-in table `permissions.csv`.

A new address without a row fails. Cells: ok (answered), login (sent to sign in), refused (403),
not_found (404). To see what a new address answers: run this test and read its message.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.security.conftest import WHO, World
from tests.security.operations import Operation, operations
from tests.security.test_headers import assert_guarded_as, has_inline

TABLE = Path(__file__).with_name("permissions.csv")
OPERATIONS = {str(operation): operation for operation in operations()}


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(newline="") as file:
        return {f"{row['method']} /{row['route']}": row for row in csv.DictReader(file)}


def class_of(response: HttpResponse) -> str:
    """Return the cell that `response` is; anything unforeseen is shown as its status."""
    if response.status_code == 401:
        return "login"
    if response.status_code in {301, 302, 303}:
        to_sign_in = response["Location"].split("?")[0] == settings.LOGIN_URL
        return "login" if to_sign_in else "ok"
    if response.status_code in {403, 404}:
        return {403: "refused", 404: "not_found"}[response.status_code]
    # A malformed or outdated question was let in and judged: that is what the table is about.
    return (
        "ok"
        if response.status_code in {200, 201, 204, 400, 409, 422}
        else str(response.status_code)
    )


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert table().keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_everybody_is_answered_as_the_table_says_and_guarded(world: World, name: str) -> None:
    """And no page runs what stands in it: the headers say so, and nothing inline does."""
    operation, row = OPERATIONS[name], table().get(name, {})
    answers, address = {}, operation.at(world.here)
    for who in WHO:
        with transaction.atomic():
            answer = knock(operation, world.browser(who), address)
            transaction.set_rollback(True)
        answers[who] = class_of(answer)
        assert_guarded_as(address, answer)
        if who in {"anonymous", "owner"}:
            assert not has_inline(answer), who
    assert answers == {who: row.get(who) for who in WHO}, ",".join(answers.values())


def knock(operation: Operation, client: Client, address: str) -> HttpResponse:
    client.raise_request_exception = False
    return operation.ask(client, address)
