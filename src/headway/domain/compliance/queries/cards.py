"""Model cards, datasheets and the Annex IV file: written anew from evidence at each look.

They live in compliance and not in gates: nothing of a gate is needed but the records that its
decisions leave, and a gate asks for a card, so that it has to stand below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.analysis.verdicts import Verdict
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import CardText, PackAssignment
from headway.domain.compliance.queries.card_data import datasets_known
from headway.domain.compliance.queries.card_ground import CardGround
from headway.domain.compliance.queries.card_heard import HEARD, heard_of
from headway.domain.compliance.queries.card_reading import words_of
from headway.domain.compliance.queries.dpia import dpias_of
from headway.domain.compliance.queries.law import ai_act_of, obligation_lines
from headway.domain.compliance.rules.cards import (
    CardDocument,
    Danger,
    SystemEvidence,
    Words,
    annex_iv,
    datasheet,
    model_card,
)
from headway.domain.compliance.rules.packs import shipped_packs
from headway.domain.evidence.queries import records_of_kinds
from headway.domain.programs.queries import (
    moves_of,
    portfolio_lines,
    releases_of,
    row_at,
    rows_at,
    system_named,
)
from headway.domain.programs.rules import ProjectFacts, StageMoveFacts, SystemFacts
from headway.domain.programs.rules.fields import meant
from headway.domain.risks.queries import risks_by_program
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in a list: what it is about, and how it stands."""

    kind: str
    name: str
    about: str
    system: str
    verdict: Verdict
    sentence: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CardPage:
    """A card with the versions that it could be about, newest first, and when it was frozen."""

    name: str
    document: CardDocument
    versions: Sequence[str]
    frozen: Sequence[FrozenCard]


@dataclass(frozen=True, slots=True)
class FrozenCard:
    """A card that was checked and recorded: by whom it was found and how complete it was."""

    record: int
    about: str
    source: str
    completeness: float
    lacking: Sequence[str]
    at: datetime
    until: datetime | None


def card_lines(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[CardLine]:
    """Return how the card of each model and dataset stands, those that need a look first.

    As many queries for a hundred of them as for one.
    """
    ground = CardGround(actor, at, known_at)
    models = ground.models(dict.fromkeys(ground.names(), ""))
    lines = [_line(one.name, one.system, model_card(one)) for one in models]
    known = datasets_known(ground, list(ground.datasets))
    lines += [_line(one.name, "", datasheet(one)) for one in known]
    return sorted(lines, key=lambda line: (line.kind == "dataset", _rank(line.verdict), line.name))


def _line(name: str, system: str, card: CardDocument) -> CardLine:
    return CardLine(
        card.kind, name, card.about, system, verdict_of(card), card.sentence, card.until
    )


def _rank(verdict: Verdict) -> int:
    return _ORDER.index(verdict)


#: How cards are ordered in a list.
_ORDER = (Verdict.STALE, Verdict.MISSING, Verdict.INSUFFICIENT, Verdict.MET)


def verdict_of(card: CardDocument) -> Verdict:
    """Return how a card stands as a whole: stale, lacking a section, with gaps, or met."""
    if card.stale:
        return Verdict.STALE
    if any(section.verdict is Verdict.MISSING for section in card.sections):
        return Verdict.MISSING
    return Verdict.INSUFFICIENT if card.unknown else Verdict.MET


def model_card_page(
    actor: Actor,
    name: str,
    at: datetime,
    *,
    version: str = "",
    known_at: datetime | None = None,
) -> CardPage:
    """Return the card of a model's version ("": the newest). Raises NotFound with the nearest."""
    ground = CardGround(actor, at, known_at, (name,))
    if name not in ground.held.heard:
        known = CardGround(actor, at, known_at).names()
        hint = meant(name, known) or "; evidence about model:NAME makes one known."
        sentence = f"There is no card of model:{name} in this workspace{hint}"
        raise NotFound(sentence)
    card = model_card(ground.models({name: version})[0])
    versions = [one.version for one in ground.versions(name)]
    return CardPage(name, card, versions, frozen_cards(actor, f"model:{name}", known_at))


def datasheet_page(
    actor: Actor, name: str, at: datetime, *, known_at: datetime | None = None
) -> CardPage:
    """Return the datasheet of a dataset. Raises NotFound with the nearest name."""
    ground = CardGround(actor, at, known_at)
    if name not in ground.datasets:
        hint = meant(name, ground.datasets) or "; a record of dataset:NAME@VERSION makes one known."
        sentence = f"There is no card of dataset:{name} in this workspace{hint}"
        raise NotFound(sentence)
    found = datasets_known(ground, [name])[0]
    versions = [one.version for one in found.versions]
    frozen = frozen_cards(actor, f"dataset:{name}", known_at)
    return CardPage(name, datasheet(found), versions, frozen)


def annex_iv_file(
    actor: Actor, slug: str, at: datetime, *, known_at: datetime | None = None
) -> CardDocument:
    """Return the technical file of a system by Annex IV. Raises NotFound for an unknown one."""
    system = system_named(actor, slug, known_at)
    ground = CardGround(actor, at, known_at)
    names = [name for name in ground.names() if _is_of(ground, name, system)]
    projects = [one for one in ground.projects.values() if one.system_id == system.id]
    homes = {one.slug for one in projects}
    return annex_iv(
        SystemEvidence(
            slug=system.slug,
            name=system.name,
            owner=system.owner,
            tier=system.tier,
            at=at,
            models=ground.models(dict.fromkeys(names, "")),
            risks=_risks(actor, projects, known_at),
            moves=_moves(actor, system, known_at),
            heard=heard_of(ground.records(HEARD), system.slug, homes, names),
            packs=_packs(actor, system, known_at),
            law=_law(actor, system, at, known_at),
            words=ground.words.get(f"system:{system.slug}", {}),
        )
    )


def _is_of(ground: CardGround, name: str, system: SystemFacts) -> bool:
    found = ground.held.system(name)
    return found is not None and found.id == system.id


def _risks(
    actor: Actor, projects: Sequence[ProjectFacts], known_at: datetime | None
) -> Sequence[Danger]:
    ids: set[UUID | None] = {one.id for one in projects}
    programs = [line.program for line in portfolio_lines(actor, known_at)]
    mine = {one.program_id for one in projects}
    wanted = [one for one in programs if one.id in mine]
    return [
        Danger(risk.key, risk.name, risk.state, risk.owner, risk.chance, risk.next_action)
        for risks in risks_by_program(actor, wanted, known_at).values()
        for risk in risks
        if risk.project_id in ids and risk.kind == "threat"
    ]


def _moves(
    actor: Actor, system: SystemFacts, known_at: datetime | None
) -> Sequence[tuple[str, StageMoveFacts]]:
    found = [
        (release.name, move)
        for release in releases_of(actor, known_at)
        if release.system_id == system.id
        for move in moves_of(actor, release, known_at)
    ]
    return sorted(found, key=lambda one: one[1].at)


def _packs(actor: Actor, system: SystemFacts, known_at: datetime | None) -> Sequence[str]:
    titles = {key: one.title for key, one in shipped_packs().items()}
    rows = rows_at(PackAssignment, known_at, workspace_id=actor.workspace_id, system_id=system.id)
    return sorted(titles.get(row.pack, row.pack) for row in rows if not row.is_ended)


def _law(
    actor: Actor, system: SystemFacts, at: datetime, known_at: datetime | None
) -> Sequence[tuple[str, str, tuple[int, ...]]]:
    """Return what the AI Act and the GDPR make of the system, and how its duties stand."""
    found = ai_act_of(actor, [system], at, known_at=known_at)[system.id].classification
    state = dpias_of(actor, [system], known_at=known_at)[system.id].state
    told: list[tuple[str, str, tuple[int, ...]]] = [
        ("Class by the AI Act", found.sentence, ()),
        ("Data protection impact assessment", state.sentence, state.records),
    ]
    lines = obligation_lines(actor, at, known_at=known_at, slug=system.slug)
    if lines:
        met = sum(line.verdict is Verdict.MET for line in lines)
        told.append(("Obligations", f"{met} of {len(lines)} obligations of the Act are met.", ()))
    return told


def frozen_cards(
    actor: Actor, about: str, known_at: datetime | None = None
) -> Sequence[FrozenCard]:
    """Return the checks of a thing's card that are on record, newest first."""
    kind, _, name = about.partition(":")
    rows = records_of_kinds(actor, ("card",), known_at, names=[name], most_each=20)
    return [
        FrozenCard(
            record=row.record,
            about=row.subject,
            source=row.source,
            completeness=float(row.payload["completeness"]),
            lacking=[
                str(one["name"])
                for one in row.payload["sections"]
                if one["verdict"] not in ("met", "not_applicable")
            ],
            at=row.observed_at,
            until=row.valid_until,
        )
        for row in reversed(rows)
        if row.subject.startswith(f"{kind}:")
    ]


def require_about(actor: Actor, about: str, at: datetime) -> None:
    """Raise NotFound when `about` names no model, dataset or system of the workspace."""
    kind, _, name = about.partition(":")
    if kind == "model":
        model_card_page(actor, name, at)
    elif kind == "dataset":
        datasheet_page(actor, name, at)
    else:
        system_named(actor, name)


def card_words(actor: Actor, about: str, place: str, known_at: datetime | None = None) -> Words:
    """Return what people wrote for a place of a card; NotFound where nobody did."""
    require(actor, Permission.VIEW)
    missing = f"Nobody wrote anything for the place '{place[:60]}' of {about[:80]} yet."
    here = {"workspace_id": actor.workspace_id, "about": about, "place": place}
    return words_of(row_at(CardText, known_at, missing, **here))
