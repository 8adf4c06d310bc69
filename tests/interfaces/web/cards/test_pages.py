"""Pages of cards: what is known with its records, words written in place, files, the record."""

from __future__ import annotations

import json

import pytest
from tests.cast import AT, Cast
from tests.domain.compliance.carded import evaluated, told, with_a_model
from tests.doors import browser_of

HERE = "/w/acme/systems/"
AS_OF = "?at=2026-11-23"


@pytest.fixture
def world(cast: Cast) -> Cast:
    return with_a_model(cast)


def text_of(cast: Cast, path: str) -> str:
    answer = browser_of(cast.vera).get(HERE + path + AS_OF)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_a_card_shows_each_statement_with_its_records_and_what_is_stale(world: Cast) -> None:
    record = evaluated(world, "1", 0.9, ago=3, lasts=1)
    text = text_of(world, "cards/scores/")
    assert f">record {record}</a>" in text
    assert "Unknown: no evidence of the training data" in text
    assert 'class="statement stale"' in text
    assert "write-card" not in text  # a viewer, and the past
    listed = text_of(world, "cards/")
    assert "1 has gone stale" in listed
    assert f"{HERE}cards/scores/" in listed
    assert "Nothing is known" not in text_of(world, "datasheets/loans/")
    assert "8 Declaration of conformity" in text_of(world, "annex-iv/scoring/")


def test_words_are_written_in_place_taken_back_and_put_on_record(world: Cast) -> None:
    browser = browser_of(world.bob)
    form = HERE + "write-card/caveats/model:scores/"
    assert "what a user has to beware of" in browser.get(form).content.decode()
    typed = {"text": "Beware of frost & <ice>.", "review_by": "2030-01-01"}
    assert browser.post(form, typed).status_code == 302
    page = browser.get(HERE + "cards/scores/").content.decode()
    assert "Beware of frost &amp; &lt;ice&gt;." in page
    stale = browser.post(form, {**typed, "text": "x", "version": "7"})
    assert stale.status_code == 409
    undo = HERE + "restore-card/caveats/0/model:scores/"
    assert browser.post(undo).status_code == 302
    assert "Beware of frost" not in browser.get(HERE + "cards/scores/").content.decode()
    kept = browser.post(HERE + "record-card/model:scores/", follow=True).content.decode()
    assert "On record" in kept
    assert browser.get(HERE + "write-card/nowhere/model:scores/").status_code == 404


def test_a_card_is_taken_away_as_a_file(world: Cast) -> None:
    browser = browser_of(world.vera)
    for form, opens in (("md", b"---\ndatasets"), ("html", b"<!doctype"), ("pdf", b"%PDF")):
        answer = browser.get(f"{HERE}card-files/{form}/model:scores@1/{AS_OF}")
        assert answer.content.startswith(opens)
        assert f"model-model-scores-v1-2026-11-23.{form}" in answer["Content-Disposition"]


def test_the_json_of_an_annex_iv_file_names_records_and_what_is_unknown(world: Cast) -> None:
    drill = {"drill": "rollback", "passed": True}
    record = told(world, "system:scoring", "drill", drill, ago=1)
    answer = browser_of(world.vera).get(f"{HERE}card-files/json/system:scoring/{AS_OF}")
    document = json.loads(answer.content)
    assert record in document["records"]
    assert document["sections"][7]["verdict"] == "missing"
    assert document["as_of"] >= AT.isoformat()[:10]
    assert browser_of(world.vera).get(f"{HERE}card-files/exe/system:scoring/").status_code == 404
