"""What the worker's turn does, and that nothing which fails takes the rest with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from tests.cast import AT, Cast
from tests.domain.checkins.team import THURSDAY, a_team
from tests.peers.fault_server import serving
from tests.peers.mail_server import Postbox, postbox, text_of

import headway.domain.sources.actions.sync as sync_module
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.rules import Actor
from headway.domain.installation.actions import tick
from headway.domain.installation.actions.tick import REMEMBERED
from headway.domain.installation.models import Tick
from headway.domain.programs.actions import create_program
from headway.domain.sources.actions import add_source
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft
from headway.errors import Invalid

#: The module; its folder shows only the action of the same name.
tick_module = sys.modules[tick.__module__]

#: When the brief goes out while nobody said otherwise.
MONDAY = THURSDAY.replace(day=30, hour=7, minute=30)
__all__ = ["postbox"]  # the fixture of the same name

#: Long enough after the cast came in for every source to be due.
LATER = AT + timedelta(hours=1)


def acts_on(*, refuses: str, error: Exception, seen: list[str]) -> Callable[..., int]:
    """Return an action on a program that notes which it was asked for, and fails for one."""

    def act(_actor: Actor, slug: str, _at: object) -> int:
        seen.append(slug)
        if slug == refuses:
            raise error
        return 1

    return act


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Invalid("Item 'B' waits for itself."), "Item 'B' waits for itself."),
        (ZeroDivisionError("detail that stays in the log"), "ZeroDivisionError, see the log"),
    ],
)
def test_a_program_that_fails_does_not_stop_the_next_and_is_said(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    for slug in ("first", "second"):
        create_program(cast.mia, {"slug": slug, "name": slug}, AT)
    create_program(cast.charlie, {"slug": "third", "name": "third"}, AT)
    forecast: list[str] = []
    judged: list[str] = []
    fails = acts_on(refuses="first", error=error, seen=forecast)
    monkeypatch.setattr(tick_module, "make_forecast", fails)
    judges = acts_on(refuses="", error=error, seen=judged)
    monkeypatch.setattr(tick_module, "refresh_assessments", judges)
    outcome = tick(LATER)
    assert sorted(forecast) == sorted(judged) == ["first", "second", "third"]
    assert outcome["acme"]["shifts"] == 2  # type: ignore[index]
    kept = Tick.objects.get()
    assert kept.failure == f"acme: the forecast of first: {said}"
    assert kept.outcome["acme"]["failures"] == [f"the forecast of first: {said}"]
    assert kept.outcome["other"]["failures"] == []
    assert "stays in the log" not in kept.failure


def test_a_source_that_fails_is_said_and_the_program_is_judged_all_the_same(
    cast: Cast, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        url = server.url
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{server.port}"  # type: ignore[attr-defined]
    add_source(cast.mia, SourceDraft("mlflow", "gone", url), AT)
    create_program(cast.mia, {"slug": "first", "name": "first"}, AT)
    judged: list[str] = []
    judges = acts_on(refuses="", error=Invalid(""), seen=judged)
    monkeypatch.setattr(tick_module, "refresh_assessments", judges)
    outcome = tick(LATER)
    failed = outcome["acme"]["failed"]  # type: ignore[index]
    assert len(failed) == 1
    assert "could not be reached" in failed[0]
    assert judged == ["first"]
    assert Source.objects.get().failures_in_a_row == 1


def test_a_source_that_meets_a_bug_does_not_stop_the_next_and_keeps_its_words_to_the_log(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("alpha", "beta"):
        add_source(cast.mia, SourceDraft("mlflow", name, "https://mlflow.example.org"), AT)
    read: list[str] = []

    def options_of(source: Source) -> object:
        read.append(source.name)
        raise ZeroDivisionError("what the other side sent")

    monkeypatch.setattr(sync_module, "options_of", options_of)
    outcome = tick(LATER)
    assert read == ["alpha", "beta"]
    failed = outcome["acme"]["failed"]  # type: ignore[index]
    assert [line.split(" met ")[0] for line in failed] == ["Reading alpha", "Reading beta"]
    assert "what the other side sent" not in Tick.objects.get().outcome["acme"]["failed"][0]
    assert {row.failures_in_a_row for row in Source.objects.all()} == {1}
    assert "ZeroDivisionError" in Source.objects.get(name="alpha").failure
    assert "what the other side sent" in caplog.text


def test_a_workspace_that_fails_does_not_stop_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs_of = tick_module.programs_of
    asked: list[UUID] = []

    def fails_in_acme(actor: Actor, *arguments: object) -> object:
        asked.append(actor.workspace_id)
        if actor.workspace_id == cast.acme.id:
            raise OSError
        return programs_of(actor, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(tick_module, "programs_of", fails_in_acme)
    outcome = tick(LATER)
    assert asked == [cast.acme.id, cast.other.id]
    assert Tick.objects.get().failure == "acme: programs: OSError, see the log"
    assert outcome["acme"]["told"] == outcome["other"]["told"] == 0  # type: ignore[index]


def test_mails_that_fail_are_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_actor: Actor, _at: object) -> int:
        raise Invalid("No mail server answers.")

    monkeypatch.setattr(tick_module, "send_notices", fails)
    tick(LATER)
    assert "acme: mails: No mail server answers." in Tick.objects.get().failure


def test_a_pinned_sample_stands_still(cast: Cast) -> None:
    Workspace.objects.filter(id=cast.other.id).update(is_sample=True, pinned_at=AT)
    add_source(cast.charlie, SourceDraft("mlflow", "never", "https://mlflow.example.org"), AT)
    assert list(tick(LATER)) == ["acme"]
    source = Source.objects.get()
    assert (source.synced_at, source.failed_at) == (None, None)


def test_ticks_are_forgotten_after_a_week_and_the_newest_is_kept(cast: Cast) -> None:
    for at in (AT, AT + timedelta(minutes=1), AT + REMEMBERED + timedelta(seconds=30)):
        tick(at)
    assert [row.at for row in Tick.objects.order_by("at")] == [
        AT + timedelta(minutes=1),
        AT + REMEMBERED + timedelta(seconds=30),
    ]


def test_an_empty_installation_ticks_too(db: None) -> None:
    assert tick(AT) == {}
    assert Tick.objects.get().failure == ""


def test_one_turn_asks_mails_and_sends_the_brief(cast: Cast, postbox: Postbox) -> None:
    a_team(cast)
    done = tick(THURSDAY)
    assert done["acme"]["asked"] == 2  # type: ignore[index]
    assert done["acme"]["failures"] == []  # type: ignore[index]
    assert len(postbox.to("dana@example.com")) == 1
    assert postbox.to("mia@example.com") == []
    tick(MONDAY)
    assert len(postbox.to("mia@example.com")) == 1
    assert "Dana Roe was asked on 2026-11-26" in text_of(postbox.to("mia@example.com")[0])
