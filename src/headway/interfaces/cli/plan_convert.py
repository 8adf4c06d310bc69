"""`headway plan convert`: a plan file in another format, and what that cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.plan_files import plan_at


def convert(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN", help="A plan file to read.", show_default=False),
    ],
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT", help=".yaml, .xml or .csv to write.", show_default=False),
    ],
    start: Annotated[
        str, typer.Option(help="First day of a plan without dates; default: today.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Turn a plan file into another format, and say what the target cannot carry.

    Examples:

      headway plan convert plan.xml plan.yaml

      headway plan convert plan.yaml plan.xml --start 2026-01-05 --json
    """
    from headway.domain.plans.rules.exporting import format_of, write_plan

    format_ = format_of(target.name)
    read = plan_at(source)
    written = write_plan(read.plan, format_, _day(start), read.carried)
    _write(target, written.data, force=force)
    kept = format_ == "xml" and read.carried is not None
    lost = [*([] if kept else read.notes), *written.losses]
    answer = {
        "from": source.name,
        "to": target.name,
        "items": len(read.plan.items),
        "links": sum(len(item.after) for item in read.plan.items),
        "lost": lost,
    }
    if as_json:
        print_json(answer)
    else:
        _print(answer, lost)


def _day(text: str) -> date:
    from headway.clock import now

    if not text:
        return now().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = f"--start is {text!r}; it has to be a date, like 2026-06-30."
        raise Invalid(sentence) from error


def _write(path: Path, data: bytes, *, force: bool) -> None:
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(data)
    except FileExistsError as error:
        sentence = f"{path} is there already; give another name, or --force to write over it."
        raise Invalid(sentence) from error
    except OSError as error:
        sentence = f"{path} cannot be written: {error.strerror}; check the path."
        raise Invalid(sentence) from error


def _print(answer: dict[str, object], lost: Sequence[str]) -> None:
    print_line(f"{answer['to']}: {answer['items']} items, {answer['links']} links written.")
    for sentence in lost:
        say(f"Lost: {sentence}")
    if not lost:
        say("Nothing was lost.")
