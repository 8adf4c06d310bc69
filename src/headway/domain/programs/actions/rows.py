"""Writing one row with its history and its audit row: the same three steps for every app above.

History is dated by `at`, never by the clock, so that a back-dated demo and a test tell the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import Model
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.models import User
from headway.domain.accounts.rules import Actor
from headway.errors import Conflict, NotFound

Row = TypeVar("Row", bound=Model)


def add_row(actor: Actor, row: Row, at: datetime, action: str, **detail: object) -> Row:
    """Store a new row. Raises Conflict when its name is taken in its place."""
    _date(actor, row, at)
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        # Never str(row): it may ask the database, which answers nothing more in this transaction.
        given = (getattr(row, field, "") for field in ("slug", "key", "name"))
        name = next(filter(None, given), "")
        sentence = f"There is a {row._meta.verbose_name} '{name}' already; choose another name."
        raise Conflict(sentence) from error
    write_audit(actor, action, _thing(row), at, **plain(detail))
    return row


def change_row(
    actor: Actor,
    row: Row,
    changes: Mapping[str, object],
    at: datetime,
    action: str,
    version: int | None = None,
) -> bool:
    """Set fields of a locked row as `apply_changes` does, and audit it if anything differed."""
    told = apply_changes(actor, row, changes, at, version)
    if told:
        write_audit(actor, action, _thing(row), at, **plain(told))
    return bool(told)


def apply_changes(
    actor: Actor,
    row: Row,
    changes: Mapping[str, object],
    at: datetime,
    version: int | None = None,
) -> dict[str, object]:
    """Set the fields of `changes` on a locked row; return before and after of what differed.

    With the `version` the editor had read, a row that moved on since raises Conflict, naming both
    values. Setting what is there already writes nothing: no history, same version.
    """
    before = {field: getattr(row, field) for field in changes}
    differing = {field: value for field, value in changes.items() if before[field] != value}
    current: int | None = getattr(row, "version", None)
    require_version(row, version, differing)
    if not differing:
        return {}
    for field, value in differing.items():
        setattr(row, field, value)
    if current is not None:
        _set_version(row, current + 1)
    _date(actor, row, at)
    row.save()
    return {field: {"before": before[field], "after": value} for field, value in differing.items()}


def require_version(
    row: Model, version: int | None, wanted: Mapping[str, object] | None = None
) -> None:
    """Raise Conflict when a row moved on since its editor read `version`; None is not checked.

    The sentence names what each field of `wanted` holds now, and what was to be written.
    """
    current: int | None = getattr(row, "version", None)
    if version is not None and version != current:
        raise Conflict(_stale(row, wanted or {}, version, current))


def drop_row(
    actor: Actor,
    row: Model,
    at: datetime,
    action: str,
    version: int | None = None,
    **detail: object,
) -> None:
    """Delete a row; its history stays, and says when it went. Conflict for a stale `version`."""
    require_version(row, version)
    write_audit(actor, action, _thing(row), at, **plain(detail))
    delete_dated(actor, row, at)


def put_back(actor: Actor, model: type[Row], version: int, at: datetime, **place: object) -> Row:
    """Give the row at `place` the values of its earlier `version`, or bring it back removed.

    The undo of a change and of a removal. Raises NotFound where it never had that version.
    """
    history: Any = model.history  # type: ignore[attr-defined]  # simple_history is not typed
    versions = history.filter(workspace_id=actor.workspace_id, version=version, **place)
    past = versions.exclude(history_type="-").order_by("-history_id").first()
    sort = model._meta.verbose_name
    if past is None:
        sentence = f"There is no version {version} of this {sort} to go back to."
        raise NotFound(sentence)
    action = f"restore_{str(sort).replace(' ', '_')}"
    row = model._default_manager.select_for_update().filter(**place).first()
    if row is None:
        gone: Row = past.instance
        _set_version(gone, version + 1)
        return add_row(actor, gone, at, action, version=version)
    names = [field.attname for field in model._meta.concrete_fields]
    fields = {name: getattr(past, name) for name in names if name not in ("id", "version")}
    change_row(actor, row, fields, at, action)
    return row


def delete_dated(actor: Actor, row: Model, at: datetime) -> None:
    """Delete a row whose going is told by the audit row of a larger change."""
    _date(actor, row, at)
    row.delete()


def add_dated(actor: Actor, model: type[Row], rows: Iterable[Row], at: datetime) -> None:
    """Store many new rows with their history, under the audit row of a larger change."""
    bulk_create_with_history(
        list(rows), model, batch_size=500, default_date=at, default_user=_user(actor)
    )


def save_dated(
    actor: Actor, model: type[Row], rows: Iterable[Row], fields: Iterable[str], at: datetime
) -> None:
    """Save `fields` of many changed rows with their history, under a larger change's audit row."""
    changed = list(rows)
    if changed:
        bulk_update_with_history(
            changed,
            model,
            list(fields),
            batch_size=100,
            default_date=at,
            default_user=_user(actor),
        )


def plain(detail: Mapping[str, object]) -> dict[str, object]:
    """Return `detail` with what JSON cannot carry (days, ids) as text."""
    return {field: _plain(value) for field, value in detail.items()}


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return str(value)


def _date(actor: Actor, row: Any, at: datetime) -> None:  # noqa: ANN401
    """Tell simple_history, which is not typed, when and by whom.

    Who acts by a mailed link has no account: then the version keeps the label as its reason.
    """
    row._history_date = at
    row._history_user = _user(actor)
    row._change_reason = actor.label if actor.kind == "link" else None


def _user(actor: Actor) -> User | None:
    return User(id=actor.user_id) if actor.user_id else None


def _set_version(row: Any, version: int) -> None:  # noqa: ANN401
    row.version = version


def _thing(row: Model) -> str:
    """Return how the audit trail names a row: its sort, its address, its name."""
    name = getattr(row, "slug", "") or getattr(row, "key", "")
    sort = row._meta.verbose_name
    return f"{sort} {name}: {row}" if name else f"{sort} {row}"


def _stale(row: Model, wanted: Mapping[str, object], version: int, current: int | None) -> str:
    said = "; ".join(
        f"{field.replace('_', ' ')} is now {_plain(getattr(row, field))!r}, "
        f"you wrote {_plain(value)!r}"
        for field, value in wanted.items()
    )
    return (
        f"{row} changed since you read it (version {version}, now {current})"
        f"{': ' + said if said else ''}. Look at it again and save once more."
    )
