"""Claims about the evidence list, the record page and the inbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_project
from tests.doors import browser_of

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.models import Subject
from headway.observation import Observation, SubjectRef

EVALUATION: dict[str, object] = {
    "metric": "recall",
    "value": 0.953,
    "n": 64,
    "low": 0.87,
    "high": 0.99,
    "confidence": 0.95,
    "dataset": "held-out",
    "segments": [{"segment": "digit=3", "value": 0.906, "n": 32}],
}


def push(actor: Actor, kind: str, payload: dict[str, object], **more: object) -> None:
    values: dict[str, object] = {"observed_at": AT, "project": None, "valid_until": None} | more
    subject = SubjectRef.parse("model:meter@3")
    observation = Observation(subject=subject, kind=kind, source="tests", payload=payload, **values)  # type: ignore[arg-type]
    record_evidence(actor, [observation], AT, may_lack_project=True)


def page(actor: Actor, address: str) -> str:
    response = browser_of(actor).get(f"/w/acme/evidence/{address}")
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_ledger_says_how_evidence_arrives(cast: Cast) -> None:
    assert "Connect MLflow" in page(cast.alice, "")
    assert "a pipeline pushes a file" in page(cast.vera, "")


def test_the_list_is_narrowed_by_its_address(cast: Cast) -> None:
    push(cast.alice, "evaluation", EVALUATION)
    push(cast.alice, "note", {"text": "hello"})
    assert "/w/acme/evidence/1/" not in page(cast.vera, "?kind=note")
    assert "/w/acme/evidence/2/" in page(cast.vera, "?kind=note")
    assert "No record fits" in page(cast.vera, "?subject=nobody")


def test_a_record_is_read_as_a_sentence_first(cast: Cast) -> None:
    push(cast.alice, "evaluation", EVALUATION)
    text = page(cast.vera, "1/")
    assert "recall 0.953, 95.0 % interval 0.87 to 0.99, 64 cases on held-out (test)." in text
    assert "digit=3" in text
    assert "holds: content, time and place give this digest" in text


def test_a_stale_record_says_so_in_the_list_and_on_its_page(cast: Cast) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    push(cast.alice, "note", {"text": "old"}, observed_at=old, valid_until=old + timedelta(days=9))
    assert "Stale" in page(cast.vera, "")
    assert "This record is stale" in page(cast.vera, "1/")


def test_a_payload_is_escaped(cast: Cast) -> None:
    push(cast.alice, "note", {"text": "<script>alert(1)</script>"})
    assert "<script>alert" not in page(cast.vera, "1/")


def test_another_workspace_s_record_does_not_exist(cast: Cast) -> None:
    push(cast.charlie, "note", {"text": "theirs"})
    assert browser_of(cast.alice).get("/w/acme/evidence/1/").status_code == 404


def test_a_contributor_places_a_subject_and_the_inbox_empties(cast: Cast) -> None:
    a_project(cast.acme, "meter-reading")
    push(cast.alice, "note", {"text": "hello"})
    subject = Subject.objects.get(workspace=cast.acme)
    assert "1 subject belongs" in page(cast.bob, "unplaced/")
    response = browser_of(cast.bob).post(
        f"/w/acme/evidence/subjects/{subject.id}/place/", {"project": "meter-reading"}
    )
    assert response.status_code == 302
    assert "Every subject belongs to a project, or is scratch." in page(cast.bob, "unplaced/")
    browser_of(cast.bob).post(f"/w/acme/evidence/subjects/{subject.id}/place/")  # undo
    assert "1 subject belongs" in page(cast.bob, "unplaced/")


def test_a_viewer_sees_the_inbox_without_the_form(cast: Cast) -> None:
    push(cast.alice, "note", {"text": "hello"})
    assert "/place/" not in page(cast.vera, "unplaced/")


def test_a_project_that_is_not_here_is_refused(cast: Cast) -> None:
    a_project(cast.other, "theirs")
    push(cast.alice, "note", {"text": "hello"})
    subject = Subject.objects.get(workspace=cast.acme)
    response = browser_of(cast.bob).post(
        f"/w/acme/evidence/subjects/{subject.id}/place/", {"project": "theirs"}
    )
    assert response.status_code == 404


def test_the_list_asks_the_same_few_questions_however_long_it_is(cast: Cast) -> None:
    counts = []
    for count in (1, 30):
        for number in range(count):
            push(cast.alice, "note", {"text": f"{count} {number}"})
        client = browser_of(cast.vera)
        client.get("/w/acme/evidence/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/w/acme/evidence/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
