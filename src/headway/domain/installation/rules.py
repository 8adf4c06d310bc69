"""What a backup must say of itself, and what a check of the installation answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway import __version__
from headway.errors import Invalid

#: Bumped when the archive's layout changes; an older Headway refuses a newer archive.
FORMAT = 1

#: A worker that has not ticked for this long is not running.
SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of `doctor`: what was looked at, whether it is well, and what to do if not."""

    name: str
    is_well: bool
    sentence: str


def worker_finding(
    ticked_at: datetime | None, failure: str, waiting_since: datetime | None, at: datetime
) -> Finding:
    """Judge the worker by its last tick; `waiting_since` (None: nobody) wants one since then.

    A pinned sample waits for no worker. A fresh installation may be silent as long as any other.
    """
    if waiting_since is None:
        return Finding("worker", True, "Nothing here waits for a worker.")
    seen = max(filter(None, (ticked_at, waiting_since)))
    heard = f"since {ticked_at:%Y-%m-%d %H:%M} UTC" if ticked_at else "yet"
    if at - seen >= SILENCE:
        sentence = f"The worker has not run {heard}: nothing is read, forecast or told. "
        return Finding("worker", False, sentence + "headway up starts it.")
    if failure:
        return Finding("worker", False, failure)
    if ticked_at is None:
        return Finding("worker", True, "The worker has not run yet; headway up starts it.")
    return Finding("worker", True, f"The last tick was at {ticked_at:%Y-%m-%d %H:%M} UTC.")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: enough to know whether a restore brought back all of it."""

    version: str
    vendor: str
    made_at: str
    sha256: str
    rows: Mapping[str, int]
    heads: Mapping[str, tuple[int, str, int, str]]  # slug → ledger head, audit head

    def as_json(self) -> str:
        """Return the manifest as the archive keeps it."""
        content = {
            "format": FORMAT,
            "version": self.version,
            "vendor": self.vendor,
            "made_at": self.made_at,
            "sha256": self.sha256,
            "rows": dict(self.rows),
            "heads": {slug: list(head) for slug, head in self.heads.items()},
        }
        return json.dumps(content, indent=2, sort_keys=True)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version: "1.2.0rc1" → (1, 2, 0)."""
    return tuple(int(number) for number in re.findall(r"^\d+|(?<=\.)\d+", version))


def read_manifest(text: str) -> Manifest:
    """Return the manifest in `text`. Raises Invalid when it is not one we can read."""
    try:
        content = json.loads(text)
        if content["format"] > FORMAT:
            sentence = f"The backup is of Headway {content['version']}; this Headway is older."
            raise Invalid(sentence)
        if _numbers(content["version"]) > _numbers(__version__):
            sentence = (
                f"The backup is of Headway {content['version']}, this is {__version__}; "
                "upgrade Headway first, then restore."
            )
            raise Invalid(sentence)
        return Manifest(
            version=content["version"],
            vendor=content["vendor"],
            made_at=content["made_at"],
            sha256=content["sha256"],
            rows=content["rows"],
            heads={slug: tuple(head) for slug, head in content["heads"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        sentence = f"This file's manifest cannot be read ({error}); it is not a Headway backup."
        raise Invalid(sentence) from None
