"""Lost updates: of many who change the same thing at once one wins, and the others are told."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection
from django.http import HttpResponse
from tests.cast import Cast, a_program
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.programs.models import Program

PATH = "/programs/automation"


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


@pytest.mark.django_db(transaction=True)
def test_of_twenty_changes_at_once_one_wins_and_nineteen_are_told(lasting_cast: Cast) -> None:
    a_program(lasting_cast.acme)
    mia = caller(lasting_cast.mia)
    etag = mia.get(PATH)["ETag"]
    start = threading.Barrier(20)
    answers: list[HttpResponse] = []

    def change(number: int) -> None:
        try:
            start.wait(timeout=60)
            answers.append(Caller(mia.secret).patch(PATH, {"purpose": f"by {number}"}, etag))
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    [winner] = [answer for answer in answers if answer.status_code == 200]
    program = Program.objects.get(slug="automation")
    assert (program.version, program.purpose) == (2, value_in(winner)["purpose"])
    for loser in answers:
        assert loser["ETag"] == winner["ETag"]
