"""`headway source add` and `headway sync`: connect another system, and read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from headway.errors import HeadwayError, SourceError
from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import Here, here, read_file
from headway.interfaces.cli.server import LONG_PATIENCE, listed, post, speaks_to_server

if TYPE_CHECKING:
    from headway.domain.sources.actions import SyncOutcome

#: What a reading brought, as the JSON of `headway sync`.
Brought = dict[str, Any]
Names = Callable[[], list[str]]
Read = Callable[[str], Brought]


def add(
    kind: Annotated[
        str, typer.Argument(help="Kind of system: mlflow, prometheus, jira, github, gitlab")
    ],
    url: Annotated[str, typer.Argument(help="Its address")],
    project: Annotated[str, typer.Option(help="Project its evidence or work belongs to")] = "",
    name: Annotated[str, typer.Option(help="Name of the source; default: its kind")] = "",
    experiments: Annotated[
        list[str] | None, typer.Option(help="Only run groups whose name matches this pattern")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only this Jira project, GitHub repository, GitLab project"),
    ] = None,
    jql: Annotated[str, typer.Option(help="Only what this query of Jira selects")] = "",
    query: Annotated[
        list[str] | None, typer.Option(help="NAME=PROMQL that Prometheus is asked; may be repeated")
    ] = None,
    subject: Annotated[
        str, typer.Option(help="What the queries measure, as in deployment:ml/fraud@7")
    ] = "",
    version_label: Annotated[
        str, typer.Option(help="The label of Prometheus whose value is the subject's version")
    ] = "",
    step_minutes: Annotated[
        int | None, typer.Option(help="Minutes of Prometheus that make one number; default 15")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="File with a token, or user:password; - for stdin")
    ] = None,
    webhook_secret_file: Annotated[
        Path | None, typer.Option(help="File with the webhook's secret")
    ] = None,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
) -> None:
    """Connect another system, read only.

    An address inside your network must be named by the operator in HEADWAY_ALLOW_HOSTS. With
    HEADWAY_URL it is that server which reads the source, from where it stands.

    Examples:

      headway source add mlflow https://mlflow.example.org --project fraud --token-file token.txt

      headway source add mlflow http://127.0.0.1:5000 --experiments 'fraud-*'

      headway source add prometheus https://prometheus.example.org --project fraud \
        --subject deployment:ml/fraud@7 --query 'errors=sum(rate(errors_total[5m]))'

      headway source add jira https://acme.atlassian.net --project fraud --only MLP \
        --token-file token.txt
    """
    said: dict[str, object] = {"kind": kind, "name": name or kind, "url": url, "project": project}
    secrets = {"secret": _secret(token_file), "webhook_secret": _secret(webhook_secret_file)}
    said |= {key: secret for key, secret in secrets.items() if secret is not None}
    options = _selected(kind, [*(only or ()), *(experiments or ()), *(query or ())])
    named = {"jql": jql, "subject": subject, "version_label": version_label}
    options |= {key: word for key, word in named.items() if word}
    options |= {"step_minutes": step_minutes} if step_minutes is not None else {}
    if options:
        said["options"] = options
    if speaks_to_server(workspace, as_email):
        added = post("/sources", said)
    else:
        added = _added_here(here(workspace, as_email), said)
    called = added["name"]
    print_line(f"Source '{called}' is connected. `headway sync {called}` reads it now.")
    if added["gives_work"]:
        say(f"Then `headway source import {called} --dry-run` shows the plan it would make.")
    if secrets["webhook_secret"]:
        say(f"Deliveries go to /hooks/{added['kind']}/{added['id']}/")


def _selected(kind: str, names: list[str]) -> dict[str, object]:
    """Return the option of a kind of source that says which parts of it are read."""
    from headway.connectors.registry import selection_of

    return {selection_of(kind): names} if names else {}


def _added_here(place: Here, said: Mapping[str, Any]) -> dict[str, Any]:
    """Connect a source in the local database; return it in the keys of the API."""
    from headway.domain.sources.actions import add_source
    from headway.domain.sources.queries import source_named
    from headway.domain.sources.rules import SourceDraft

    source = add_source(place.actor, SourceDraft(**said), place.now)
    gives_work = source_named(place.actor, source.name).gives_work
    return {"name": source.name, "kind": source.kind, "id": source.id, "gives_work": gives_work}


def _secret(path: Path | None) -> str | None:
    return read_file(path, 10_000).decode("utf-8").strip() if path else None


def sync(
    source: Annotated[str, typer.Argument(help="Name of the source; default: all")] = "",
    sweep: Annotated[bool, typer.Option(help="Compare everything by content")] = False,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Bring what a source has seen since the last time.

    Examples:

      headway sync

      headway sync mlflow --sweep --json
    """
    if speaks_to_server(workspace, as_email):
        names, read = _there(sweep=sweep)
    else:
        names, read = _here(here(workspace, as_email), sweep=sweep)
    asked = [source] if source else names()
    if not asked:
        say("No source is connected; `headway source add mlflow URL` connects one.")
    done, failed = [], []
    for name in asked:
        try:
            done.append(read(name))
        except SourceError as error:
            failed.append(str(error))
    if as_json and (done or not failed):
        print_json(done[0] if source else done)
    else:
        _print(done)
    if failed:  # said last, after what the others brought
        raise SourceError("\n".join(failed), retry=True)


def _there(*, sweep: bool) -> tuple[Names, Read]:
    """Return how a server's sources are listed, and how one of them is read there."""

    def names() -> list[str]:
        return [row["name"] for row in listed("/sources") if row["is_enabled"]]

    def read(name: str) -> Brought:
        path = f"/sources/{quote(name, safe='')}/readings"
        found: Brought = post(path, {"sweep": sweep}, patience=LONG_PATIENCE)
        return found

    return names, read


def _here(place: Here, *, sweep: bool) -> tuple[Names, Read]:
    """Return how the local sources are listed, and how one of them is read."""
    from headway import clock
    from headway.domain.plans.actions import follow_source
    from headway.domain.sources.actions import sync_source
    from headway.domain.sources.queries import sources_page

    def names() -> list[str]:
        return [row.name for row in sources_page(place.actor) if row.is_enabled]

    def read(name: str) -> Brought:
        # A sample stands still, the system that is read does not.
        document = _document(sync_source(place.actor, name, clock.now(), sweep=sweep))
        try:
            brought = follow_source(place.actor, name, place.now)
        except HeadwayError as error:
            say(f"What was read is kept; the plan does not follow: {error}")
        else:
            document["plan"] = brought.counts() if brought else None
        return document

    return names, read


def _print(done: Sequence[Brought]) -> None:
    for one in done:
        print_line(
            f"{one['source']}: {one['read']} read, {one['recorded']} recorded, "
            f"{one['already_known']} already known, {one['tombstoned']} gone, "
            f"{len(one['refused'])} refused."
        )
        if one["plan"]:
            print_line(_followed(one["plan"]))
        for problem in one["refused"][:20]:
            say(f"{problem['line']}: {problem['reason']}")


def _followed(plan: Mapping[str, Any]) -> str:
    return (
        f"{plan['project']}: {plan['created']} created, {plan['updated']} updated, "
        f"{plan['removed']} removed, {plan['unchanged']} unchanged, {plan['skipped']} skipped."
    )


def _document(one: SyncOutcome) -> Brought:
    return {
        "source": one.source,
        "read": one.read,
        "recorded": one.recorded,
        "already_known": one.already_known,
        "tombstoned": one.tombstoned,
        "refused": [{"line": row.where, "reason": row.sentence} for row in one.refused],
        "cursor": one.cursor,
        "plan": None,
    }
