"""What the fields of guidelines, pilots and batches may hold."""

from __future__ import annotations

from collections.abc import Mapping

from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    day,
    flag,
    number,
    text,
    whole,
)
from headway.errors import Invalid

#: By what agreement is held against a floor; `regions` is alpha of overlaps.
MEASURES = ("alpha", "fleiss", "cohen", "regions")
#: Classes that one batch may name.
MOST_CLASSES = 500


def quotas(field: str, value: object) -> dict[str, int]:
    """Read labels by class: a mapping, or lines like "3: 120"."""
    if isinstance(value, Mapping):
        pairs = [(str(label), count) for label, count in value.items()]
    else:
        lines = [line for line in str(value or "").replace(",", "\n").split("\n") if line.strip()]
        parted = [line.rpartition(":") for line in lines]
        for line, (label, mark, _) in zip(lines, parted, strict=True):
            if not mark or not label.strip():
                sentence = f"The quota {line.strip()[:60]!r} is not read; write class: labels."
                raise Invalid(sentence)
        pairs = [(label, count) for label, _, count in parted]
    if len(pairs) > MOST_CLASSES:
        sentence = f"There are {len(pairs)} classes; at most {MOST_CLASSES} fit."
        raise Invalid(sentence)
    read_label, read_count = text(100, required=True), whole(0)
    found: dict[str, int] = {}
    for label, count in pairs:
        name, wanted = str(read_label("class", label)), read_count(f"quota of {label}", count)
        if wanted is None or name in found:
            sentence = f"Class {name!r} needs one number of labels, once."
            raise Invalid(sentence)
        found[name] = int(str(wanted))
    return found


def _share(default: float) -> Reader:
    read = number(0, 1)

    def found(field: str, value: object) -> object:
        share = read(field, value)
        return default if share is None else share

    return found


def _count(default: int) -> Reader:
    read = whole(0)

    def found(field: str, value: object) -> object:
        count = read(field, value)
        return default if count is None else count

    return found


def _confidence(field: str, value: object) -> object:
    found = number(0.5, 0.999)(field, value)
    return 0.95 if found is None else found


GUIDELINE_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "owner": text(200),
}

VERSION_FIELDS: Mapping[str, Reader] = {
    "text": text(100_000, required=True),
    "reason": text(500),
    "is_compatible": flag,
    "compatible_reason": text(500),
}

PILOT_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "vendor": text(60),
    "guideline": text(60),
    "gold_items": whole(1),
    "bar": _share(0.9),
}

BATCH_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "project": text(60),
    "order": text(60),
    "guideline": text(60),
    "guideline_version": whole(1),
    "promised": whole(1),
    "due": day,
    "a_week": number(0),
    "ramp_weeks": _count(0),
    "overlap": _share(0.0),
    "quotas": quotas,
    "measure": choice(*MEASURES),
    "agreement_floor": number(-1, 1),
    "rule": choice("bound", "plan"),
    "bound": _share(0.05),
    "confidence": _confidence,
    "aql": number(0, 1),
    "ltpd": number(0, 1),
    "seed": _count(0),
    "note": text(2_000),
}

DELIVERY_FIELDS: Mapping[str, Reader] = {
    "delivery": text(60, required=True),
    "units": whole(0),
    "classes": quotas,
    "guideline": whole(1),
    "overlap_units": whole(0),
    "reworks": text(60),
}

INSPECTION_FIELDS: Mapping[str, Reader] = {
    "deliveries": text(2_000),
    "inspected": whole(0),
    "defects": whole(0),
    "sentence": text(500),
}


def require_plan(rule: str, aql: float | None, ltpd: float | None) -> None:
    """Raise Invalid for a sampling plan without a good quality below a bad one."""
    if rule == "plan" and (aql is None or ltpd is None or not aql < ltpd):
        sentence = (
            "A sampling plan needs a good share of defects (AQL) below a bad one (LTPD), such as "
            "0.01 and 0.05."
        )
        raise Invalid(sentence)
