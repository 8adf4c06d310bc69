"""`headway frameworks`: the packs of laws, standards and guidance that Headway ships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.errors import NotFound
from headway.interfaces.cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from headway.domain.compliance.rules.packs import Control, Pack

#: What stands beside a statement that nobody has held against the official text yet.
UNVERIFIED = "not verified against the official text"


def frameworks(
    id_: Annotated[
        str, typer.Option("--id", help="One framework, with its controls.", show_default=False)
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say which governance frameworks Headway knows, and what each asks, in our own words.

    Needs no server and no database. A framework that was superseded names its successor.

    Examples:

      headway frameworks

      headway frameworks --id nist-ai-rmf --json
    """
    from headway.domain.compliance.rules.packs import shipped_packs

    packs = shipped_packs()
    if id_ and id_ not in packs:
        sentence = f"There is no framework '{id_[:60]}'; there is {', '.join(packs)}."
        raise NotFound(sentence)
    chosen = [packs[id_]] if id_ else list(packs.values())
    if as_json:
        answer: dict[str, Any] = {"frameworks": [_pack_json(pack) for pack in chosen]}
        if id_:
            answer["controls"] = [_control_json(one) for one in packs[id_].controls]
        print_json(answer)
    elif id_:
        _print_pack(packs[id_])
    else:
        _print_list(chosen)


def _pack_json(pack: Pack) -> dict[str, Any]:
    until = pack.effective_until
    return {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "kind": pack.kind.value,
        "controls": len(pack.controls),
        "effective_from": pack.effective_from.isoformat(),
        "effective_until": until.isoformat() if until else None,
        "superseded_by": pack.superseded_by or None,
        "source": pack.source,
        "licence": pack.licence.value,
        "verified": not pack.verify,
    }


def _control_json(control: Control) -> dict[str, Any]:
    from headway.domain.compliance.rules.packs import ask_words

    until = control.effective_until
    return {
        "id": control.id,
        "title": control.title,
        "group": control.group,
        "articles": list(control.articles),
        "roles": list(control.roles),
        "classes": list(control.classes),
        "evidence": [ask_words(ask) for ask in control.asks],
        "attested": control.attest,
        "effective_from": control.effective_from.isoformat(),
        "effective_until": until.isoformat() if until else None,
        "verified": not control.verify,
    }


def _print_list(packs: list[Pack]) -> None:
    print_line(f"Headway ships {len(packs)} frameworks.")
    print_table(
        "Frameworks",
        ("id", "title", "version", "controls", "from", "note"),
        [
            [
                pack.id,
                pack.title,
                pack.version,
                str(len(pack.controls)),
                pack.effective_from.isoformat(),
                _note(pack),
            ]
            for pack in packs
        ],
        numbers=("controls",),
    )


def _note(pack: Pack) -> str:
    notes = []
    if pack.superseded_by:
        notes.append(f"superseded on {pack.effective_until} by {pack.superseded_by}")
    if pack.verify:
        notes.append(UNVERIFIED)
    return "; ".join(notes)


def _print_pack(pack: Pack) -> None:
    print_line(f"{pack.title} ({pack.version}), {pack.kind}, from {pack.effective_from}")
    if _note(pack):
        print_line(f"{_note(pack).capitalize()}.")
    if pack.words:
        print_line(pack.words)
    print_line(f"Source: {pack.source}")
    groups = {group.id: group.title for group in pack.groups}
    rows = [
        [one.id, groups.get(one.group, ""), one.title, UNVERIFIED if one.verify else ""]
        for one in pack.controls
    ]
    print_table(f"{len(pack.controls)} controls", ("id", "group", "title", "note"), rows)
