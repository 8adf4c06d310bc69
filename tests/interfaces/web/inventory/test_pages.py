"""Pages of the inventory: the alarm first, history as intervals, and what people say of things."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.domain.gates.actions.test_reconciling import RULES, look, move
from tests.domain.gates.standing_before import DAY, before_a_gate, recall
from tests.doors import browser_of

from headway.domain.gates.actions import add_gate_template, open_gates
from headway.domain.inventory.queries import model_said

HERE = "/w/acme/systems/"


@pytest.fixture
def alarmed(cast: Cast) -> Cast:
    """Let @champion move to a version whose gate never passed."""
    before = before_a_gate(cast)
    add_gate_template(cast.alice, RULES, AT)
    open_gates(cast.mia, before.release, "last", AT)
    recall(cast)
    move(cast, "1", None, AT + DAY)
    look(cast, AT + DAY)
    return cast


def test_the_alarm_is_the_answer_of_the_list_and_stands_on_the_models_page(alarmed: Cast) -> None:
    browser = browser_of(alarmed.bob)
    text = lambda path: browser.get(path).content.decode()  # noqa: E731
    assert "Registry alarm: @champion of screen points to version 1" in text(f"{HERE}models/")
    page = text(f"{HERE}models/screen/?on=2026-11-23")
    assert "Version 1 serves since 24 Nov 2026 (@champion)." in page
    assert "That is not what its gate decided." in page
    assert "@champion was unknown: nobody had looked yet." in page
    assert "@champion was version 1." in text(f"{HERE}models/screen/?on=2026-11-24")
    assert browser.get(f"{HERE}models/screen/?on=never").status_code == 200
    assert "its gate to live never passed" in text("/w/acme/")
    assert "Nothing of it is known to serve." in text(f"{HERE}models/screen/?at=2026-11-23")


def test_what_somebody_says_is_kept_in_their_name_and_can_be_taken_back(alarmed: Cast) -> None:
    browser = browser_of(alarmed.bob)
    address = f"{HERE}edit-model/screen/"
    assert browser.get(address).status_code == 200
    for number, owner in enumerate(("Bob", "Mia")):
        said = {"owner": owner, "tier": "high", "system": "screening-aid", "version": number or ""}
        assert browser.post(address, said).status_code == 302
    held = model_said(alarmed.vera, "screen")
    assert (held.owner, held.version) == ("Mia", 2)
    assert browser.post(address, {"owner": "Bo", "version": 1}).status_code == 409
    assert browser.post(address, {"owner": "Bo", "tier": "low"}).status_code == 422
    assert browser.post(f"{HERE}restore-model/1/screen/").status_code == 302
    assert model_said(alarmed.vera, "screen").owner == "Bob"
    assert browser_of(alarmed.vera).get(address).status_code == 403
