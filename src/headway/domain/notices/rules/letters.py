"""How notices are put into one mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.domain.forums.rules import ForumFacts
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


def question_letter(
    places: tuple[str, str],
    names: Sequence[tuple[str, str]],
    address: str,
    stop: str,
    *,
    again: bool,
) -> Letter:
    """Return the question how somebody's work stands; `places` are workspace and person.

    `names` are the items and their projects, `address` the one-time link, `stop` ends the asking.
    """
    workspace, person = places
    return Letter(
        subject=f"{'Reminder: ' if again else ''}{workspace}: how does your work stand?",
        answer=f"{person}, how do these stand? It takes two minutes.",
        why="You are reminded this once." if again else "",
        sections=[
            Section("", [Line("Answer here, without signing in", address)]),
            Section("Your open work", [Line(name, detail=project) for name, project in names]),
        ],
        foot=[
            Line("The link is yours alone; it works until you answer, or for 7 days."),
            Line("Ask me no more", stop),
        ],
    )


def invitation_letter(
    places: tuple[str, str], forum: ForumFacts, when: str, address: str
) -> Letter:
    """Return the invitation to a meeting; `places` are workspace and program, `when` in words."""
    workspace, program = places
    where = [Line(f"Where: {forum.place}")] if forum.place else []
    return Letter(
        subject=f"Invitation: {forum.name}, {when}",
        answer=f"{forum.name} of {program} meets on {when}.",
        why=f"It takes {forum.minutes} minutes. The entry for your calendar is attached.",
        sections=[Section("", [*where, Line("Agenda and minutes", address)])],
        foot=[Line(f"You belong to this forum in {workspace}.")],
    )
