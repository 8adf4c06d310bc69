"""Every write of sources: connect, change, disconnect, read, take a delivery."""

from headway.domain.sources.actions.deliver import receive_delivery
from headway.domain.sources.actions.setup import (
    add_source,
    ask_sync,
    disconnect_source,
    edit_source,
)
from headway.domain.sources.actions.sync import SyncOutcome, sync_due, sync_source

__all__ = [
    "SyncOutcome",
    "add_source",
    "ask_sync",
    "disconnect_source",
    "edit_source",
    "receive_delivery",
    "sync_due",
    "sync_source",
]
