"""`backup`, `restore`, `doctor`, `audit verify`: looking after the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from headway import clock
from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here, open_local
from headway.interfaces.cli.server import get, speaks_to_server


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write; must not exist")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Write everything but the keys to one file, while people work.

    Examples:

      headway backup headway-2026-11-23.zip

      headway backup /mnt/backups/today.zip --json
    """
    open_local()
    from headway.domain.installation.actions import back_up

    manifest = back_up(file, clock.now())
    if as_json:
        print_json({"file": str(file), "sha256": manifest.sha256, "rows": dict(manifest.rows)})
    else:
        print_line(f"{file}: {sum(manifest.rows.values())} rows, SHA-256 {manifest.sha256}")
        say("The keys (secret_key, source_key) are not in it; keep them apart.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `headway backup` wrote")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Put a backup into an empty installation, and verify every chain in it.

    Examples:

      headway restore headway-2026-11-23.zip

      HEADWAY_HOME=/srv/headway headway restore today.zip
    """
    # No tables are made for it: the backup brings its own, and they are upgraded after.
    open_local(upgrade=False)
    from headway.domain.installation.actions import restore_backup

    manifest, findings = restore_backup(file)
    if as_json:
        print_json(
            {
                "made_at": manifest.made_at,
                "findings": [
                    {"name": one.name, "well": one.is_well, "sentence": one.sentence}
                    for one in findings
                ],
            }
        )
    else:
        print_line(f"Restored what was backed up at {manifest.made_at}.")
        for one in findings:
            print_line(f"{one.name}: {one.sentence}")
    if not all(one.is_well for one in findings):
        raise typer.Exit(1)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Is this installation well? Checks database, guards, chains, worker and sources.

    Examples:

      headway doctor

      headway doctor --json
    """
    open_local(upgrade=False)
    from headway.domain.installation.queries import configuration
    from headway.domain.installation.queries import doctor as examine

    findings = examine(clock.now())
    if as_json:
        print_json(
            {
                "well": all(one.is_well for one in findings),
                "findings": [
                    {"name": one.name, "well": one.is_well, "sentence": one.sentence}
                    for one in findings
                ],
                "configuration": configuration(),
            }
        )
    else:
        rows = [(one.name, "ok" if one.is_well else "LOOK", one.sentence) for one in findings]
        print_table("Findings", ("what", "", "said"), rows)
        print_table("Configuration", ("name", "value"), list(configuration().items()))
    if not all(one.is_well for one in findings):
        raise typer.Exit(1)


def audit_verify(
    anchor: Annotated[
        str, typer.Option(help="sequence:digest kept outside, so that a cut tail shows")
    ] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Check the chains of the audit trail and of the ledger: edit, delete, insert, swap.

    Examples:

      headway audit verify

      headway audit verify --workspace acme --json
    """
    if speaks_to_server(workspace, ""):
        document = _verify_there(anchor)
    else:
        document = _verify_here(here(workspace), anchor)
    if as_json:
        print_json(document)
    else:
        broken = {one["chain"]: one["sentence"] for one in document["breaks"]}
        for chain in ("audit", "ledger"):
            print_line(f"{chain}: {broken.get(chain, 'holds.')}")
        print_line(f"ledger head {document['head']['sequence']}:{document['head']['digest']}")
    if not document["holds"]:
        raise typer.Exit(1)


def _verify_here(place: Here, anchor: str) -> dict[str, Any]:
    """Verify the local chains."""
    from headway.domain.accounts.queries import audit_break, headway_actor
    from headway.domain.evidence.queries import chain_break, ledger_head

    actor = headway_actor(place.actor.workspace_id)
    breaks = {"audit": audit_break(actor), "ledger": chain_break(actor, _anchored(anchor))}
    head = ledger_head(actor)
    return {
        "holds": not any(breaks.values()),
        "breaks": [
            {"chain": name, "row": found.sequence, "sentence": found.sentence}
            for name, found in breaks.items()
            if found
        ],
        "head": {"sequence": head.sequence, "digest": head.digest},
    }


def _verify_there(anchor: str) -> dict[str, Any]:
    """Have a server verify its chains."""
    _anchored(anchor)
    query = {"anchor": anchor} if anchor else {}
    found = {"audit": get("/audit/verify"), "ledger": get("/evidence/verify", **query)}
    return {
        "holds": all(one["holds"] for one in found.values()),
        "breaks": [
            {"chain": name, "row": one["sequence"], "sentence": one["sentence"]}
            for name, one in found.items()
            if not one["holds"]
        ],
        "head": get("/evidence/head"),
    }


def _anchored(anchor: str) -> tuple[int, str] | None:
    """Return the sequence and digest of an anchor. Raises Invalid for another form."""
    if not anchor:
        return None
    sequence, _, digest = anchor.partition(":")
    if not (anchor.isascii() and sequence.isdecimal() and digest.isalnum()):
        sentence = f"The anchor {anchor!r} is not of the form sequence:digest."
        raise Invalid(sentence)
    return int(sequence), digest
