"""What changed from one version of a pack to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from headway.domain.compliance.rules.packs.pack import Control, Pack
from headway.domain.compliance.rules.packs.wording import ask_words


@dataclass(frozen=True, slots=True)
class Changed:
    """A control that is in both, and what of it differs, as (field, before, after)."""

    before: Control
    after: Control
    differences: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """The controls that came, went and changed from `before` to `after`."""

    before: Pack
    after: Pack
    added: Sequence[Control]
    removed: Sequence[Control]
    changed: Sequence[Changed]
    same: int

    @property
    def count(self) -> int:
        """Return how many controls differ in any way."""
        return len(self.added) + len(self.removed) + len(self.changed)


def difference(before: Pack, after: Pack) -> Difference:
    """Return what changed, in the order of the pack's own controls."""
    old = {one.id: _own(one, before) for one in before.controls}
    both = [_own(one, after) for one in after.controls if one.id in old]
    changed = [
        Changed(old[one.id], one, _differences(old[one.id], one))
        for one in both
        if old[one.id] != one
    ]
    return Difference(
        before,
        after,
        [one for one in after.controls if one.id not in before.by_id],
        [one for one in before.controls if one.id not in after.by_id],
        changed,
        len(both) - len(changed),
    )


def _own(control: Control, pack: Pack) -> Control:
    """Return a control without the day that it only has from its pack: that one always moves."""
    if control.effective_from == pack.effective_from:
        return replace(control, effective_from=date.min)
    return control


def _differences(before: Control, after: Control) -> Sequence[tuple[str, str, str]]:
    names = [field.name for field in fields(Control)]
    return [
        (name.replace("_", " "), _said(getattr(before, name)), _said(getattr(after, name)))
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]


def _said(value: object) -> str:
    match value:
        case None | () | "":
            return "none"
        case bool():
            return "yes" if value else "no"
        case date() if value == date.min:
            return "as the framework"
        case date():
            return f"{value:%-d %b %Y}"
        case tuple():
            return ", ".join(ask_words(one) if not isinstance(one, str) else one for one in value)
        case _:
            return str(value)
