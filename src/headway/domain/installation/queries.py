"""Is this installation well? What `doctor` and the trust page answer."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import headway
from headway.analysis import compiled
from headway.connectors.http import parse_allowed_hosts
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import audit_break, headway_actor, workspaces
from headway.domain.accounts.rules.append_only import TABLES, trigger_names
from headway.domain.evidence.queries import chain_break
from headway.domain.installation.models import Tick
from headway.domain.installation.rules import Finding, worker_finding
from headway.domain.plans.queries import broken_baselines
from headway.domain.sources.queries import sources_page
from headway.errors import Invalid


def doctor(at: datetime, *, workspace: str = "") -> list[Finding]:
    """Return every finding about this installation, worst news not hidden by the first.

    With `workspace` (a slug) nothing is said of the other workspaces, not even their names.
    """
    findings = [_versions(), *_folder(), *_keys()]
    pending = _pending_migrations()
    findings.append(pending)
    if pending.is_well:
        findings += [
            _database(),
            guards(),
            _worker(at, workspace),
            *_chains(workspace),
            *_baselines(workspace),
            *_sources(workspace),
        ]
    return [*findings, _kernels(), *_doors()]


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


def _kernels() -> Finding:
    """Say whether large plans are simulated as machine code; the answers are the same without."""
    if compiled.all_ready():
        return Finding("simulation", True, f"Compiled; it lies in {compiled.folder()}.")
    if not compiled.is_kept():
        named = " and ".join(map(str, compiled.folders())) or "The home of this user"
        sentence = f"{named} cannot be written, so nothing compiled is kept and large "
        sentence += "plans are simulated slowly; name a folder in NUMBA_CACHE_DIR."
        return Finding("simulation", False, sentence)
    sentence = "Not compiled yet: large plans take longer, and answer the same, until the worker "
    return Finding("simulation", True, sentence + "has compiled it; headway up starts it.")


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
        held = os.environ.get(f"HEADWAY_{name.upper()}_FILE")
        path = Path(held) if held else Path(settings.HOME) / name
        if not path.exists():
            sentence = f"{path} is gone: put it back from where you keep it, or the next start "
            sentence += "makes another, which opens no session and no secret kept with this one."
            yield Finding(name, False, sentence)
            continue
        mode = path.stat().st_mode & 0o777
        is_private = not mode & 0o077
        sentence = (
            f"{path.name} is readable by its owner only."
            if is_private
            else f"{path} has mode {mode:o}; run: chmod 600 {path}"
        )
        yield Finding(name, is_private, sentence)


def _pending_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    sentence = (
        f"{len(plan)} migrations are not applied; run headway up, which applies them."
        if plan
        else "Every table is up to date."
    )
    return Finding("tables", not plan, sentence)


#: Settings of the database without which an acknowledged record may be lost, or be half there.
_SETTINGS = {
    "sqlite": {
        "PRAGMA quick_check": "ok",
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": "2",
        "PRAGMA foreign_keys": "1",
    },
    "postgresql": {
        "SHOW fsync": "on",
        "SHOW full_page_writes": "on",
        "SHOW synchronous_commit": "on",
    },
}

_STRICTER = {"synchronous_commit": {"remote_apply"}, "synchronous": {"3"}}


def _database() -> Finding:
    wrong = []
    with connection.cursor() as cursor:
        for question, well in _SETTINGS[connection.vendor].items():
            cursor.execute(question)
            name, answer = question.split()[1], str(cursor.fetchone()[0])
            if answer != well and answer not in _STRICTER.get(name, set()):
                wrong.append(f"{name} is {answer[:200]}")
    sentence = (
        f"{connection.display_name}: {', '.join(wrong)}; what is acknowledged may not last."
        if wrong
        else f"{connection.display_name} is whole, and what it acknowledges is on the disk."
    )
    return Finding("database", not wrong, sentence)


def guards() -> Finding:
    """Say whether the database itself still refuses to change what is append-only."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        there = {row[0] for row in cursor.fetchall()}
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers")  # without it a REPLACE deletes past them
            there |= {"recursive_triggers"} if cursor.fetchone()[0] else set()
    wanted = {name for table in TABLES for name in trigger_names(connection.vendor, table)}
    wanted |= {"recursive_triggers"} if connection.vendor == "sqlite" else set()
    missing = sorted(wanted - there)
    sentence = (
        f"The guards {', '.join(missing)} are gone: the ledger could be changed."
        if missing
        else "The ledger, the audit trail and the reports refuse change and removal."
    )
    return Finding("append-only", not missing, sentence)


def _worker(at: datetime, slug: str) -> Finding:
    """Say whether the worker ticks; of a failure only what concerns `slug` (all, without one)."""
    last = Tick.objects.order_by("-at").first()
    failures = last.failure if last else ""
    if last is not None and slug:
        turn = last.outcome.get(slug) or {}
        failures = "; ".join(turn.get("failures", []))
    waiting = [one.created_at for one in workspaces() if one.pinned_at is None]
    return worker_finding(last.at if last else None, failures, min(waiting, default=None), at)


def alarms(at: datetime, workspace: str) -> list[Finding]:
    """Return what every reader of `workspace` must know at once: a silent worker, a lost guard.

    Two short questions to the database, unlike `doctor`: a page may ask at every turn.
    """
    return [one for one in (_worker(at, workspace), guards()) if not one.is_well]


def _chosen(slug: str) -> list[Workspace]:
    """Return the workspace of this slug, all of them without one."""
    return [one for one in workspaces() if slug in ("", one.slug)]


def _chains(slug: str) -> Iterator[Finding]:
    for workspace in _chosen(slug):
        actor = headway_actor(workspace.id)
        broken = chain_break(actor) or audit_break(actor)
        sentence = broken.sentence if broken else "Ledger and audit trail hold."
        yield Finding(f"chains of {workspace.slug}", broken is None, sentence)


def _baselines(slug: str) -> Iterator[Finding]:
    """Name the baselines whose content does not fit their digest; nothing where all do."""
    for workspace in _chosen(slug):
        for name in broken_baselines(headway_actor(workspace.id)):
            sentence = f"“{name}” is not as it was frozen; restore it from a backup."
            yield Finding(f"baseline of {workspace.slug}", is_well=False, sentence=sentence)


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
    loopback = urlsplit(settings.BASE_URL).hostname in {"127.0.0.1", "localhost", "::1"}
    yield Finding(
        "address",
        settings.HTTPS or loopback,
        f"People reach it at {settings.BASE_URL}."
        if settings.HTTPS or loopback
        else f"{settings.BASE_URL} is not HTTPS; put a TLS proxy in front and say so in "
        "HEADWAY_BASE_URL.",
    )
    yield _outbound()


def _outbound() -> Finding:
    try:
        allowed = parse_allowed_hosts(settings.OUTBOUND_ALLOWED)
    except Invalid as error:
        return Finding("outbound", False, str(error))
    named = ", ".join(sorted(f"{host}:{port}" for host, port in allowed))
    sentence = (
        f"Connectors may reach {named} besides public addresses."
        if named
        else "Connectors reach public addresses only; HEADWAY_ALLOW_HOSTS names exceptions."
    )
    return Finding("outbound", True, sentence)
