"""Claims about packs by the API: audiences, the written reason, decks of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway import clock
from headway.rendering.report.starter import starter_deck

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, with a program of one project."""
    mia = caller(cast.mia)
    value_in(mia.post("/programs", {"name": "Fraud", "target": "2027-01-15"}), 201)
    value_in(mia.post("/programs/fraud/projects", {"name": "Scores"}), 201)
    return mia


def test_one_pack_is_taken_away_for_each_audience_and_whole(mia: Caller) -> None:
    body = {"audiences": ["executive", "compliance"]}
    made = value_in(mia.post("/programs/fraud/reports", body), 201)
    assert made["audiences"] == ["executive", "compliance"]
    file = "/programs/fraud/reports/1/file?format=md&audience=compliance"
    assert b"Compliance report" in mia.get(file).content
    whole = mia.get("/programs/fraud/reports/1/files")
    assert whole["Content-Type"] == "application/zip"
    problem_in(mia.get("/programs/fraud/reports/1/file?audience=board"), 422, "invalid")
    problem_in(mia.get("/programs/fraud/reports/1/file?audience=vendor"), 404, "not-found")


def test_a_greener_judgement_needs_a_reason_here_too(mia: Caller) -> None:
    until = (clock.now() + timedelta(days=9)).date().isoformat()
    words = {"dimension": "quality", "words": "It holds.", "level": "good", "until": until}
    value_in(mia.post("/programs/fraud/judgements", words), 201)
    refused = mia.post("/programs/fraud/reports", {})
    assert "write the reason" in problem_in(refused, 422, "invalid")["detail"]
    body = {"reason": "Two labs agree."}
    assert value_in(mia.post("/programs/fraud/reports", body), 201)["reason"] == "Two labs agree."


def test_a_deck_is_kept_and_packs_are_laid_out_on_it(mia: Caller) -> None:
    kept = mia.send("POST", "/deck-templates?name=Ours&default=true", starter_deck(), PPTX)
    assert value_in(kept)["is_default"]
    assert value_in(mia.post("/programs/fraud/reports", {}), 201)["template"] == "Ours"
    [line] = value_in(mia.get("/deck-templates"))["items"]
    assert "no place for" in line["sentence"]
    mia.post("/deck-templates/Ours/retire", {})
    assert value_in(mia.get("/deck-templates"))["items"] == []
    broken = mia.send("POST", "/deck-templates?name=Ours", b"nothing", PPTX)
    assert "not a whole PPTX" in problem_in(broken, 422, "invalid")["detail"]
