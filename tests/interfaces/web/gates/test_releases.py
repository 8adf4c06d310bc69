"""Pages of releases: what is on its way, where each stands, and a new one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.gates.actions import open_gates
from headway.domain.gates.queries import gate_standings
from headway.domain.gates.rules.facts import GateFacts
from headway.domain.programs.actions import create_release, create_system, move_release
from headway.domain.programs.rules import ReleaseFacts

HERE = "/w/acme/releases/"


@pytest.fixture
def release(cast: Cast) -> ReleaseFacts:
    create_system(cast.alice, {"name": "Meter reading"}, AT)
    return create_release(cast.bob, "meter-reading", "v3", AT)


def text_of(cast: Cast, path: str = "", who: str = "bob") -> str:
    answer = browser_of(getattr(cast, who)).get(HERE + path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_empty_page_teaches_and_offers_what_the_reader_may_do(cast: Cast) -> None:
    assert "Nobody has started a release yet." in text_of(cast, who="vera")
    assert "Make the first ML system" in text_of(cast, who="mia")
    form = {"name": "Meter reader", "tier": "high", "state": "building"}
    browser = browser_of(cast.mia)
    assert browser.post(HERE + "new-system/", {**form, "name": ""}).status_code == 422
    assert browser.post(HERE + "new-system/", form).status_code == 302
    assert "Start the first release" in text_of(cast)
    assert browser.post(HERE + "new-system/", form).status_code == 409


def test_a_release_is_listed_with_its_stage(cast: Cast, release: ReleaseFacts) -> None:
    move_release(cast.bob, release.id, "data", AT)
    text = text_of(cast)
    assert "Of 1 release: 1 with no gate ahead." in text
    assert "Meter reading v3" in text
    assert ">Data" in text


def test_a_release_shows_the_way_it_took_back_and_forth(cast: Cast, release: ReleaseFacts) -> None:
    move_release(cast.bob, release.id, "validate", AT)
    move_release(cast.bob, release.id, "experiment", AT, reason="the labels were wrong")
    text = text_of(cast, f"{release.id}/")
    assert "It stands in experiment." in text
    assert "1 of them back" in text
    assert "the labels were wrong" in text
    assert 'class="here" aria-current="step"><span>Experiment' in text


def test_a_release_is_started_by_its_form(cast: Cast) -> None:
    create_system(cast.alice, {"name": "Meter reading"}, AT)
    form = {"system": "meter-reading", "name": "v4"}
    browser = browser_of(cast.bob)
    assert browser.post(HERE + "new/", {**form, "name": ""}).status_code == 422
    answer = browser.post(HERE + "new/", form)
    assert answer.status_code == 302
    assert answer["Location"] == HERE
    assert "Meter reading v4" in text_of(cast)
    again = browser.post(HERE + "new/", form)
    assert again.status_code == 409
    assert "v4" in again.content.decode()


def test_another_workspace_finds_no_release(cast: Cast, release: ReleaseFacts) -> None:
    assert browser_of(cast.charlie).get(HERE + f"{release.id}/").status_code == 404


class TestGates:
    @pytest.fixture
    def gates(self, cast: Cast, release: ReleaseFacts) -> Sequence[GateFacts]:
        return open_gates(cast.mia, release.id, "tabular", AT)

    def test_the_list_says_what_is_lacking_and_who_owes_it(
        self, cast: Cast, gates: Sequence[GateFacts]
    ) -> None:
        text = text_of(cast)
        assert "Of 1 release: 1 before a closed gate." in text
        assert "Data checked" in text
        assert "data engineering" in text
        assert f"{HERE}gates/{gates[0].id}/" in text

    def test_a_gate_says_why_and_how_to_give_what_is_lacking(
        self, cast: Cast, gates: Sequence[GateFacts]
    ) -> None:
        text = text_of(cast, f"gates/{gates[0].id}/")
        assert "Closed: " in text
        assert "Owed by data engineering" in text
        assert "headway check quality" in text
        assert "status good" not in text

    def test_a_requirement_opens_down_to_its_terms(
        self, cast: Cast, gates: Sequence[GateFacts]
    ) -> None:
        text = text_of(cast, f"gates/{gates[0].id}/why/data-checked/")
        assert "Data checked" in text
        assert '<div class="trace">' in text
        answer = browser_of(cast.bob).get(HERE + f"gates/{gates[0].id}/why/nothing/")
        assert answer.status_code == 404

    def test_gates_are_set_and_changed_by_forms(self, cast: Cast, release: ReleaseFacts) -> None:
        browser = browser_of(cast.mia)
        page = browser.get(HERE + f"{release.id}/gates/").content.decode()
        assert "Routine retraining" in page
        sent = browser.post(HERE + f"{release.id}/gates/", {"template": "retraining"})
        assert sent.status_code == 302
        (gate,) = gate_standings(cast.mia, AT)
        form = {"subject": "model:meter-reading@7", "owner": "Ines", "due": "2027-01-04"}
        here = HERE + f"gates/{gate.gate.id}/"
        assert browser.post(here + "edit/", form).status_code == 302
        text = text_of(cast, f"gates/{gate.gate.id}/")
        assert "model:meter-reading@7" in text
        assert "Ines brings it through" in text
        assert browser.post(here + "edit/", {**form, "subject": "fraud"}).status_code == 422

    def test_another_workspace_finds_no_gate(self, cast: Cast, gates: Sequence[GateFacts]) -> None:
        assert browser_of(cast.charlie).get(HERE + f"gates/{gates[0].id}/").status_code == 404
