from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.cast import AT, Cast

from headway.domain.accounts.models import AuditEntry
from headway.domain.sources.actions import add_source, ask_sync, disconnect_source, edit_source
from headway.domain.sources.models import Source
from headway.domain.sources.queries import source_named, sources_page
from headway.domain.sources.rules import SourceDraft, Standing, is_due, needs_sweep, reveal
from headway.errors import Conflict, Invalid, NotFound, Refused

SECRET = "s3cret-of-the-tracker"
DRAFT = SourceDraft("mlflow", "tracker", "https://mlflow.example.org", secret=SECRET)


@pytest.fixture
def tracker(cast: Cast) -> Source:
    return add_source(cast.mia, DRAFT, AT)


def kept() -> str | None:
    secret = Source.objects.get().secret
    return reveal(bytes(secret), settings.SOURCE_KEY) if secret is not None else None


def test_a_new_source_waits_to_be_read(cast: Cast, tracker: Source) -> None:
    line = source_named(cast.vera, "tracker")
    assert (line.is_waiting, line.has_secret, line.has_webhook) == (True, True, False)
    assert AuditEntry.objects.filter(action="add_source").count() == 1


def test_no_query_and_no_audit_row_holds_the_secret(cast: Cast, tracker: Source) -> None:
    said = repr(sources_page(cast.alice)) + repr(list(AuditEntry.objects.values()))
    assert SECRET not in said


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's file")
def test_the_database_file_does_not_hold_the_secret(lasting_cast: Cast) -> None:
    add_source(lasting_cast.mia, replace(DRAFT, webhook_secret=SECRET), AT)
    place = Path(str(connection.settings_dict["NAME"]))
    files = [place, place.with_name(place.name + "-wal")]
    content = b"".join(file.read_bytes() for file in files if file.exists())
    assert b"mlflow.example.org" in content
    assert SECRET.encode() not in content


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("https://mlflow.example.org/prefix", True),
        ("https://MLFLOW.example.org:443", True),
        ("http://mlflow.example.org", False),
        ("https://mlflow.example.org:444", False),
        ("https://mlflow.example.org.evil.example", False),
        ("https://mlflow.example.org@evil.example", False),
    ],
)
def test_another_origin_never_sees_the_secret(
    cast: Cast, tracker: Source, address: str, stays: bool
) -> None:
    draft = replace(DRAFT, url=address, secret=None)
    try:
        edit_source(cast.mia, "tracker", draft, AT)
    except Invalid:
        assert not stays
        return
    assert kept() == (SECRET if stays else None)


def test_a_new_secret_comes_with_a_new_origin(cast: Cast, tracker: Source) -> None:
    edit_source(cast.mia, "tracker", replace(DRAFT, url="https://b.example", secret="new"), AT)
    assert kept() == "new"


def test_a_stale_edit_is_refused(cast: Cast, tracker: Source) -> None:
    edit_source(cast.mia, "tracker", DRAFT, AT, version=1)
    with pytest.raises(Conflict, match="version 2, not 1"):
        edit_source(cast.mia, "tracker", DRAFT, AT, version=1)


def test_disconnecting_forgets_the_secrets_and_reads_no_more(cast: Cast, tracker: Source) -> None:
    disconnect_source(cast.mia, "tracker", AT)
    assert kept() is None
    assert not source_named(cast.mia, "tracker").is_waiting


@pytest.mark.parametrize("name", ["", "Upper", "a b", "x" * 61])
def test_a_name_that_no_address_can_hold_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid):
        add_source(cast.mia, replace(DRAFT, name=name), AT)


def test_two_sources_of_one_name_are_refused(cast: Cast, tracker: Source) -> None:
    with pytest.raises(Conflict):
        add_source(cast.mia, DRAFT, AT)


def test_an_unknown_kind_address_or_project_is_refused(cast: Cast) -> None:
    for spoilt in ({"kind": "fax"}, {"url": "ftp://x"}, {"options": {"odd": 1}}):
        with pytest.raises(Invalid):
            add_source(cast.mia, replace(DRAFT, **spoilt), AT)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        add_source(cast.mia, replace(DRAFT, project="nothing"), AT)


def test_only_managers_and_owners_connect_and_strangers_find_nothing(
    cast: Cast, tracker: Source
) -> None:
    for actor in (cast.bob, cast.ana, cast.vera, cast.vic):
        with pytest.raises(Refused):
            edit_source(actor, "tracker", DRAFT, AT)
    with pytest.raises(NotFound):
        edit_source(cast.charlie, "tracker", DRAFT, AT)
    with pytest.raises(NotFound):
        source_named(cast.charlie, "tracker")
    ask_sync(cast.bob, "tracker", AT)


HOUR = timedelta(hours=1)
CALM = Standing(True, HOUR, None, AT, AT, None, 0)


def test_a_source_is_due_by_its_interval_or_when_asked() -> None:
    assert not is_due(CALM, AT + HOUR / 2)
    assert is_due(CALM, AT + HOUR)
    assert is_due(replace(CALM, wanted_at=AT + HOUR / 4), AT + HOUR / 2)
    assert is_due(replace(CALM, synced_at=None), AT)
    assert not is_due(replace(CALM, is_enabled=False), AT + 9 * HOUR)


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 6), (50, 6)])
def test_failures_double_the_wait_up_to_six_hours(failures: int, hours: int) -> None:
    failed = replace(CALM, failed_at=AT, failures_in_a_row=failures)
    assert not is_due(failed, AT + hours * HOUR - timedelta(seconds=1))
    assert is_due(failed, AT + hours * HOUR)


def test_everything_is_compared_once_a_day() -> None:
    assert not needs_sweep(CALM, AT + 23 * HOUR)
    assert needs_sweep(CALM, AT + 24 * HOUR)
    assert needs_sweep(replace(CALM, swept_at=None), AT)
