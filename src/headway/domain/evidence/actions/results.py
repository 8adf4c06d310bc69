"""Records what another tool's file of results says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.connectors.results import AUTO, FORMATS, Asked, read_file, read_results
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions.labelling import labelling_observations
from headway.domain.evidence.actions.record import Outcome, record_evidence
from headway.domain.evidence.rules import KINDS, Defaults
from headway.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class PushedResults:
    """What became of a file: whose format it was, what was recorded, and what is noted of it.

    The lines of refusals are places among its results, from 1.
    """

    format: str
    outcome: Outcome
    notes: Sequence[Problem]


def push_results(  # noqa: PLR0913  what a file leaves open, each by its name
    actor: Actor,
    file: str | bytes,
    defaults: Defaults,
    at: datetime,
    *,
    named: str = AUTO,
    commit: str = "",
    dataset_digest: str = "",
) -> PushedResults:
    """Record what a file of results says; the same file twice is stored once.

    Bytes may be an archive of exports; a text is one file.
    `defaults.kind`, where given, is the only kind that is recorded; `defaults.at` is the time of
    what names none; `commit` and `dataset_digest` bind every result. Raises Invalid for a file of
    no known format, or of another than `named`.
    """
    require(actor, Permission.EVIDENCE)
    if defaults.kind and defaults.kind not in KINDS:
        sentence = f"Evidence of kind {defaults.kind[:60]!r} is not known; write any for all kinds."
        raise Invalid(sentence)
    asked = Asked(
        defaults.at or at,
        defaults.subject,
        defaults.project,
        defaults.source,
        commit,
        dataset_digest,
    )
    if isinstance(file, bytes):
        results = read_file(file, asked, named)
    else:
        results = read_results(file, asked, named)
    if results is None:
        known = ", ".join(FORMATS.values())
        sentence = f"The file is of no format that is read here; those are: {known}."
        raise Invalid(sentence)
    found = [*results.observations, *labelling_observations(results)]
    chosen = [one for one in found if defaults.kind in ("", one.kind)]
    notes = list(results.notes)
    left = len(found) - len(chosen)
    if left:
        notes.append(
            Problem(defaults.kind, f"{left} results are of other kinds and were left out.")
        )
    return PushedResults(results.format, record_evidence(actor, chosen, at), notes)
