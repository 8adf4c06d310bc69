"""An ask in words, for whoever has to give the evidence."""

from __future__ import annotations

from headway.domain.compliance.rules.packs.pack import Ask

_NOUNS = {
    "model_version": "a model version",
    "dataset_version": "a version of each dataset",
    "gate_decision": "a decision at a gate",
    "pipeline_run": "a run of a pipeline",
    "approval": "an approval",
    "attestation": "an attestation",
    "audit": "an audit of the repository",
    "evaluation": "an evaluation",
    "incident": "a step of an incident",
}


def ask_words(ask: Ask) -> str:
    """Return what `ask` wants: "a drill with drill rollback where passed is true, …"."""
    parts = [_NOUNS.get(ask.kind, f"a {ask.kind.replace('_', ' ')}")]
    if ask.about:
        parts.append(f"of {ask.about}")
    if ask.where:
        parts.append("with " + ", ".join(f"{_field(n)} {_or(v)}" for n, v in ask.where.items()))
    holds = [f"{_field(n)} {_or(v)}" for n, v in ask.equal.items()]
    holds += [f"{_field(n)} at least {v:g}" for n, v in ask.at_least.items()]
    holds += [f"{_field(n)} at most {v:g}" for n, v in ask.at_most.items()]
    holds += [f"{_field(n)} given" for n in ask.given]
    item = f"{ask.item} " if ask.item else ""
    if holds:
        parts.append(f"that says {item}{', '.join(holds)}")
    if ask.within:
        parts.append(f"within {ask.within} days")
    return " ".join(parts)


def _field(name: str) -> str:
    return name.replace("_", " ")


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(word.replace("_", " ") for word in words)
