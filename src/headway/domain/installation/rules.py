"""What a backup must say of itself, and what a check of the installation answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from headway import __version__
from headway.errors import Invalid

#: Bumped when the archive's layout changes; an older Headway refuses a newer archive.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of `doctor`: what was looked at, whether it is well, and what to do if not."""

    name: str
    is_well: bool
    sentence: str


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
