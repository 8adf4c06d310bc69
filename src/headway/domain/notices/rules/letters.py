"""How notices are put into one mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.domain.notices.rules.preferences import KIND_WORDS, Kind
from headway.rendering.letter import Letter, Line, Section


def digest_letter(
    pile: Mapping[Kind, Sequence[Line]], workspace: str, foot: Sequence[Line] = ()
) -> Letter:
    """Return one mail for all of `pile`: a part for each kind, in the order of the kinds."""
    count = sum(map(len, pile.values()))
    first = next(iter(next(iter(pile.values()))))
    subject = f"{workspace}: {first.text}" if count == 1 else f"{workspace}: {count} things to know"
    said = "One thing" if count == 1 else f"{count} things"
    return Letter(
        subject=subject,
        answer=f"{said} to know in {workspace}.",
        sections=[Section(KIND_WORDS[kind][0], pile[kind]) for kind in Kind if pile.get(kind)],
        foot=foot,
    )
