"""A report's snapshot: the whole pack as canonical JSON, from which every audience is drawn.

A snapshot says which schema it is of. One of before the pack (schema 1) is the one-pager alone: it
still opens, and still tells the executive what it told then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from headway.errors import Invalid
from headway.observation import canonical
from headway.rendering.report import OnePager, Pack
from headway.rendering.report.onepager import Level
from headway.rendering.report.pack import SCHEMA, Overruled

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: What a person may write as the reason for a judgement greener than the evidence.
LONGEST_REASON = 1_000
MOST_VENDORS = 20

#: An address in a text; what follows `kind:` is a subject with its version, and no address.
_ADDRESS = re.compile(r"(?:mailto:|(?<![\w:.+-]))[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_WITHHELD = "(address withheld)"


class Audience(StrEnum):
    """Who a report is for. A vendor's letter names the vendor besides."""

    EXECUTIVE = "executive"
    ENGINEERING = "engineering"
    FINANCE = "finance"
    COMPLIANCE = "compliance"
    VENDOR = "vendor"


class Format(StrEnum):
    """What a report can be taken away as."""

    HTML = "html"
    PDF = "pdf"
    PPTX = "pptx"
    XLSX = "xlsx"
    MARKDOWN = "md"


@dataclass(frozen=True, slots=True)
class PackDraft:
    """What to freeze: for whom, letters to which vendors, on which template (its name).

    `reason` is why a judgement may be told that is greener than the evidence. `template` None:
    the workspace's own default, "": none.
    """

    audiences: Sequence[str] = (Audience.EXECUTIVE,)
    vendors: Sequence[str] = ()
    reason: str = ""
    template: str | None = None


def read_draft(draft: PackDraft) -> PackDraft:
    """Return the draft in order, nothing twice. Raises Invalid for an unknown audience."""
    audiences = list(dict.fromkeys(draft.audiences))
    for audience in audiences:
        if audience not in list(Audience):
            known = ", ".join(Audience)
            sentence = f"There is no report for '{audience[:40]}'; there is {known}."
            raise Invalid(sentence)
    vendors = list(dict.fromkeys(name.strip() for name in draft.vendors if name.strip()))
    if Audience.VENDOR in audiences and not vendors:
        sentence = "A letter to a vendor needs the vendor: name who it is for."
        raise Invalid(sentence)
    if vendors and Audience.VENDOR not in audiences:
        audiences.append(Audience.VENDOR)
    if not audiences or len(vendors) > MOST_VENDORS:
        sentence = f"Name at least one audience, and at most {MOST_VENDORS} vendors."
        raise Invalid(sentence)
    reason = draft.reason.strip()
    if len(reason) > LONGEST_REASON:
        sentence = f"The reason has {len(reason):,} letters; at most {LONGEST_REASON:,} fit."
        raise Invalid(sentence)
    return PackDraft(tuple(audiences), tuple(vendors), reason, draft.template)


#: How green a level is to its reader: not knowing is no better than being at risk.
_GREEN: dict[Level, int] = {"good": 2, "at_risk": 1, "unknown": 1, "bad": 0}


def is_greener(judged: Level, computed: Level) -> bool:
    """Say whether a judgement tells a better story than the evidence; words alone do not."""
    return judged != "unknown" and _GREEN[judged] > _GREEN[computed]


def refuse_unwritten(overruled: Sequence[Overruled], reason: str) -> None:
    """Raise Invalid when a judgement is greener than the evidence and nobody wrote why."""
    if not overruled or reason.strip():
        return
    told = "; ".join(
        f"{one.dimension} of {one.place} is judged {_level(one.judged)} by {one.by}, and the "
        f"evidence says {_level(one.computed)}"
        for one in overruled[:5]
    )
    sentence = (
        f"{told[0].upper()}{told[1:]}: write the reason, which will stand in every format, "
        "or withdraw the judgement."
    )
    raise Invalid(sentence)


def _level(level: Level) -> str:
    return level.replace("_", " ")


@lru_cache(maxsize=2)
def _adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def to_snapshot(pack: Pack) -> str:
    """Return the pack as canonical JSON without any address: equal packs give equal bytes."""
    return canonical(_withheld(_adapter(Pack).dump_python(pack, mode="json")))


def from_snapshot(text: str) -> Pack:
    """Return the pack that `to_snapshot` froze, today or years ago.

    Raises Invalid for a snapshot of a later Headway than this.
    """
    schema = json.loads(text).get("schema", 1)
    if schema == 1:
        return Pack(executive=_adapter(OnePager).validate_json(text), schema=1)
    if schema > SCHEMA:
        sentence = f"This report is of schema {schema}; this Headway reads up to {SCHEMA}: update."
        raise Invalid(sentence)
    pack: Pack = _adapter(Pack).validate_json(text)
    return pack


def _withheld(value: object) -> object:
    """Return a JSON value in which no text holds an e-mail address."""
    if isinstance(value, str):
        return _ADDRESS.sub(_WITHHELD, value)
    if isinstance(value, dict):
        return {key: _withheld(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_withheld(item) for item in value]
    return value
