"""`headway evidence push` and `headway rebuild`: into the ledger, and out of it again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import Here, here, open_local, read_file
from headway.interfaces.cli.server import Ask, call, speaks_to_server

if TYPE_CHECKING:
    from headway.domain.evidence.actions import Outcome

_LINES_A_REQUEST = 1_000
#: The format of a file that no other tool wrote: one observation a line.
LINES = "lines"


def push(  # noqa: PLR0913  each parameter is an option of the command
    kind: Annotated[
        str, typer.Argument(help="Kind of the lines that do not name theirs; 'any' for none")
    ],
    file: Annotated[
        Path, typer.Argument(help="JSON Lines, or a file of results of another tool; - for stdin")
    ],
    subject: Annotated[str, typer.Option(help="Subject of lines that name none")] = "",
    project: Annotated[str, typer.Option(help="Project of lines that name none")] = "",
    source: Annotated[
        str, typer.Option(help="Source of lines that name none; default: push, or the tool")
    ] = "",
    written_by: Annotated[
        str, typer.Option("--format", help="auto, lines, or the tool that wrote the file")
    ] = "auto",
    observed_at: Annotated[
        str, typer.Option(help="Time of what names none, like 2026-11-23T09:00Z; default: now")
    ] = "",
    commit: Annotated[str, typer.Option(help="Commit that a tool's results are of")] = "",
    dataset_digest: Annotated[
        str, typer.Option(help="Digest of the data that a tool's results are of")
    ] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Record evidence from a file; the same line twice is stored once.

    Results of Argo Rollouts, Flagger, Evidently, Great Expectations, NannyML, Deepchecks,
    GrowthBook, JUnit, OpenLineage and OpenMetrics are known by their content: each verdict is
    derived again from the numbers in the file, and the tool's own word is kept beside it. So are
    exports of Label Studio, CVAT, COCO and Datumaro; several in one ZIP are several annotators.

    Examples:

      headway evidence push evaluation results.jsonl --subject model:fraud@7 --project fraud

      headway evidence push any observations.jsonl --json

      headway evidence push any validation.json --subject dataset:orders --project fraud
    """
    is_there = speaks_to_server(workspace, as_email)
    data = read_file(file)
    words = {"kind": "" if kind == "any" else kind, "subject": subject}
    words |= {"project": project, "source": source}
    at = _moment(observed_at)
    bound = {"commit": commit, "dataset_digest": dataset_digest}
    place = None if is_there else here(workspace, as_email)
    if _is_results(data, written_by):
        file_words = {"format": written_by, **bound}
        answer = _record(place, data, words, at, file_words)
    else:
        _refuse_bound(bound)
        answer = _push(place, data.decode("utf-8-sig", "replace"), words, at)
    if as_json:
        print_json(answer)
    else:
        _print(answer)
    if answer["refused"]:
        raise typer.Exit(1)


def _print(answer: dict[str, Any]) -> None:
    head = answer["head"]
    whose = "" if answer["format"] == LINES else f"{answer['format']}: "
    print_line(
        f"{whose}{answer['recorded']} recorded, {answer['already_known']} already known, "
        f"{len(answer['refused'])} refused; the ledger stands at {head['sequence']}."
    )
    for refusal in answer["refused"]:
        say(f"line {refusal['line']}: {refusal['reason']}")
    for note in answer["notes"]:
        say(f"{note['where']}: {note['sentence']}")


def _is_results(data: bytes, written_by: str) -> bool:
    """Say whether a file is another tool's, by what was said of it or by its content."""
    if written_by == LINES:
        return False
    from headway.connectors.results import AUTO, knows_file

    return written_by != AUTO or knows_file(data)


def _moment(text: str) -> datetime | None:
    """Return the time that --observed-at names. Raises Invalid."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        sentence = f"--observed-at is {text!r}; write a time with its zone, 2026-11-23T09:00Z."
        raise Invalid(sentence)
    return found


def _refuse_bound(bound: dict[str, str]) -> None:
    if any(bound.values()):
        sentence = "The lines of this file name their commit and digest themselves; leave both out."
        raise Invalid(sentence)


def _push(
    place: Here | None, text: str, words: dict[str, str], at: datetime | None
) -> dict[str, Any]:
    """Record lines into the local ledger, or at the server."""
    if place is None:
        return _push_there(text, words, at)
    from headway.domain.evidence.actions import push_evidence
    from headway.domain.evidence.rules import Defaults

    outcome = push_evidence(place.actor, text, Defaults(**words, at=at or place.now), place.now)
    return {"format": LINES, **_outcome(outcome), "notes": []}


def _record(
    place: Here | None,
    data: bytes,
    words: dict[str, str],
    at: datetime | None,
    file_words: dict[str, str],
) -> dict[str, Any]:
    """Record a file of results into the local ledger, or at the server."""
    if place is None:
        return _send(data, words, at, file_words)
    from headway.domain.evidence.actions import push_results
    from headway.domain.evidence.rules import Defaults

    pushed = push_results(
        place.actor,
        data,
        Defaults(**words, at=at or place.now),
        place.now,
        named=file_words["format"],
        commit=file_words["commit"],
        dataset_digest=file_words["dataset_digest"],
    )
    notes = [{"where": note.where, "sentence": note.sentence} for note in pushed.notes]
    return {"format": pushed.format, **_outcome(pushed.outcome), "notes": notes}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "recorded": outcome.recorded,
        "already_known": outcome.already_known,
        "refused": [{"line": row.line, "reason": row.reason} for row in outcome.refused],
        "head": {"sequence": outcome.head_sequence, "digest": outcome.head_digest},
    }


def _push_there(text: str, words: dict[str, str], at: datetime | None) -> dict[str, Any]:
    """Send lines to a server, a thousand a request; a repeated request changes nothing."""
    lines = text.split("\n")  # not splitlines: a separator of text may stand within a string
    query = _query(words, at)
    total: dict[str, Any] = {"format": LINES, "recorded": 0, "already_known": 0, "refused": []}
    for start in range(0, max(len(lines), 1), _LINES_A_REQUEST):
        body = "\n".join(lines[start : start + _LINES_A_REQUEST]).encode()
        ask = Ask("POST", "/evidence", query, body, "application/x-ndjson", _key(query, body))
        answer = call(ask)
        total["recorded"] += answer["recorded"]
        total["already_known"] += answer["already_known"]
        total["refused"] += [
            {**row, "line": (row["line"] or 0) + start} for row in answer["refused"]
        ]
        total["head"] = answer["head"]
    return {**total, "notes": []}


def _send(
    data: bytes, words: dict[str, str], at: datetime | None, file_words: dict[str, str]
) -> dict[str, Any]:
    """Send a file of results to a server, whole."""
    query = {**_query(words, at), **_query(file_words, None)}
    kind = "application/octet-stream"
    ask = Ask("POST", "/evidence/results", query, data, kind, _key(query, data))
    return dict(call(ask))


def _query(words: dict[str, str], at: datetime | None) -> dict[str, str]:
    said = words | ({"observed_at": at.isoformat()} if at else {})
    return {key: word for key, word in said.items() if word}


def _key(query: dict[str, str], body: bytes) -> str:
    """Return the key that makes a request safe to repeat."""
    from hashlib import sha256
    from urllib.parse import urlencode

    return sha256(urlencode(query).encode() + b"\n" + body).hexdigest()


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
