"""Lost updates: of many who change the same thing at once one wins, and the others are told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence

import pytest
from django.db import connection
from django.http import HttpResponse
from tests.cast import Cast, a_program, a_project
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.programs.models import Program

PATH = "/programs/automation"

Answers = list[HttpResponse]


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, with a program."""
    a_program(cast.acme)
    return caller(cast.mia)


def test_a_change_needs_if_match(mia: Caller) -> None:
    problem_in(mia.patch(PATH, {"purpose": "x"}), 428, "if-match-needed")


@pytest.mark.parametrize("etag", ['"1-0000000000000000"', '"x"', "1", 'W/"1"', "é"])
def test_another_etag_is_told_the_current_one(mia: Caller, etag: str) -> None:
    current = mia.get(PATH)["ETag"]
    response = mia.patch(PATH, {"purpose": "x"}, etag)
    problem_in(response, 412, "changed-meanwhile")
    assert response["ETag"] == current


def test_a_weak_etag_is_not_enough(mia: Caller) -> None:
    problem_in(mia.patch(PATH, {}, f"W/{mia.get(PATH)['ETag']}"), 412, "changed-meanwhile")


def test_one_of_several_etags_will_do_and_so_will_any(mia: Caller) -> None:
    etag = mia.get(PATH)["ETag"]
    value_in(mia.patch(PATH, {"purpose": "x"}, f'"other", {etag}'))
    value_in(mia.patch(PATH, {"purpose": "y"}, "*"))


def test_the_etag_of_another_thing_is_not_this_ones(cast: Cast, mia: Caller) -> None:
    a_program(cast.acme, "second")
    etag = mia.get("/programs/second")["ETag"]
    problem_in(mia.patch(PATH, {"purpose": "x"}, etag), 412, "changed-meanwhile")


def test_setting_what_is_there_keeps_the_version(mia: Caller) -> None:
    first = mia.get(PATH)
    again = mia.patch(PATH, {"name": value_in(first)["name"]}, first["ETag"])
    assert again["ETag"] == first["ETag"]


def test_a_stale_change_of_what_is_gone_is_not_found_to_others(cast: Cast, mia: Caller) -> None:
    etag = mia.get(PATH)["ETag"]
    problem_in(caller(cast.charlie).patch(PATH, {"purpose": "x"}, etag), 404, "not-found")


def _at_once(secret: str, requests: Sequence[tuple[str, str, object]], etag: str) -> Answers:
    """Send requests with one ETag at the same moment; return their answers."""
    start = threading.Barrier(len(requests))
    answers: Answers = []

    def send(method: str, path: str, body: object) -> None:
        try:
            start.wait(timeout=60)
            answers.append(Caller(secret).send(method, path, body, If_Match=etag))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_twenty_changes_at_once_one_wins_and_nineteen_are_told(lasting_cast: Cast) -> None:
    a_program(lasting_cast.acme)
    mia = caller(lasting_cast.mia)
    changes = [("PATCH", PATH, {"purpose": f"by {number}"}) for number in range(20)]
    answers = _at_once(mia.secret, changes, mia.get(PATH)["ETag"])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    [winner] = [answer for answer in answers if answer.status_code == 200]
    program = Program.objects.get(slug="automation")
    assert (program.version, program.purpose) == (2, value_in(winner)["purpose"])
    for loser in answers:
        assert loser["ETag"] == winner["ETag"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "read", "bodies"),
    [
        ("/calendar", "", [{"calendar": {"weekdays": [0, 1, number]}} for number in range(2, 6)]),
        ("/objectives/save", "/objectives/save", [{"name": f"Save {n}"} for n in range(4)]),
    ],
)
def test_what_is_set_whole_is_set_by_one_of_many(
    lasting_cast: Cast, path: str, read: str, bodies: Sequence[object]
) -> None:
    a_program(lasting_cast.acme)
    mia = caller(lasting_cast.mia)
    mia.put(f"{PATH}/objectives/save", {"name": "Save"})
    etag = mia.get(f"{PATH}{read}")["ETag"]
    changes = [("PUT", f"{PATH}{path}", body) for body in bodies]
    answers = _at_once(mia.secret, changes, etag)
    told = [answer.content for answer in answers]
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 3}, told


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{PATH}/budget/labels", {"amount": "20.00"}),
        ("/projects/meter-reading/criteria/recall", {"target": 0.95}),
    ],
)
def test_what_changes_meanwhile_is_not_taken_away(
    lasting_cast: Cast, path: str, body: object
) -> None:
    a_project(lasting_cast.acme, program=a_program(lasting_cast.acme))
    mia = caller(lasting_cast.mia)
    first = {"amount": "10.00", "subject": "model:m", "metric": "recall", "target": 0.9}
    wanted = {"amount"} if "budget" in path else {"subject", "metric", "target"}
    value_in(mia.put(path, {name: first[name] for name in wanted}))
    etag = mia.get(path)["ETag"]
    answers = _at_once(mia.secret, [("PUT", path, body), ("DELETE", path, None)], etag)
    codes = {answer.status_code for answer in answers}
    is_changed = any(
        answer.status_code == 200 and b'"version":2' in answer.content for answer in answers
    )
    assert codes & {200, 204}
    assert not (is_changed and 204 in codes), "a change that nobody read was taken away"


def test_a_link_is_not_taken_from_an_item_that_changed(mia: Caller) -> None:
    value_in(mia.post(f"{PATH}/projects", {"name": "Meter reading"}), 201)
    for key in ("a", "b"):
        value_in(mia.post("/projects/meter-reading/items", {"key": key, "name": key}), 201)
    item = "/projects/meter-reading/items/b"
    value_in(mia.post(f"{item}/dependencies", {"predecessor": "meter-reading/a"}))
    old = mia.get(item)["ETag"]
    value_in(mia.patch(item, {"estimate": [1, 2, 3]}, old))
    link = f"{item}/dependencies/meter-reading/a"
    problem_in(mia.delete(link, old), 412, "changed-meanwhile")
    assert mia.delete(link, mia.get(item)["ETag"]).status_code == 204
