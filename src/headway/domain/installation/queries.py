"""Is this installation well? What `doctor` and the trust page answer."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import headway
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import audit_break, headway_actor, workspaces
from headway.domain.accounts.rules.append_only import trigger_names
from headway.domain.evidence.queries import chain_break
from headway.domain.installation.models import Tick
from headway.domain.installation.rules import Finding
from headway.domain.sources.queries import sources_page

#: Tables the database itself must guard.
GUARDED = ("accounts_auditentry", "evidence_record", "reports_report")

#: A worker that has not ticked for this long is not running.
SILENCE = timedelta(minutes=5)


def doctor(at: datetime, *, workspace: str = "") -> list[Finding]:
    """Return every finding about this installation, worst news not hidden by the first.

    With `workspace` (a slug) nothing is said of the other workspaces, not even their names.
    """
    findings = [_versions(), *_folder(), *_keys()]
    pending = _pending_migrations()
    findings.append(pending)
    if pending.is_well:
        findings += [
            *_database(),
            _guards(),
            _worker(at),
            *_chains(workspace),
            *_sources(workspace),
        ]
    return [*findings, *_doors()]


def configuration() -> dict[str, str]:
    """Return the settings read from the environment; secrets are named, never shown."""
    names = sorted(name for name in os.environ if name.startswith("HEADWAY_"))
    shown = {name: os.environ[name] for name in names}
    for name in shown:
        if name.endswith(("_TOKEN", "_SECRET", "_KEY")) or "EMAIL_URL" in name:
            shown[name] = "set"
    database = "set" if "DATABASE_URL" in os.environ else "SQLite in the data folder"
    return {"HEADWAY_HOME": str(settings.HOME), "DATABASE_URL": database, **shown}


def _versions() -> Finding:
    sentence = f"Headway {headway.__version__} on Python {platform.python_version()}."
    return Finding("version", True, sentence)


def _folder() -> Iterator[Finding]:
    home = Path(settings.HOME)
    free = shutil.disk_usage(home).free / 1024**3
    writable = os.access(home, os.W_OK)
    yield Finding(
        "data folder",
        writable and free > 1,
        f"{home} is {'writable' if writable else 'NOT writable'}, {free:.1f} GB free.",
    )


def _keys() -> Iterator[Finding]:
    for name in ("secret_key", "source_key"):
        path = Path(settings.HOME) / name
        if path.exists():
            mode = path.stat().st_mode & 0o777
            sentence = (
                f"{path.name} is readable by its owner only."
                if mode == 0o600
                else f"{path} has mode {mode:o}; run: chmod 600 {path}"
            )
            yield Finding(name, mode == 0o600, sentence)


def _pending_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    sentence = (
        f"{len(plan)} migrations are not applied; run headway up, which applies them."
        if plan
        else "Every table is up to date."
    )
    return Finding("tables", not plan, sentence)


def _database() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        yield Finding("database", True, f"{connection.vendor} answers.")
        return
    with connection.cursor() as cursor:
        answers = {}
        for pragma in ("quick_check", "journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            answers[pragma] = str(cursor.fetchone()[0])
    well = {"quick_check": "ok", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
    wrong = [f"{name} is {answers[name]}" for name in well if answers[name] != well[name]]
    sentence = (
        f"SQLite: {', '.join(wrong)}." if wrong else "SQLite is whole; WAL, synchronous FULL."
    )
    yield Finding("database", not wrong, sentence)


def _guards() -> Finding:
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        there = {row[0] for row in cursor.fetchall()}
    wanted = {name for table in GUARDED for name in trigger_names(connection.vendor, table)}
    missing = sorted(wanted - there)
    sentence = (
        f"The guards {', '.join(missing)} are gone: the ledger could be changed."
        if missing
        else "The ledger, the audit trail and the reports refuse change and removal."
    )
    return Finding("append-only", not missing, sentence)


def _worker(at: datetime) -> Finding:
    last = Tick.objects.order_by("-at").first()
    if last is None:
        return Finding("worker", True, "The worker has not run yet; headway up starts it.")
    is_alive = at - last.at < SILENCE and not last.failure
    sentence = last.failure or f"The last tick was at {last.at:%Y-%m-%d %H:%M} UTC."
    return Finding("worker", is_alive, sentence)


def _chosen(slug: str) -> list[Workspace]:
    """Return the workspace of this slug, all of them without one."""
    return [one for one in workspaces() if slug in ("", one.slug)]


def _chains(slug: str) -> Iterator[Finding]:
    for workspace in _chosen(slug):
        actor = headway_actor(workspace.id)
        broken = chain_break(actor) or audit_break(actor)
        sentence = broken.sentence if broken else "Ledger and audit trail hold."
        yield Finding(f"chains of {workspace.slug}", broken is None, sentence)


def _sources(slug: str) -> Iterator[Finding]:
    for workspace in _chosen(slug):
        for source in sources_page(headway_actor(workspace.id)):
            when = f"last read {source.synced_at:%Y-%m-%d %H:%M} UTC" if source.synced_at else ""
            sentence = source.failure if source.failures_in_a_row else when or "not read yet"
            yield Finding(
                f"source {workspace.slug}/{source.name}", not source.failures_in_a_row, sentence
            )


def _doors() -> Iterator[Finding]:
    yield Finding(
        "debug",
        not settings.DEBUG,
        "HEADWAY_DEBUG is on: pages show internals; unset it." if settings.DEBUG else "Off.",
    )
    loopback = settings.BASE_URL.startswith(("http://127.0.0.1", "http://localhost"))
    yield Finding(
        "address",
        settings.HTTPS or loopback,
        f"People reach it at {settings.BASE_URL}."
        if settings.HTTPS or loopback
        else f"{settings.BASE_URL} is not HTTPS; put a TLS proxy in front and say so in "
        "HEADWAY_BASE_URL.",
    )
    yield Finding(
        "outbound",
        True,
        f"Connectors may reach {settings.OUTBOUND_ALLOWED} besides public addresses."
        if settings.OUTBOUND_ALLOWED
        else "Connectors reach public addresses only; HEADWAY_ALLOW_HOSTS names exceptions.",
    )
