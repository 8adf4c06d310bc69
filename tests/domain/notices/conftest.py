from __future__ import annotations

from tests.peers.mail_server import postbox

__all__ = ["postbox"]
