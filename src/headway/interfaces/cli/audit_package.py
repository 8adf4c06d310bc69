"""`headway audit package`: what an auditor is handed, in one file that verifies itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import here
from headway.interfaces.cli.server import download, speaks_to_server
from headway.interfaces.cli.status import moment_of_day


def package(
    about: Annotated[
        str, typer.Argument(help="A program or a system by its address; program:x, system:x")
    ],
    out: Annotated[Path | None, typer.Option(help="File to write; must not exist")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="As known on this day (YYYY-MM-DD)")] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Write the evidence, decisions and verdicts of a program or system for an auditor.

    Whoever has the file checks it without Headway: python3 -I verify.py FILE.zip

    Examples:

      headway audit package fraud-program --out fraud.zip

      headway audit package system:screening-aid --as-of 2026-11-23 --json
    """
    moment = moment_of_day(as_of)
    if speaks_to_server(workspace, as_email):
        query = {"at": moment.isoformat()} if moment else {}
        data = download(f"/audit-packages/{about}", **query)
    else:
        place = here(workspace, as_email)
        from headway.domain.reports.queries import auditors_package

        data = auditors_package(place.actor, about, moment or place.at or place.now).data
    from headway.rendering.package.verify import check

    faults, said = check(data)
    if faults:
        sentence = f"The ledger does not hold, so nothing was written: {faults[0]}."
        raise Invalid(sentence)
    file = out or Path(f"{said['about'].replace(':', '-')}-{said['as_of'][:10]}.zip")
    _write(file, data)
    if as_json:
        print_json({"file": str(file), "bytes": len(data), **said})
    else:
        print_line(f"{file}: {len(data):,} bytes")
        for name, value in said.items():
            print_line(f"{name:12}{value}")
        say("Tell the auditor these lines by another way than the file.")


def _write(file: Path, data: bytes) -> None:
    """Write a new file. Raises Invalid when it is there already, or cannot be written."""
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except FileExistsError:
        sentence = f"{file} exists already; name another file with --out."
        raise Invalid(sentence) from None
    except OSError as error:
        sentence = f"{file} cannot be written: {error.strerror}."
        raise Invalid(sentence) from None
