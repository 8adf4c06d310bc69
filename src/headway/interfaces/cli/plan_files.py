"""What the commands that read a plan file share: its bytes, and options that are its times."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.schedule.plan import Moment, Plan
    from headway.analysis.schedule.readers import Beside, Read


def plan_contents(path: Path) -> bytes:
    """Return the bytes of a plan file, at most a little more than fit. Raises Invalid."""
    from headway.analysis.schedule.readers import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        sentence = f"The plan file {str(path)!r} cannot be read: {reason}; check the path."
        raise Invalid(sentence) from error


def plan_at(path: Path) -> Read:
    """Return the plan of the file at `path`, with what it could not take. Raises Invalid."""
    from headway.analysis.schedule.readers import read_file

    return read_file(plan_contents(path), path.name, beside(path))


def beside(path: Path) -> Beside:
    """Return what reads the calendars that the plan file at `path` names: .ics files beside it."""

    def contents(name: str) -> bytes:
        from headway.analysis.schedule.readers.ics import MOST_BYTES

        folder = path.parent.resolve()
        wanted = (folder / name).resolve()
        if wanted.parent != folder or wanted.suffix.lower() != ".ics":
            sentence = (
                f"{name!r} is no .ics file in the folder of the plan file; put the calendar there "
                "and write its name alone."
            )
            raise Invalid(sentence)
        try:
            with wanted.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            sentence = f"The calendar file {name!r} cannot be read: {reason}; check its name."
            raise Invalid(sentence) from error

    return contents


def moment_option(option: str, text: str, plan: Plan) -> Moment | None:
    """Return the date, or number, that an option writes; None when it is not given."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if plan.calendar else float(text)
    except ValueError as error:
        wanted = "a date, like 2026-06-30" if plan.calendar else "a number of units from 0"
        sentence = f"{option} is {text!r}; for this plan it has to be {wanted}."
        raise Invalid(sentence) from error
