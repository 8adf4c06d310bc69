"""Every line of `doctor`, well and broken for real: a check that cannot fail is worth nothing."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from pytest_django.fixtures import Settings
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.guards import released_guards

from headway import clock
from headway.analysis import compiled
from headway.domain.accounts.models import AuditEntry, Workspace
from headway.domain.accounts.rules.append_only import TABLES, release_statements, trigger_names
from headway.domain.installation.models import Tick
from headway.domain.installation.queries import alarms, doctor
from headway.domain.installation.rules import SILENCE, Finding, worker_finding
from headway.domain.sources.actions import add_source
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft

on_sqlite = pytest.mark.skipif(
    "sqlite" not in django_settings.DATABASES["default"]["ENGINE"], reason="of SQLite"
)
on_postgres = pytest.mark.skipif(
    "sqlite" in django_settings.DATABASES["default"]["ENGINE"], reason="of PostgreSQL"
)


def found(name: str, *, workspace: str = "") -> Finding:
    (one,) = [one for one in doctor(AT, workspace=workspace) if one.name == name]
    return one


@pytest.fixture
def home(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own, with both keys."""
    settings.HOME = tmp_path
    for name in ("secret_key", "source_key"):
        monkeypatch.delenv(f"HEADWAY_{name.upper()}_FILE", raising=False)
        (tmp_path / name).write_text("key")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def test_a_well_installation_has_no_bad_line_but_those_tests_make(cast: Cast, home: Path) -> None:
    Tick.objects.create(at=AT, seconds=0.1)
    # The tests' own databases do not wait for the disk; doctor rightly says so.
    assert [one.name for one in doctor(AT) if not one.is_well] == ["database"]


# --- the data folder and its keys


def test_a_full_disk_is_said(cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    assert found("data folder").is_well
    monkeypatch.setattr(shutil, "disk_usage", lambda _home: usage(10**12, 10**12, 10**8))
    assert not found("data folder").is_well
    assert "0.1 GB free" in found("data folder").sentence


def test_a_folder_that_cannot_be_written_is_said(
    cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # root may write everywhere
    assert not found("data folder").is_well
    assert "NOT writable" in found("data folder").sentence


@pytest.mark.parametrize("name", ["secret_key", "source_key"])
class TestKeys:
    def test_a_key_is_its_owners_only(self, cast: Cast, home: Path, name: str) -> None:
        assert found(name).is_well
        (home / name).chmod(0o400)
        assert found(name).is_well
        (home / name).chmod(0o640)
        assert not found(name).is_well
        assert f"chmod 600 {home / name}" in found(name).sentence

    def test_a_key_that_is_gone_is_said(self, cast: Cast, home: Path, name: str) -> None:
        (home / name).unlink()
        assert not found(name).is_well
        assert "put it back" in found(name).sentence

    def test_a_key_kept_elsewhere_is_looked_at_there(
        self, cast: Cast, home: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = home / "elsewhere"
        elsewhere.write_text("key")
        elsewhere.chmod(0o644)
        monkeypatch.setenv(f"HEADWAY_{name.upper()}_FILE", str(elsewhere))
        assert not found(name).is_well


# --- the database


def test_a_migration_that_has_not_run_is_said_and_nothing_else_is_asked(cast: Cast) -> None:
    assert found("tables").is_well
    MigrationRecorder(connection).record_unapplied("reports", "0003_packs")
    findings = {one.name: one for one in doctor(AT)}
    assert not findings["tables"].is_well
    assert "1 migrations" in findings["tables"].sentence
    assert "database" not in findings


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "bad", "good"),
    [("synchronous", "1", "2"), ("journal_mode", "delete", "wal"), ("foreign_keys", "0", "1")],
)
def test_a_setting_that_loses_what_was_acknowledged_is_said(
    transactional_db: None, pragma: str, bad: str, good: str
) -> None:
    with connection.cursor() as cursor:
        before = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
        cursor.execute(f"PRAGMA {pragma}={bad}")
        said = found("database")
        assert not said.is_well
        assert f"{pragma} is {bad}" in said.sentence
        cursor.execute(f"PRAGMA {pragma}={good}")
        assert pragma not in found("database").sentence
        cursor.execute(f"PRAGMA {pragma}={before}")


@on_sqlite
def test_sqlite_with_all_its_settings_is_well(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        said = found("database")
        cursor.execute("PRAGMA synchronous=OFF")
    assert said.is_well, said.sentence


@on_postgres
def test_a_server_that_does_not_wait_for_the_disk_is_said(cast: Cast) -> None:
    assert "fsync is off" in found("database").sentence  # the tests' own server runs so
    assert "synchronous_commit" not in found("database").sentence
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert "synchronous_commit is off" in found("database").sentence


@pytest.mark.parametrize("table", TABLES)
def test_a_lost_guard_is_said(cast: Cast, table: str) -> None:
    assert found("append-only").is_well
    with connection.cursor() as cursor:
        cursor.execute(release_statements(connection.vendor, table)[0])
    said = found("append-only")
    assert not said.is_well
    assert trigger_names(connection.vendor, table)[0] in said.sentence


@on_sqlite
def test_replacing_past_the_guards_is_said(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        said = found("append-only")
        cursor.execute("PRAGMA recursive_triggers=ON")
    assert not said.is_well
    assert "recursive_triggers" in said.sentence


@on_postgres
def test_a_guard_that_is_switched_off_counts_as_lost(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evidence_record DISABLE TRIGGER ALL")
    assert not found("append-only").is_well


def test_a_changed_audit_row_is_said(cast: Cast) -> None:
    add_source(cast.mia, SourceDraft("mlflow", "tracker", "https://mlflow.example.org"), AT)
    assert found("chains of acme").is_well
    with released_guards():
        AuditEntry.objects.filter(workspace=cast.acme).update(text="{}")
    assert not found("chains of acme").is_well
    assert found("chains of other").is_well


# --- the worker


def test_a_fresh_installation_waits_for_its_worker_and_an_old_one_misses_it(cast: Cast) -> None:
    assert found("worker").is_well
    Workspace.objects.update(created_at=AT - SILENCE)
    said = found("worker")
    assert not said.is_well
    assert "headway up starts it" in said.sentence


def test_a_worker_that_fell_silent_is_said(cast: Cast) -> None:
    Tick.objects.create(at=AT - SILENCE + timedelta(seconds=1), seconds=0.1)
    Workspace.objects.update(created_at=AT - timedelta(days=1))
    assert found("worker").is_well
    Tick.objects.update(at=AT - SILENCE)
    assert not found("worker").is_well
    assert "has not run since 2026-11-23 08:55 UTC" in found("worker").sentence


def test_a_pinned_sample_misses_no_worker() -> None:
    assert worker_finding(None, "", None, AT).is_well


def test_what_failed_in_a_turn_is_said_to_its_own_workspace_only(cast: Cast) -> None:
    outcome = {"acme": {"failures": []}, "other": {"failures": ["the forecast of secret: no"]}}
    Tick.objects.create(at=AT, seconds=0.1, outcome=outcome, failure="other: secret")
    assert not found("worker").is_well
    assert found("worker", workspace="acme").is_well
    assert "secret" not in found("worker", workspace="acme").sentence
    assert not found("worker", workspace="other").is_well


def test_the_connectors_page_carries_a_banner_while_the_worker_is_silent(cast: Cast) -> None:
    now = clock.now()
    Workspace.objects.update(created_at=now - timedelta(days=1))
    page = reverse("sources", args=["acme"])
    assert b"The worker has not run yet" in browser_of(cast.vera).get(page).content
    Tick.objects.create(at=now, seconds=0.1)
    assert b"The worker has not run" not in browser_of(cast.vera).get(page).content


def test_the_connectors_page_carries_a_banner_while_a_guard_is_lost(cast: Cast) -> None:
    page = reverse("sources", args=["acme"])
    assert b"the ledger could be changed" not in browser_of(cast.vera).get(page).content
    with connection.cursor() as cursor:
        cursor.execute(release_statements(connection.vendor, "evidence_record")[0])
    assert b"the ledger could be changed" in browser_of(cast.vera).get(page).content
    assert [one.name for one in alarms(AT, "acme")] == ["append-only"]


# --- sources and doors


def test_a_source_that_fails_is_said_and_another_workspaces_is_not(cast: Cast) -> None:
    add_source(cast.mia, SourceDraft("mlflow", "tracker", "https://mlflow.example.org"), AT)
    assert found("source acme/tracker").is_well
    Source.objects.update(failures_in_a_row=1, failure="It refused the credentials.")
    assert not found("source acme/tracker").is_well
    assert found("source acme/tracker").sentence == "It refused the credentials."
    names = [one.name for one in doctor(AT, workspace="other")]
    assert not [name for name in names if "acme" in name]


def test_debugging_in_the_open_is_said(cast: Cast, settings: Settings) -> None:
    assert found("debug").is_well
    settings.DEBUG = True
    assert not found("debug").is_well


@pytest.mark.parametrize(
    ("address", "is_https", "is_well"),
    [
        ("https://headway.example.org", True, True),
        ("http://127.0.0.1:8000", False, True),
        ("http://localhost:8000", False, True),
        ("http://headway.example.org", False, False),
        ("http://127.0.0.1.evil.example", False, False),
        ("http://localhost.evil.example:8000", False, False),
    ],
)
def test_an_address_in_the_clear_is_said(
    cast: Cast, settings: Settings, address: str, is_https: bool, is_well: bool
) -> None:
    settings.BASE_URL, settings.HTTPS = address, is_https
    assert found("address").is_well is is_well


def test_an_exception_nobody_can_read_is_said(cast: Cast, settings: Settings) -> None:
    assert "public addresses only" in found("outbound").sentence
    settings.OUTBOUND_ALLOWED = "mlflow.internal:5000"
    assert "mlflow.internal:5000" in found("outbound").sentence
    settings.OUTBOUND_ALLOWED = "mlflow.internal"
    assert not found("outbound").is_well
    assert "not host:port" in found("outbound").sentence


def test_what_is_compiled_is_told_and_nothing_is_wrong_before(
    cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compiled, "KERNELS", ("headway.analysis.schedule.recipe",))
    assert found("simulation").sentence.startswith("Compiled; it lies in")
    monkeypatch.setattr(compiled, "is_loaded", lambda _: False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    one = found("simulation")
    assert one.is_well
    assert "Not compiled yet" in one.sentence
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "kernels"))
    one = found("simulation")
    assert not one.is_well
    assert "cannot be written" in one.sentence
