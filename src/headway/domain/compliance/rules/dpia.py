"""The data protection impact assessment: is one due, is it written, does it still hold.

One "yes" of Art. 35(3), or two of the nine criteria, make it due; silence never makes it needless.
What is written counts as a whole, approved by somebody of privacy who saw exactly this, and as long
as the personal data and the purposes are those that it was approved for (Art. 35(11)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.law import Part, gdpr
from headway.errors import Invalid
from headway.observation import canonical, digest

#: From how many of the nine an assessment is presumed (WP 248).
PRESUMED_FROM = 2

#: How large the risk is that the measures leave.
RESIDUAL = ("low", "medium", "high")

#: Fields of the document beside its parts: what risk is left, that the authority was asked.
RESIDUAL_RISK, CONSULTED = "residual_risk", "consulted"


@dataclass(frozen=True, slots=True)
class Screening:
    """Whether an assessment is due. `verdict`: met is a screening that is whole.

    `is_required` is None while it is open; `reasons` are the questions answered with yes.
    """

    verdict: Verdict
    is_required: bool | None
    reasons: tuple[Part, ...]
    next_question: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody of privacy said of the document: when, and the digest of what they saw."""

    decision: str
    seen_digest: str
    at: datetime
    record: int


@dataclass(frozen=True, slots=True)
class DocumentState:
    """How the assessment of a system stands, and why; `missing` are the parts not written."""

    verdict: Verdict
    sentence: str
    missing: tuple[Part, ...]
    records: tuple[int, ...] = ()


def questions() -> Sequence[Part]:
    """Return all questions, those of the law itself first."""
    return [*gdpr().always, *gdpr().criteria]


def read_dpia_answer(question_id: str, value: object) -> bool:
    """Return a typed yes or no. Raises Invalid for another word or an unknown question."""
    question = next((one for one in questions() if one.id == question_id), None)
    if question is None:
        known = ", ".join(one.id for one in questions())
        sentence = f"An impact assessment asks nothing called {question_id[:60]!r}; known: {known}."
        raise Invalid(sentence)
    words = {"yes": True, "true": True, "no": False, "false": False}
    word = str(value).strip().lower()
    if word not in words:
        sentence = f"“{question.title}” was answered {word[:40]!r}; write yes or no."
        raise Invalid(sentence)
    return words[word]


def screen(answers: Mapping[str, object]) -> Screening:
    """Say whether an assessment is due: known as soon as the answers suffice."""
    held = {one.id: answers[one.id] for one in questions() if isinstance(answers.get(one.id), bool)}
    law = [one for one in gdpr().always if held.get(one.id)]
    nine = [one for one in gdpr().criteria if held.get(one.id)]
    following = next((one for one in questions() if one.id not in held), None)
    said = tuple([*law, *nine])
    if law:
        ids = ", ".join(one.article for one in law)
        return Screening(Verdict.MET, True, said, "", f"Required by {ids}.")
    if len(nine) >= PRESUMED_FROM:
        sentence = f"Required: {len(nine)} of the nine criteria hold, and two presume it."
        return Screening(Verdict.MET, True, said, "", sentence)
    if following is None:
        sentence = f"Not required: {len(nine)} of the nine criteria holds, none of Art. 35(3)."
        return Screening(Verdict.MET, False, said, "", sentence)
    verdict = Verdict.INSUFFICIENT if held else Verdict.MISSING
    left = sum(one.id not in held for one in questions())
    sentence = f"Open: {left} questions have no answer; the next is {following.article}."
    return Screening(verdict, None, said, following.id, sentence)


def document_digest(document: Mapping[str, str]) -> str:
    """Return the digest of what was written: an approval names it."""
    return digest(canonical(dict(sorted(document.items()))))


def judge_document(
    screening: Screening,
    document: Mapping[str, str],
    approval: Approval | None,
    *,
    changed: Sequence[str] = (),
) -> DocumentState:
    """Return how an assessment stands; `changed` names what moved since it was approved."""
    missing = tuple(one for one in gdpr().parts if not document.get(one.id, "").strip())
    if screening.is_required is not True:
        return _not_due(screening, missing)
    blocked = _unwritten(document, missing)
    if blocked is not None:
        return blocked
    return _approved(document, approval, changed)


def _not_due(screening: Screening, missing: tuple[Part, ...]) -> DocumentState:
    if screening.is_required is False:
        return DocumentState(Verdict.NOT_APPLICABLE, screening.sentence, missing)
    return DocumentState(screening.verdict, screening.sentence, missing)


def _unwritten(document: Mapping[str, str], missing: tuple[Part, ...]) -> DocumentState | None:
    """Return what the document lacks, or None when it is whole."""
    if missing:
        verdict = Verdict.MISSING if len(missing) == len(gdpr().parts) else Verdict.INSUFFICIENT
        ids = ", ".join(one.article for one in missing)
        sentence = f"{len(missing)} of {len(gdpr().parts)} parts are not written: {ids}."
        return DocumentState(verdict, sentence, missing)
    risk = document.get(RESIDUAL_RISK, "")
    if risk not in RESIDUAL:
        sentence = "It does not say how large the risk is that the measures leave."
        return DocumentState(Verdict.INSUFFICIENT, sentence, ())
    if risk == "high" and not document.get(CONSULTED, "").strip():
        sentence = "A high risk is left: the authority has to be consulted first (Art. 36)."
        return DocumentState(Verdict.UNMET, sentence, ())
    return None


def _approved(
    document: Mapping[str, str], approval: Approval | None, changed: Sequence[str]
) -> DocumentState:
    if approval is None:
        return DocumentState(Verdict.MISSING, "Written; privacy has not approved it.", ())
    seen = (approval.record,)
    if approval.decision != "approved":
        said = "refused it" if approval.decision == "refused" else "approved it with conditions"
        return DocumentState(Verdict.UNMET, f"Privacy {said} on {approval.at:%Y-%m-%d}.", (), seen)
    if approval.seen_digest != document_digest(document):
        sentence = f"It was changed since privacy approved it on {approval.at:%Y-%m-%d}."
        return DocumentState(Verdict.STALE, sentence, (), seen)
    if changed:
        sentence = f"To be reviewed (Art. 35(11)): since its approval {'; '.join(changed)}."
        return DocumentState(Verdict.STALE, sentence, (), seen)
    sentence = f"Written whole, and approved by privacy on {approval.at:%Y-%m-%d}."
    return DocumentState(Verdict.MET, sentence, (), seen)


def changes_between(then: Mapping[str, str], now: Mapping[str, str]) -> Sequence[str]:
    """Say what moved in the basis of an assessment: its purposes and personal data, by name."""
    found = [f"{name} came" for name in sorted(now.keys() - then.keys())]
    found += [
        f"{name} changed from “{then[name]}” to “{now[name]}”"
        for name in sorted(now.keys() & then.keys())
        if then[name] != now[name]
    ]
    return found
