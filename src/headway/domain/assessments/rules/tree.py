"""judge: terms joined, the ground, a moment → a verdict with its trace.

Kleene's logic: unmet decides in all, met in any; else the worst unknown speaks. The opposite of an
unknown is that unknown. All of nothing is missing. Pure: the same question has the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from headway.domain.assessments.rules.combine import ORDER
from headway.domain.assessments.rules.ground import Ground
from headway.domain.assessments.rules.phrasing import tree_words
from headway.domain.assessments.rules.soak import judge_soak
from headway.domain.assessments.rules.term import judge_term
from headway.domain.assessments.rules.terms import Given, Joined, Joint, Soak, Term, Tree, filled
from headway.domain.assessments.rules.trace import Trace
from headway.domain.assessments.rules.verdicts import Verdict

#: Verdicts that say neither yes nor no, the worst first.
UNKNOWN = tuple(
    word for word in ORDER if word not in (Verdict.UNMET, Verdict.MET, Verdict.NOT_APPLICABLE)
)

_OPPOSITE = {Verdict.MET: Verdict.UNMET, Verdict.UNMET: Verdict.MET}


def judge(tree: Tree, ground: Ground, at: datetime) -> Trace:
    """Return the verdict on a tree whose braces the ground's words fill."""
    return _judge(filled(tree, ground.words), ground, at)


def _judge(tree: Tree, ground: Ground, at: datetime) -> Trace:
    match tree:
        case Term():
            return judge_term(tree, ground, at)
        case Soak():
            return judge_soak(tree, ground, at)
        case Given():
            return _given(tree, ground)
        case Joined():
            parts = [_judge(part, ground, at) for part in tree.parts]
            return _JOINED[tree.how](parts, tree.least)


def _given(asked: Given, ground: Ground) -> Trace:
    found = ground.given.get(asked.name)
    if found is None:
        sentence = f"Nothing is known of {asked.name}."
        return Trace(tree_words(asked), Verdict.MISSING, sentence)
    return Trace(tree_words(asked), found.verdict, found.sentence, records=found.records)


def join_all(parts: Sequence[Trace], _least: int = 0) -> Trace:
    """Return "every part holds": unmet decides, then the worst unknown; of nothing it is missing.

    It goes stale when the first of its parts does; unmet, when the last that is unmet does.
    """
    if not parts:
        return Trace("all", Verdict.MISSING, "Nothing is asked, and nothing is shown by that.")
    verdict = next(word for word in ORDER if any(part.verdict is word for part in parts))
    saying = [part.stale_at for part in parts if part.verdict is verdict]
    ends = _nth_end(saying, len(saying) if verdict is Verdict.UNMET else 1)
    return _joined("all", verdict, parts, ends if verdict in _OPPOSITE else None)


def join_any(parts: Sequence[Trace], _least: int = 0) -> Trace:
    """Return "one part holds": met decides, then the worst unknown.

    It goes stale when the last of the parts that hold does.
    """
    return _at_least(parts, 1, "any")


def join_at_least(parts: Sequence[Trace], least: int) -> Trace:
    """Return "at least so many parts hold"; unknown while those that are unknown could decide it.

    It goes stale when too few of the parts that hold are left.
    """
    return _at_least(parts, least, f"at least {least}")


def join_not(parts: Sequence[Trace], _least: int = 0) -> Trace:
    """Return the opposite of the one part; of an unknown it is that unknown."""
    inner = parts[0]
    verdict = _OPPOSITE.get(inner.verdict, inner.verdict)
    sentence = f"It must not be that: {inner.sentence}"
    return Trace("not", verdict, sentence, stale_at=inner.stale_at, parts=(inner,))


def _at_least(parts: Sequence[Trace], least: int, asked: str) -> Trace:
    """Count what holds and what may hold. What does not apply can do neither."""
    if not parts:
        return Trace(asked, Verdict.MISSING, "Nothing is asked, and nothing is shown by that.")
    words = [part.verdict for part in parts]
    if all(word is Verdict.NOT_APPLICABLE for word in words):
        return _joined(asked, Verdict.NOT_APPLICABLE, parts, None)
    met = words.count(Verdict.MET)
    open_ones = [word for word in UNKNOWN if word in words]
    if met >= least:
        verdict = Verdict.MET
    elif met + sum(word in UNKNOWN for word in words) < least:
        verdict = Verdict.UNMET
    else:
        verdict = open_ones[0]
    return _joined(asked, verdict, parts, _ends(parts, verdict, least))


def _ends(parts: Sequence[Trace], verdict: Verdict, least: int) -> datetime | None:
    """Return when time takes the answer away: too few hold, or so many may hold that it is open."""
    words = [part.verdict for part in parts]
    saying = [part.stale_at for part in parts if part.verdict is verdict]
    if verdict is Verdict.MET:
        return _nth_end(saying, len(saying) - least + 1)
    if verdict is Verdict.UNMET:
        open_ones = words.count(Verdict.MET) + sum(word in UNKNOWN for word in words)
        return _nth_end(saying, least - open_ones)
    return None


def _nth_end(moments: Sequence[datetime | None], place: int) -> datetime | None:
    """Return the moment at this place among those that there are, the first at 1; else None."""
    ends = sorted(moment for moment in moments if moment is not None)
    return ends[place - 1] if 0 < place <= len(ends) else None


def _joined(
    asked: str, verdict: Verdict, parts: Sequence[Trace], stale_at: datetime | None
) -> Trace:
    deciding = [part for part in parts if part.verdict is verdict] or list(parts)
    sentence = " ".join(part.sentence for part in deciding[:3])
    if len(deciding) > 3:
        sentence += f" And {len(deciding) - 3} more like these."
    return Trace(asked, verdict, sentence, stale_at=stale_at, parts=tuple(parts))


_JOINED: dict[Joint, Callable[[Sequence[Trace], int], Trace]] = {
    Joint.ALL: join_all,
    Joint.ANY: join_any,
    Joint.NOT: join_not,
    Joint.AT_LEAST: join_at_least,
}
