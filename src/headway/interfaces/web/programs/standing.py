"""Six dimensions as a page shows them: computed, why, on which records, and what a person says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from headway.domain.accounts.queries import names_by_address
from headway.domain.assessments.queries import JudgementLine
from headway.domain.assessments.rules import Assessment, Dimension
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address

#: More links than this to the records of one dimension help nobody.
MOST_RECORDS = 8


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record that a status rests on."""

    sequence: int
    href: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One dimension of a health strip; `judged` is a person's own level beside the computed one."""

    key: str
    name: str
    level: str
    verdict: str
    sentence: str
    rule: str
    href: str
    records: Sequence[RecordLink]
    more_records: int
    judged: str = ""
    judged_by: str = ""
    words: str = ""
    until: date | None = None
    judgement: UUID | None = None


def standings_of(
    request: WorkspaceRequest,
    dimensions: Mapping[Dimension, Assessment],
    judgements: Sequence[JudgementLine],
    page: str = "",
) -> list[Standing]:
    """Return the six in their order; each opens its reasons on `page` (empty: this page)."""
    said = {line.dimension: line for line in judgements}
    names = _names(request) if said else {}
    return [
        _standing(request, dimension, assessment, _told(said.get(str(dimension)), names), page)
        for dimension, assessment in dimensions.items()
    ]


def _names(request: WorkspaceRequest) -> Mapping[str, str]:
    """Return the members' names by address, asked for once a request: a person has a name."""
    names: dict[str, str] | None = vars(request).get("names_by_address")
    if names is None:
        names = dict(names_by_address(request.actor))
        vars(request)["names_by_address"] = names
    return names


def _told(line: JudgementLine | None, names: Mapping[str, str]) -> JudgementLine | None:
    return line and replace(line, author=names.get(line.author, line.author))


def record_links(request: WorkspaceRequest, records: Sequence[int]) -> list[RecordLink]:
    """Return links to the pages of records."""
    return [RecordLink(one, address(request, "record", sequence=one)) for one in records]


def _standing(
    request: WorkspaceRequest,
    dimension: Dimension,
    found: Assessment,
    said: JudgementLine | None,
    page: str,
) -> Standing:
    newest = sorted(set(found.records), reverse=True)
    return Standing(
        key=str(dimension),
        name=str(dimension).capitalize(),
        level=str(found.level),
        verdict=str(found.verdict),
        sentence=found.sentence,
        rule=found.rule,
        href=f"{page}#{dimension}",
        records=record_links(request, newest[:MOST_RECORDS]),
        more_records=max(0, len(newest) - MOST_RECORDS),
        judged=said.level if said else "",
        judged_by=said.author if said else "",
        words=said.words if said else "",
        until=said.until if said else None,
        judgement=said.id if said else None,
    )
