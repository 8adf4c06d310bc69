"""Finds or makes the subjects that observations are about, and notes where each says it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from headway.domain.evidence.actions.settle import Ground, begin, put
from headway.domain.evidence.models import Subject
from headway.domain.evidence.rules import Refusal
from headway.domain.evidence.rules.ledger import Draft
from headway.domain.evidence.rules.placing import PlacedBy
from headway.observation import SubjectRef

#: Names in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500

_Claim = tuple[str, str]


def find_subjects(
    ground: Ground, drafts: Sequence[Draft], at: datetime, *, may_lack_project: bool
) -> tuple[dict[str, Subject], list[Refusal]]:
    """Return the subject rows by their text, made where new, and the drafts' refusals.

    What its source names is noted once, by the first observation that names a project we have; the
    subject's own tag is noted whenever it changes. Where that puts it is decided by `settle`.
    """
    refused = []
    wanted: dict[str, SubjectRef] = {}
    taken = []
    for item in drafts:
        slug = _named(item)
        if slug and slug not in ground.projects and not may_lack_project:
            sentence = (
                f"There is no project '{slug}' in this workspace; "
                f"the projects are {', '.join(sorted(ground.projects)) or 'none yet'}."
            )
            refused.append(Refusal(item.line, sentence))
            continue
        wanted[item.subject] = item.ref
        taken.append(item)
    rows, fresh = _rows(ground, wanted)
    by = PlacedBy.SOURCE if may_lack_project else PlacedBy.PUSH
    _claim(ground, taken, rows, by)
    _make(ground, fresh, at)
    return rows, refused


def _named(item: Draft) -> str:
    """Return the project that an observation names, or nothing."""
    return item.project or (item.ref.name if item.ref.kind == "project" else "")


def _rows(
    ground: Ground, wanted: Mapping[str, SubjectRef]
) -> tuple[dict[str, Subject], list[Subject]]:
    """Return the rows for `wanted`, and those among them that are new and unsaved."""
    names = sorted({ref.name for ref in wanted.values()})
    mine = Subject.objects.filter(workspace_id=ground.workspace_id)
    rows = {
        str(row): row
        for start in range(0, len(names), _AT_ONCE)
        for row in mine.filter(name__in=names[start : start + _AT_ONCE])
    }
    fresh = [
        Subject(workspace_id=ground.workspace_id, kind=ref.kind, name=ref.name, version=ref.version)
        for text, ref in wanted.items()
        if text not in rows
    ]
    rows.update({str(row): row for row in fresh})
    return {text: rows[text] for text in wanted}, fresh


def _claim(
    ground: Ground, drafts: Iterable[Draft], rows: Mapping[str, Subject], by: PlacedBy
) -> None:
    """Note on each row what its observations say of its project; save the rows we knew before."""
    changed = {}
    for item in drafts:
        row = rows[item.subject]
        held = (row.claim, row.claim_by)
        row.claim, row.claim_by = _claimed(ground, held, item, by)
        if held != (row.claim, row.claim_by) and not row._state.adding:
            changed[row.id] = row
    Subject.objects.bulk_update(changed.values(), ["claim", "claim_by"], batch_size=200)


def _claimed(ground: Ground, held: _Claim, item: Draft, by: PlacedBy) -> _Claim:
    """Return what is held of a subject's project once `item` was heard."""
    slug, tag = _named(item), item.tag
    if tag and (tag in ground.projects or slug in ("", tag)):
        return tag, PlacedBy.TAG
    is_untagged = item.is_state and held[1] == PlacedBy.TAG
    if slug and (is_untagged or held[0] not in ground.projects):
        return slug, by
    return ("", "") if is_untagged else held


def _make(ground: Ground, fresh: Sequence[Subject], at: datetime) -> None:
    """Store new subjects, in their place already where no rule can have a word."""
    for row in fresh:
        if ground.needs_no_telling(row):
            put(row, ground.decide(row, None))
    Subject.objects.bulk_create(fresh, batch_size=500)
    begin(ground.workspace_id, fresh, at)
