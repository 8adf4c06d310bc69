"""`headway evidence push` and `headway rebuild`: into the ledger, and out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import here, open_local, read_file
from headway.interfaces.cli.server import Ask, call, speaks_to_server

_LINES_A_REQUEST = 1_000


def push(
    kind: Annotated[
        str, typer.Argument(help="Kind of the lines that do not name theirs; 'any' for none")
    ],
    file: Annotated[Path, typer.Argument(help="JSON Lines, one observation a line; - for stdin")],
    subject: Annotated[str, typer.Option(help="Subject of lines that name none")] = "",
    project: Annotated[str, typer.Option(help="Project of lines that name none")] = "",
    source: Annotated[str, typer.Option(help="Source of lines that name none")] = "push",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Record evidence from a file; the same line twice is stored once.

    Examples:

      headway evidence push evaluation results.jsonl --subject model:fraud@7 --project fraud

      headway evidence push any observations.jsonl --json
    """
    is_there = speaks_to_server(workspace, as_email)
    text = read_file(file).decode("utf-8-sig", "replace")
    words = {"kind": "" if kind == "any" else kind, "subject": subject}
    words |= {"project": project, "source": source}
    answer = _push_there(text, words) if is_there else _push_here(text, words, workspace, as_email)
    if as_json:
        print_json(answer)
    else:
        head = answer["head"]
        print_line(
            f"{answer['recorded']} recorded, {answer['already_known']} already known, "
            f"{len(answer['refused'])} refused; the ledger stands at {head['sequence']}."
        )
        for refusal in answer["refused"]:
            say(f"line {refusal['line']}: {refusal['reason']}")
    if answer["refused"]:
        raise typer.Exit(1)


def _push_here(text: str, words: dict[str, str], workspace: str, as_email: str) -> dict[str, Any]:
    """Record into the local ledger."""
    place = here(workspace, as_email)
    from headway.domain.evidence.actions import push_evidence
    from headway.domain.evidence.rules import Defaults

    outcome = push_evidence(place.actor, text, Defaults(**words, at=place.now), place.now)
    return {
        "recorded": outcome.recorded,
        "already_known": outcome.already_known,
        "refused": [{"line": row.line, "reason": row.reason} for row in outcome.refused],
        "head": {"sequence": outcome.head_sequence, "digest": outcome.head_digest},
    }


def _push_there(text: str, words: dict[str, str]) -> dict[str, Any]:
    """Send to a server, a thousand lines a request; a repeated request changes nothing."""
    from hashlib import sha256
    from urllib.parse import urlencode

    lines = text.split("\n")  # not splitlines: a separator of text may stand within a string
    query = {key: word for key, word in words.items() if word}
    total: dict[str, Any] = {"recorded": 0, "already_known": 0, "refused": [], "head": {}}
    for start in range(0, max(len(lines), 1), _LINES_A_REQUEST):
        body = "\n".join(lines[start : start + _LINES_A_REQUEST]).encode()
        key = sha256(urlencode(query).encode() + b"\n" + body).hexdigest()
        answer = call(Ask("POST", "/evidence", query, body, "application/x-ndjson", key))
        total["recorded"] += answer["recorded"]
        total["already_known"] += answer["already_known"]
        total["refused"] += [
            {**row, "line": (row["line"] or 0) + start} for row in answer["refused"]
        ]
        total["head"] = answer["head"]
    return total


def rebuild(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Remake every projection from the ledger; it must change nothing.

    Examples:

      headway rebuild

      headway rebuild --json
    """
    open_local()
    from headway.domain.installation.actions import rebuild_projections

    done = rebuild_projections()
    if as_json:
        print_json(
            [
                {
                    "workspace": one.workspace,
                    "records": one.records,
                    "before": one.before,
                    "after": one.after,
                    "equal": one.is_equal,
                }
                for one in done
            ]
        )
    for one in done if not as_json else ():
        word = "nothing changed" if one.is_equal else "THE PROJECTIONS HAD DRIFTED and are mended"
        print_line(f"{one.workspace}: {one.records} records, {word}.")
    if not all(one.is_equal for one in done):
        raise typer.Exit(1)
