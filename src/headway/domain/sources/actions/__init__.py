"""Every write of sources: connect, change, disconnect, read, take a delivery, note an import."""

from headway.domain.sources.actions.deliver import receive_delivery
from headway.domain.sources.actions.imports import (
    note_import_failure,
    remember_import,
    take_import_back,
)
from headway.domain.sources.actions.setup import (
    add_source,
    ask_sync,
    check_source,
    disconnect_source,
    edit_source,
)
from headway.domain.sources.actions.sync import SyncOutcome, sync_due, sync_source

__all__ = [
    "SyncOutcome",
    "add_source",
    "ask_sync",
    "check_source",
    "disconnect_source",
    "edit_source",
    "note_import_failure",
    "receive_delivery",
    "remember_import",
    "sync_due",
    "sync_source",
    "take_import_back",
]
