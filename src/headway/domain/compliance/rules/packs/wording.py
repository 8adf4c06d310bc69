"""An ask in words, for whoever has to give the evidence."""

from __future__ import annotations

from headway.domain.compliance.rules.packs.pack import Ask

_NOUNS = {
    "approval": "an approval",
    "attestation": "an attestation",
    "audit": "an audit of the repository",
    "dataset_version": "a version of each dataset",
    "evaluation": "an evaluation",
    "gate_decision": "a decision at a gate",
    "incident": "a step of an incident",
    "model_version": "a version of each model",
    "pipeline_run": "a run of a pipeline",
}
#: Fields that a person says with the noun: "a rollback drill", "an approval by privacy".
_WITH_NOUN = {
    ("approval", "function"): "an approval by {}",
    ("card", "card"): "a {} card",
    ("check", "dimension"): "a {} check",
    ("drill", "drill"): "a {} drill",
}
#: Values that say by themselves what they are of.
_SPEAKING = ("decision", "outcome", "status", "verdict")


def ask_words(ask: Ask) -> str:
    """Return what `ask` wants: "a rollback drill that passed, within 90 days"."""
    noun, apart = _noun(ask), []
    for name, values in ask.where.items():
        if (ask.kind, name) in _WITH_NOUN:
            noun = _WITH_NOUN[ask.kind, name].format(_or(values))
        else:
            apart.append(f"{_field(name)} {_or(values)}")
    about = f" of {ask.about}" if ask.about else ""
    where = f" ({', '.join(apart)})" if apart else ""
    holds = _holds(ask)
    says = f" that {' and '.join(holds)}" if holds else ""
    return f"{noun}{about}{where}{says}{f', within {ask.within} days' if ask.within else ''}"


def _noun(ask: Ask) -> str:
    return _NOUNS.get(ask.kind, f"a {ask.kind.replace('_', ' ')}")


def _holds(ask: Ask) -> list[str]:
    """Return what each record has to say, as the ends of "that …"."""
    item = f"{ask.item} " if ask.item else ""
    found = []
    for name, values in ask.equal.items():
        if (name, values) == ("passed", ("true",)):
            found.append("passed")
        elif name in _SPEAKING:
            found.append(f"says {item}{_or(values)}")
        else:
            found.append(f"says {item}{_field(name)} {_or(values)}")
    found += [f"says {item}{_field(name)} at least {low:g}" for name, low in ask.at_least.items()]
    found += [f"says {item}{_field(name)} at most {high:g}" for name, high in ask.at_most.items()]
    if ask.given:
        found.append(f"gives {', '.join(_field(name) for name in ask.given)}")
    return found


def _field(name: str) -> str:
    return name.replace("_", " ")


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(word.replace("_", " ") for word in words)
