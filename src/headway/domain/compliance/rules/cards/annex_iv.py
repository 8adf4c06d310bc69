"""The technical file of an ML system by Annex IV of the EU AI Act: its nine items, our words.

What machines and the plan know is filled in; what only people can say is asked of them; what
nobody said is printed as unknown. It is a file to hand over, not a finding that it suffices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.cards import phrases
from headway.domain.compliance.rules.cards.evidence import (
    Danger,
    Heard,
    ModelEvidence,
    SystemEvidence,
)
from headway.domain.compliance.rules.cards.model_card import (
    data_paragraphs,
    made_paragraph,
    promised,
    version_paragraph,
    where_paragraphs,
)
from headway.domain.compliance.rules.cards.paragraphs import (
    CardDocument,
    CardSection,
    Paragraph,
    known,
    outdated,
    planned,
    said,
    unknown,
)
from headway.domain.compliance.rules.cards.places import SYSTEM_PLACES
from headway.domain.compliance.rules.cards.results import results

#: The nine items: number, title, what is to be said (ours).
ITEMS: Sequence[tuple[str, str, str]] = (
    ("1", "General description", "what it is for, whose it is, its versions, where it runs"),
    ("2", "Elements and development", "how it was made, from which data, and how it was tested"),
    ("3", "Monitoring, functioning and control", "what it can do, for whom, and who oversees it"),
    ("4", "Appropriateness of the metrics", "what is measured, and why that is the right thing"),
    ("5", "Risk management system", "which risks are known, and what is done about them"),
    ("6", "Changes over the life cycle", "what changed, when, and who decided it"),
    ("7", "Standards", "which harmonised standards were applied, or what was done instead"),
    ("8", "Declaration of conformity", "a copy of the declaration"),
    ("9", "Post-market monitoring", "how it is watched once it is in use"),
)


def annex_iv(system: SystemEvidence) -> CardDocument:
    """Return the technical file of a system as of its moment."""
    write = (_general, _development, _control, _metrics, _risks, _changes, _standards, _declaration)
    sections = tuple(
        CardSection(number, f"{number} {title}", asks, tuple(write_one(system)))
        for (number, title, asks), write_one in zip(ITEMS, (*write, _post_market), strict=True)
    )
    return CardDocument(
        kind="annex-iv",
        about=f"system:{system.slug}",
        title=f"Technical documentation (EU AI Act, Annex IV): {system.name}",
        at=system.at,
        sections=sections,
    )


def _place(system: SystemEvidence, key: str) -> tuple[Paragraph, ...]:
    asked = SYSTEM_PLACES[key]
    return said(key, asked.label, asked.asks, system.words.get(key), system.at)


def _of(
    model: ModelEvidence, paragraphs: Iterator[Paragraph] | Sequence[Paragraph]
) -> Iterator[Paragraph]:
    """Yield paragraphs of one model under its name, so that two models do not look like one."""
    for one in paragraphs:
        yield Paragraph(
            f"{model.name}/{one.key}",
            f"{model.name}: {one.label}",
            one.text,
            one.verdict,
            one.origin,
            one.records,
            one.until,
        )


def _general(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "purpose")
    owner = f"{system.owner} (tier {system.tier})."
    if system.owner:
        yield planned("owner", "Owner", owner)
    else:
        yield unknown("owner", "Owner", "who answers for the system")
    for name, told, records in system.law:
        if records:
            yield known(f"law-{name}", name, told, system.at, records=records)
        else:
            yield planned(f"law-{name}", name, told)
    if not system.models:
        yield unknown("models", "Models", "any model of this system")
    for model in system.models:
        yield from _of(model, [version_paragraph(model), *where_paragraphs(model)])
        if not model.placed:
            yield from _of(
                model, [unknown("runs", "Where it runs", "any deployment of this version")]
            )
    yield from _place(system, "hardware")
    yield from _place(system, "instructions")


def _development(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "design")
    for model in system.models:
        yield from _of(model, [made_paragraph(model)])
        used = model.run.data if model.run else ()
        records = [model.run.record] if model.run else []
        for name, digest, use in used:
            kind = use or "training"
            yield from _of(model, data_paragraphs(model, name, digest, kind, records))
        if not used:
            yield from _of(model, [unknown("data", "Data", "the data it was trained on")])
        yield from _of(model, results(model))
    yield from _place(system, "oversight")
    yield from _place(system, "predetermined")
    yield from _place(system, "security")
    yield from _told(system, ("approval",), "Approval")
    yield from _told(system, ("attestation",), "Attested")


def _control(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "limits")
    for model in system.models:
        broken = [one for one in model.promises if one.verdict is Verdict.UNMET]
        for promise in broken:
            told = f"Not reached: {promise.criterion.name}. {promise.sentence}"
            paragraph = known(
                f"unmet-{promise.criterion.key}", "Limit", told, system.at, records=promise.records
            )
            yield from _of(model, [paragraph])
    yield from _place(system, "inputs")
    yield from _told(system, ("drill",), "Drill")
    if not any(one.kind == "drill" for one in system.heard):
        yield unknown("drills", "Drills", "a drill of rolling back or stopping it")


def _metrics(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "metrics")
    asked = [(model, promise) for model in system.models for promise in model.promises]
    for model, promise in asked:
        told = promised(promise)
        paragraph = planned(f"promise-{promise.criterion.key}", promise.criterion.name, told)
        yield from _of(model, [paragraph])
    if not asked:
        yield unknown("promises", "Success criteria", "any success criterion")


def _risks(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "risk")
    for risk in system.risks:
        key, label = f"risk-{risk.key}", f"Risk {risk.key}"
        yield planned(key, label, _danger(risk))
    if not system.risks:
        yield unknown("risks", "Risks", "any risk in the register")


def _danger(risk: Danger) -> str:
    owner = f" Owner: {risk.owner}." if risk.owner else " Nobody owns it."
    step = f" Next: {risk.next_action.rstrip('.')}." if risk.next_action else ""
    return f"{risk.name.rstrip('.')}: {risk.state}, chance {risk.chance:.0%}.{owner}{step}"


def _changes(system: SystemEvidence) -> Iterator[Paragraph]:
    for release, move in system.moves:
        back = " (back)" if move.is_back else ""
        why = f": {move.reason.rstrip('.')}" if move.reason else ""
        told = f"{phrases.day(move.at)}, from {move.from_stage} to {move.to_stage}{back}{why}."
        key = f"move-{release}-{move.at.isoformat()}"
        yield planned(key, f"Release {release}", told)
    yield from _told(system, ("gate_decision",), "Decision")
    yield from _told(system, ("waiver",), "Waiver")
    yield from _told(system, ("alias_move",), "Registry")
    kinds = {one.kind for one in system.heard}
    if not system.moves and not kinds & {"gate_decision", "waiver", "alias_move"}:
        yield unknown("changes", "Changes", "any change since it was made")


def _standards(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "standards")
    for pack in system.packs:
        told = f"The system is held to {pack}."
        yield planned(f"pack-{pack}", "Framework", told)


def _declaration(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "declaration")


def _post_market(system: SystemEvidence) -> Iterator[Paragraph]:
    yield from _place(system, "post-market")
    watches = {one.name: one for model in system.models for one in model.watches}
    for name, watch in watches.items():
        told = f"{watch.kind}, {watch.rhythm}. {watch.sentence}"
        key, label = f"monitor-{name}", f"Monitor {name}"
        if watch.verdict is Verdict.STALE:
            yield outdated(key, label, told, "", watch.records)
        else:
            yield known(key, label, told, system.at, records=watch.records)
    if not watches:
        yield unknown("monitors", "Monitors", "any monitor of its models")
    yield from _told(system, ("incident",), "Incident")


def _told(system: SystemEvidence, kinds: Sequence[str], word: str) -> Iterator[Paragraph]:
    """Yield what records of some kinds told, oldest first."""
    for heard in system.heard:
        if heard.kind in kinds:
            yield _heard(heard, word, system)


def _heard(heard: Heard, word: str, system: SystemEvidence) -> Paragraph:
    told = f"{heard.text.rstrip('.')} ({phrases.day(heard.at)})."
    return known(
        f"{heard.kind}-{heard.record}",
        f"{word}: {heard.label}" if heard.label else word,
        told,
        system.at,
        records=(heard.record,),
        until=heard.until,
    )
