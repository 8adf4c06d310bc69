"""The model card of one version, paragraph by paragraph from what is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from headway.analysis.cards import MODEL_SECTIONS
from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.cards import phrases
from headway.domain.compliance.rules.cards.evidence import Data, ModelEvidence, Number, Promise
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
from headway.domain.compliance.rules.cards.places import MODEL_PLACES
from headway.domain.compliance.rules.cards.results import chosen_results, results

#: Uses of data in a run that are not for learning.
_NOT_TRAINING = ("eval", "test", "valid", "hold")


def model_card(model: ModelEvidence) -> CardDocument:
    """Return the card of the model's version; the same evidence gives the same card."""
    write = {
        "details": _details,
        "intended use": _uses,
        "factors": _factors,
        "metrics": _metrics,
        "evaluation data": _evaluation_data,
        "training data": _training_data,
        "quantitative analyses": _quantitative,
        "ethical considerations": _ethics,
        "caveats": _caveats,
    }
    sections = tuple(
        CardSection(one.key, one.title, one.asks, tuple(write[one.key](model)))
        for one in MODEL_SECTIONS
    )
    version = f", version {model.version.version}" if model.version else ""
    return CardDocument(
        kind="model",
        about=model.about,
        title=f"Model card: {model.name}{version}",
        at=model.at,
        sections=sections,
        front=tuple(_front(model)),
    )


def place(model: ModelEvidence, key: str) -> tuple[Paragraph, ...]:
    """Return what people wrote for a place of the card."""
    asked = MODEL_PLACES[key]
    words = model.words.get(key)
    return said(key, asked.label, asked.asks, words, model.at, needed=asked.is_needed)


def _details(model: ModelEvidence) -> Iterator[Paragraph]:
    yield version_paragraph(model)
    yield from place(model, "description")
    owner = "the owner"
    if model.owner:
        yield planned("owner", "Owner", f"{model.owner}.")
    else:
        yield unknown("owner", "Owner", owner)
    if model.licence:
        told, held = f"{model.licence}.", model.licence_records
        said_so = known("licence", "Licence", told, model.at, records=held)
        yield said_so if held else planned("licence", "Licence", told)
    else:
        yield unknown("licence", "Licence", "the model's licence")
    yield made_paragraph(model)
    yield from where_paragraphs(model)
    for heard in model.approvals:
        told = f"{heard.text} ({phrases.day(heard.at)})."
        yield known(
            f"approval-{heard.label}",
            f"Approval: {heard.label}",
            told,
            model.at,
            records=(heard.record,),
            until=heard.until,
        )


def version_paragraph(model: ModelEvidence) -> Paragraph:
    """Return which version it is, as its registry tells."""
    version = model.version
    if version is None:
        return unknown("version", "Version", "any version of the model")
    of = f" of the system {model.system} (tier {model.tier})" if model.system else ""
    told = f"{model.name}, version {version.version}{of}."
    if version.registered is not None:
        told += f" Registered {phrases.day(version.registered)}"
        told += f", {version.status.lower()}." if version.status else "."
    if version.description:
        told += f" {version.description.rstrip('.')}."
    return known("version", "Version", told, model.at, records=(version.record,))


def made_paragraph(model: ModelEvidence) -> Paragraph:
    """Return how the version was made: its run, and whether it can be made again."""
    run = model.run
    if run is None:
        return unknown("made", "How it was made", "the run that made this version")
    told = f"By run {run.run_id} ({run.status})"
    told += f" at commit {run.commit[:12]}" if run.commit else ", its commit is not known"
    told += f", with {len(run.params)} parameters." if run.params else ", no parameters logged."
    text = f"{told} {model.reproducible}".strip()
    return known("made", "How it was made", text, model.at, records=(run.record,))


def where_paragraphs(model: ModelEvidence) -> Iterator[Paragraph]:
    """Yield where the version stands: its aliases, and where it runs."""
    names = [name for name, _ in model.aliases]
    if names:
        held = [record for _, records in model.aliases for record in records]
        told = f"It is {phrases.listed(f'@{name}' for name in names)} in the registry."
        yield known("aliases", "Aliases", told, model.at, records=held)
    if model.placed:
        told = phrases.listed(
            f"{one.deployment.environment} ({one.deployment.target}, "
            f"{one.deployment.status.replace('_', ' ')} since {phrases.day(one.since)})"
            for one in model.placed
        )
        held = [record for one in model.placed for record in one.records]
        yield known("runs", "Where it runs", f"{told}.", model.at, records=held)


def _uses(model: ModelEvidence) -> Iterator[Paragraph]:
    yield from place(model, "uses")
    decision = model.charter.get("decision", "")
    if decision:
        yield planned("decision", "Decision it serves", decision)
    yield from place(model, "out-of-scope")


def _factors(model: ModelEvidence) -> Iterator[Paragraph]:
    numbers = [one for result in chosen_results(model) for one in result.segments]
    factors = [name for one in numbers for name in phrases.factors_of(one.segment)]
    if factors:
        told = f"Its quality was looked at by {phrases.listed(factors)}."
        records = [one.record for one in numbers]
        yield known("factors", "Factors looked at", told, model.at, records=records)
    else:
        yield unknown("factors", "Factors looked at", "results by any group")
    yield from place(model, "factors")


def _metrics(model: ModelEvidence) -> Iterator[Paragraph]:
    chosen = [result.overall for result in chosen_results(model)]
    if chosen:
        named = phrases.listed(f"{one.metric} on {one.dataset or one.split}" for one in chosen)
        records = [one.record for one in chosen]
        yield known("measured", "What is measured", f"{named}.", model.at, records=records)
    for promise in model.promises:
        yield planned(f"promise-{promise.criterion.key}", promise.criterion.name, promised(promise))
    if not model.promises:
        yield unknown("promises", "What was promised", "any success criterion")
    yield from place(model, "metrics")


def promised(promise: Promise) -> str:
    """Return what a criterion asks, in words."""
    asked = promise.criterion
    bound = "at least" if asked.direction == "maximise" else "at most"
    unit = f" {asked.unit}" if asked.unit else ""
    told = f"{asked.metric}, {bound} {asked.target:g}{unit}"
    if asked.segment:
        told += " on every group" if asked.segment == "*" else f" on {asked.segment}"
    by = "by the worse end of its interval" if asked.basis == "interval" else "by the estimate"
    return f"{told} ({asked.split}), {by}."


def _evaluation_data(model: ModelEvidence) -> Iterator[Paragraph]:
    named: dict[tuple[str, str], list[int]] = {}
    for result in chosen_results(model):
        key = (result.overall.dataset, result.overall.digest)
        named.setdefault(key, []).append(result.overall.record)
    if not named:
        yield unknown("evaluation-data", "Data", "the data it was evaluated on")
    for (name, digest), records in named.items():
        yield from data_paragraphs(model, name, digest, "evaluation", records)


def _training_data(model: ModelEvidence) -> Iterator[Paragraph]:
    used = [
        (name, digest)
        for name, digest, use in (model.run.data if model.run else ())
        if not any(word in use.lower() for word in _NOT_TRAINING)
    ]
    if not used:
        yield unknown("training-data", "Data", "the data it was trained on")
    for name, digest in used:
        records = [model.run.record] if model.run else []
        yield from data_paragraphs(model, name, digest, "training", records)


def data_paragraphs(
    model: ModelEvidence, name: str, digest: str, use: str, records: Sequence[int]
) -> Iterator[Paragraph]:
    """Yield what is known of one dataset, and, one by one, what nobody said of it."""
    title = name or f"data {digest[:12]}"
    data = model.data_of(name, digest)
    key = f"{use}:{name or digest[:12]}"
    if data is None:
        told = f"{title} is named, digest {digest[:16] or 'unknown'}; no record describes it."
        yield known(key, title, told, model.at, records=records)
        yield unknown(f"{key}:content", f"{title}: content", f"what the {use} data hold")
        return
    held = [*records, data.record]
    yield known(key, title, phrases.extent(data), model.at, records=held)
    yield from rights(key, title, data, use, model)


def rights(key: str, title: str, data: Data, use: str, model: ModelEvidence) -> Iterator[Paragraph]:
    """Yield licence and personal data of a dataset, each known or unknown."""
    if data.licence:
        told = f"{data.licence}."
        yield known(f"{key}:licence", f"{title}: licence", told, model.at, records=(data.record,))
    else:
        yield unknown(f"{key}:licence", f"{title}: licence", f"the {use} data's licence")
    if data.personal_data:
        told = phrases.personal(data)
        yield known(
            f"{key}:personal", f"{title}: personal data", told, model.at, records=(data.record,)
        )
    else:
        what = f"whether the {use} data hold personal data"
        yield unknown(f"{key}:personal", f"{title}: personal data", what)


def _quantitative(model: ModelEvidence) -> Iterator[Paragraph]:
    yield from results(model)
    for promise in model.promises:
        if promise.verdict in (Verdict.MET, Verdict.UNMET):
            label = "Against the promise"
            key = f"standing-{promise.criterion.key}"
            yield known(key, label, promise.sentence, model.at, records=promise.records)
        elif promise.verdict is Verdict.STALE:
            label = "Against the promise"
            key = f"standing-{promise.criterion.key}"
            yield outdated(key, label, promise.sentence, "", promise.records)


def _ethics(model: ModelEvidence) -> Iterator[Paragraph]:
    yield from place(model, "ethics")


def _caveats(model: ModelEvidence) -> Iterator[Paragraph]:
    yield from place(model, "caveats")
    for promise in model.promises:
        if promise.verdict is Verdict.UNMET:
            told = f"Promised, and not reached. {promise.sentence}"
            key = f"unmet-{promise.criterion.key}"
            yield known(key, "Not reached", told, model.at, records=promise.records)
    for watch in model.watches:
        if watch.verdict is Verdict.UNMET:
            told = f"A monitor alerts. {watch.sentence}"
            key = f"alert-{watch.name}"
            yield known(key, "Alert", told, model.at, records=watch.records)
        elif watch.verdict is Verdict.STALE:
            told = f"A monitor fell silent. {watch.sentence}"
            yield outdated(f"silent-{watch.name}", "Silence", told, "", watch.records)


def _front(model: ModelEvidence) -> Iterator[tuple[str, object]]:
    """Yield the front matter that Hugging Face reads."""
    if model.licence:
        yield "license", model.licence
    datasets = [name for name, _, _ in (model.run.data if model.run else ()) if name]
    if datasets:
        yield "datasets", list(dict.fromkeys(datasets))
    fresh = [one.overall for one in chosen_results(model) if one.is_current]
    told = [one for one in fresh if one.value is not None and not one.is_estimated]
    if told:
        yield "metrics", list(dict.fromkeys(one.metric for one in told))
        yield "model-index", [{"name": model.name, "results": [_result(one) for one in told]}]


def _result(number: Number) -> dict[str, object]:
    return {
        "dataset": {"name": number.dataset or "unnamed", "split": number.split},
        "metrics": [{"type": number.metric, "value": number.value}],
    }
