"""What-ifs that the worker answers, as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Supposition
from headway.domain.plans.queries.forecasts import ForecastFacts
from headway.domain.plans.queries.what_if import SupposedOdds, WhatIf
from headway.domain.plans.rules.jobs import ENDED, SILENT_AFTER, JobState
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound

#: What is asked where the worker ranks the bottlenecks of a plan: a what-if without odds.
BOTTLENECKS: Mapping[str, object] = {"bottlenecks": True}


@dataclass(frozen=True, slots=True)
class SuppositionFacts:
    """A what-if on its way; `odds` are there once it is done.

    `is_bottlenecks`: nothing is supposed; one unit more of each short resource is tried.
    """

    id: UUID
    program: str
    forecast: UUID
    asked: WhatIf
    state: JobState
    sentence: str
    at: datetime
    odds: SupposedOdds | None = None
    is_bottlenecks: bool = False

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in ENDED


def supposition_of(
    actor: Actor, program: ProgramFacts, supposition: UUID, moment: datetime
) -> SuppositionFacts:
    """Return a what-if of a program; `moment` is by the clock. NotFound for another program's."""
    require(actor, Permission.VIEW, program)
    return supposition_facts(supposition_row(program, supposition), program, moment)


def supposed(
    actor: Actor, program: ProgramFacts, base: ForecastFacts, asked: WhatIf, moment: datetime
) -> SuppositionFacts | None:
    """Return the newest what-if of a forecast that asked the same; None where none did."""
    require(actor, Permission.VIEW, program)
    rows = Supposition.objects.filter(program_id=program.id, forecast_id=base.id)
    row = rows.filter(asked=asked.stored()).order_by("-changed_at").first()
    return None if row is None else supposition_facts(row, program, moment)


def ranking_under_way(
    actor: Actor, program: ProgramFacts, moment: datetime
) -> SuppositionFacts | None:
    """Return the newest ranking of bottlenecks that was asked for and did not end well, if any.

    None where none was asked for, or the newest one is done. `moment` is by the clock.
    """
    require(actor, Permission.VIEW, program)
    rows = Supposition.objects.filter(program_id=program.id, asked=BOTTLENECKS)
    row = rows.order_by("-changed_at").first()
    if row is None or row.state == JobState.DONE:
        return None
    return supposition_facts(row, program, moment)


def supposition_row(program: ProgramFacts, supposition: UUID) -> Supposition:
    """Return the row of a what-if of this program; NotFound for any other."""
    row = Supposition.objects.filter(program_id=program.id, id=supposition).first()
    if row is None:
        sentence = f"{program.name} has no such what-if; it may have been forgotten."
        raise NotFound(sentence)
    return row


def supposition_facts(
    row: Supposition, program: ProgramFacts, moment: datetime
) -> SuppositionFacts:
    """Return a what-if as a frozen value."""
    state = JobState(row.state)
    waited = max(0.0, (moment - row.changed_at).total_seconds())
    ranks = row.asked == BOTTLENECKS
    return SuppositionFacts(
        id=row.id,
        program=program.slug,
        forecast=row.forecast_id,
        asked=WhatIf() if ranks else WhatIf.read(row.asked),
        state=state,
        sentence=_sentence(state, waited, row.error),
        at=row.at,
        odds=SupposedOdds.read(row.answer) if row.answer and not ranks else None,
        is_bottlenecks=ranks,
    )


def _sentence(state: JobState, waited: float, error: str) -> str:
    match state:
        case JobState.RUNNING:
            return f"Simulating every outcome again, for {waited:,.0f} s so far."
        case JobState.WAITING if waited > SILENT_AFTER:
            return f"No worker has taken it up for {waited:,.0f} s: `headway up` runs one."
        case JobState.WAITING:
            return "Waits for the worker."
        case JobState.FAILED:
            return error
        case JobState.CANCELLED:
            return "Stopped; nothing was tried."
        case _:
            return "Tried."
