"""Claims about the command palette: what it finds, for whom."""

from __future__ import annotations

import pytest
from tests.cast import Cast, a_project
from tests.doors import browser_of

from headway.domain.accounts.rules import Actor


def found(actor: Actor, asked: str) -> str:
    response = browser_of(actor).get("/w/acme/palette/", {"q": asked})
    assert response.status_code == 200
    return response.content.decode()


def test_a_number_opens_the_record_of_that_number(cast: Cast) -> None:
    assert "/w/acme/evidence/1204/" in found(cast.vera, "1204")
    assert "/w/acme/evidence/1204/" in found(cast.vera, "record 1204")


def test_a_project_is_found_by_a_word_of_its_name(cast: Cast) -> None:
    a_project(cast.acme, "meter-reading")
    assert "/w/acme/projects/meter-reading/" in found(cast.vera, "meter")


@pytest.mark.parametrize(("who", "is_offered"), [("alice", True), ("vera", False)])
def test_only_what_one_may_do_is_offered(cast: Cast, who: str, is_offered: bool) -> None:
    assert ("settings/sources/add/" in found(getattr(cast, who), "mlflow")) is is_offered


def test_nothing_fits_is_said(cast: Cast) -> None:
    assert "Nothing fits" in found(cast.vera, "zzz")
