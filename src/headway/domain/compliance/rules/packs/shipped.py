"""The packs that come with Headway: files in this folder, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from headway.domain.compliance.rules.packs.pack import Pack
from headway.domain.compliance.rules.packs.reading import read_pack

FOLDER = Path(__file__).parent


@cache
def shipped_packs() -> Mapping[str, Pack]:
    """Return every pack that Headway ships by its id, in the order of the ids."""
    packs = (read_pack(path.read_bytes(), path.name) for path in sorted(FOLDER.glob("*.yaml")))
    return {pack.id: pack for pack in packs}
