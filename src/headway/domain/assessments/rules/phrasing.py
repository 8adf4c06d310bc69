"""How a term is said: what is asked of what, and which bound."""

from __future__ import annotations

from headway.domain.assessments.rules.terms import (
    Comparison,
    Given,
    Joined,
    Joint,
    Reducer,
    Scalar,
    Soak,
    Term,
    Tree,
)

_BOUND = {
    Comparison.AT_LEAST: "at least {}",
    Comparison.AT_MOST: "at most {}",
    Comparison.EQUALS: "{}",
    Comparison.IN: "one of {}",
    Comparison.IS: "{}",
}
_TRUTH = {True: "yes", False: "no"}
#: What of `where` names the thing asked for, and need not be said as a condition.
_NAMING = ("metric", "check", "item", "drill", "id", "card", "function")


def shown(value: object) -> str:
    """Return a value as people read it: four significant digits, yes and no."""
    if isinstance(value, bool):
        return _TRUTH[value]
    if isinstance(value, tuple):
        return ", ".join(shown(one) for one in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def bound_words(term: Term) -> str:
    """Return the bound in words: "at least 0.95", "passed"."""
    return _BOUND[term.compare].format(value_words(term, term.bound))


def value_words(term: Term, value: object) -> str:
    """Return a value of a term's field in words; what passed says so."""
    if term.field == "passed" and isinstance(value, bool):
        return "passed" if value else "failed"
    return shown(value)


#: What a template is about, before a gate fills it in.
_ABOUT = {
    "model:{model}@{version}": "the judged version",
    "model:{model}@*": "the newest version heard of",
    "model:{model}": "the newest version",
    "dataset:*": "every dataset",
    "pipeline:*": "every pipeline",
    "deployment:{model}/*": "its deployments",
    "deployment:{model}/production": "production",
    "release:{system}/{release}": "the release",
    "project:{project}": "the project",
    "system:{system}": "the system",
}


def subject_words(term: Term, subject: str) -> str:
    """Return what is asked for, and of which subject: "recall of model:x@3"."""
    where = dict(term.where)
    names = [shown(where[key]).replace("_", " ") for key in _NAMING if key in where]
    names = names or [term.role] if term.role else names
    noun = " ".join([*names, _noun(term)]) if names else _noun(term)
    conditions = [f"{key} {shown(value)}" for key, value in term.where if key not in _NAMING]
    on = f" ({', '.join(conditions)})" if conditions else ""
    return f"{noun} of {subject}{on}" if subject else f"{noun}{on}"


def term_words(term: Term) -> str:
    """Return the whole question, for people."""
    about = " or ".join(_ABOUT.get(text, text) for text in term.about)
    how = {Reducer.WORST: ", the worst", Reducer.BY_SEGMENT: ", in every segment"}
    fresh = f", within {term.fresh_days:g} days" if term.fresh_days is not None else ""
    bind = f", bound to this {' and '.join(term.bind)}" if term.bind else ""
    return f"{subject_words(term, about)}{how.get(term.reduce, '')}{fresh}{bind}"


def soak_words(soak: Soak) -> str:
    """Return a soak in words."""
    about = _ABOUT.get(soak.about, soak.about)
    return f"{soak.days:g} days at {about}, covered by {term_words(soak.cover)}"


#: What is taken as given, in words; a key follows where one is named.
_GIVEN = {
    "criteria": "every success criterion met",
    "criteria:segments": "every success criterion for a segment met",
    "criteria:guardrails": "every guardrail held",
    "criterion": "success criterion met",
    "dimension": "the project stands well in",
    "monitors": "no monitor alerts",
    "monitor": "monitor does not alert",
    "reproducible": "the run of the version can be made again",
}


def given_words(name: str) -> str:
    """Return what is taken as given, in words."""
    word, _, key = name.partition(":")
    return _GIVEN.get(name) or f"{_GIVEN.get(word, word)} {key}".strip()


def tree_words(tree: Tree) -> str:
    """Return what a whole rule asks, in words."""
    match tree:
        case Term():
            expected = f" ({', '.join(tree.expected)})" if tree.expected else ""
            return f"{term_words(tree)}{expected}: {bound_words(tree)}"
        case Soak():
            return soak_words(tree)
        case Given():
            return given_words(tree.name)
        case Joined(how=Joint.NOT):
            return f"not ({tree_words(tree.parts[0])})"
        case Joined():
            word = f"at least {tree.least} of" if tree.how is Joint.AT_LEAST else str(tree.how)
            return f"{word}: {'; '.join(tree_words(part) for part in tree.parts)}"


def _noun(term: Term) -> str:
    return term.evidence.replace("_", " ")


def bound_of(value: Scalar | tuple[Scalar, ...]) -> object:
    """Return a bound as a file writes it."""
    return list(value) if isinstance(value, tuple) else value
