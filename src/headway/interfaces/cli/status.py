"""`headway status` and `headway report`: how a program stands, and saying so on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here

if TYPE_CHECKING:
    from headway.domain.assessments.queries import ProgramHealth
    from headway.domain.reports.queries import ReportContent

#: Promised by the contract, and not built yet.
LATER_FORMATS = ("pptx", "xlsx")
LATER_AUDIENCES = ("engineering", "finance", "compliance")


def status(
    program: Annotated[
        str, typer.Argument(help="Address of the program; default: the only one")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As known on this day (YYYY-MM-DD)")] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show one program: date, odds, health of its projects.

    Examples:

      headway status fraud-program

      headway status --as-of 2026-03-01 --json
    """
    place = here(workspace, as_email)
    at = _moment(as_of) or place.at
    from headway.domain.assessments.queries import program_health
    from headway.domain.plans.actions import make_forecast
    from headway.domain.programs.queries import program_named

    slug = _program(place, program)
    if at is None:
        make_forecast(place.actor, slug, place.now)
    facts = program_named(place.actor, slug, at)
    health = program_health(place.actor, facts, at or place.now, known_at=at)
    document = _document(health, (at or place.now).date().isoformat())
    if as_json:
        print_json(document)
    else:
        _print(document)


def _moment(day: str) -> datetime | None:
    """Return the end of that day; None for nothing."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.max, UTC)
    except ValueError:
        sentence = f"'{day}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None


def _program(place: Here, slug: str) -> str:
    """Return the program's address; without one, the only program's."""
    from headway.domain.programs.queries import programs_of

    if slug:
        return slug
    programs = programs_of(place.actor, place.at)
    if len(programs) != 1:
        names = ", ".join(program.slug for program in programs) or "none yet"
        sentence = f"Name the program; there are: {names}."
        raise Invalid(sentence)
    return programs[0].slug


def _document(health: ProgramHealth, as_of: str) -> dict[str, Any]:
    forecast = health.forecast
    dates = forecast.answer.get("finish_dates") if forecast else None
    ends = dates if isinstance(dates, dict) else {}
    target = health.program.target
    return {
        "program": health.program.slug,
        "name": health.program.name,
        "as_of": as_of,
        "finish": {"p50": ends.get("p50"), "p80": ends.get("p80")},
        "target": target.isoformat() if target else None,
        "p_on_time": forecast.p_on_time if forecast else None,
        "health": _health(health.dimensions),
        "projects": [
            {
                "name": one.project.slug,
                "stage": one.stage or None,
                "health": _health(one.dimensions),
            }
            for one in health.projects
        ],
        "forecast": {
            "seed": forecast.seed if forecast else None,
            "trials": forecast.trials if forecast else None,
            "engine": forecast.engine if forecast else None,
        },
        "notes": _notes(health),
    }


def _notes(health: ProgramHealth) -> list[str]:
    if health.forecast is None:
        return ["There is no forecast: nothing is planned yet."]
    notes = health.forecast.answer.get("notes")
    found = [health.forecast.problem] if health.forecast.problem else []
    return found + ([str(note) for note in notes] if isinstance(notes, list) else [])


def _health(dimensions: Any) -> dict[str, Any]:  # noqa: ANN401 - Mapping[Dimension, Assessment]
    return {
        str(dimension): {
            "verdict": str(found.verdict),
            "level": str(found.level),
            "sentence": found.sentence,
            "rule": found.rule,
            "records": list(found.records),
        }
        for dimension, found in dimensions.items()
    }


def _print(document: dict[str, Any]) -> None:
    from headway.rendering.phrases import share

    ends = document["finish"]
    print_line(f"{document['name']}, as of {document['as_of']}")
    print_line(
        f"Lands {ends['p50'] or 'n/a'} at P50, {ends['p80'] or 'n/a'} at P80; "
        f"target {document['target'] or 'n/a'}: {share(document['p_on_time'])}"
    )
    rows = [
        (
            name,
            found["level"].replace("_", " "),
            found["verdict"].replace("_", " "),
            found["sentence"],
        )
        for name, found in document["health"].items()
    ]
    print_table("Health", ("dimension", "level", "verdict", "why"), rows)
    lines = [
        (one["name"], one["stage"] or "", one["health"]["schedule"]["sentence"])
        for one in document["projects"]
    ]
    print_table("Projects", ("project", "stage", "schedule"), lines)
    for note in document["notes"]:
        say(note)


def report(
    program: Annotated[
        str, typer.Argument(help="Address of the program; default: the only one")
    ] = "",
    audience: Annotated[str, typer.Option(help="executive")] = "executive",
    form: Annotated[str, typer.Option("--format", help="html, pdf, md; several with commas")] = (
        "pdf"
    ),
    out: Annotated[
        Path | None, typer.Option(help="File to write, or folder for several; default: here")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Draw it without freezing it")] = False,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
) -> None:
    """Freeze a report for an audience and write it to a file.

    Examples:

      headway report fraud-program --audience executive --format pdf

      headway report --format md --dry-run --out status.md
    """
    forms = _choices(form, ("html", "pdf", "md"), LATER_FORMATS, "format")
    _choices(audience, ("executive",), LATER_AUDIENCES, "audience")
    if out is not None and len(forms) > 1 and not out.is_dir():
        sentence = f"{out} is not a folder; {len(forms)} formats are {len(forms)} files."
        raise Invalid(sentence)
    place = here(workspace, as_email)
    for content in _contents(place, _program(place, program), audience, forms, dry_run=dry_run):
        target = Path(content.name) if out is None else out / content.name if out.is_dir() else out
        _write(target, content.data)
        print_line(str(target))


def _choices(text: str, known: Sequence[str], later: Sequence[str], what: str) -> list[str]:
    """Return the words of a comma-separated option. Raises Invalid for one that is not known."""
    words = list(dict.fromkeys(word.strip() for word in text.split(",")))
    for word in words:
        if word in later:
            sentence = f"The {what} {word} is not built yet; there is {', '.join(known)}."
            raise Invalid(sentence)
        if word not in known:
            sentence = f"'{word}' is not a known {what}; choose {', '.join(known)}."
            raise Invalid(sentence)
    return words


def _contents(
    place: Here, slug: str, audience: str, forms: Sequence[str], *, dry_run: bool
) -> list[ReportContent]:
    """Freeze one report (or draw a draft) and return it in each format."""
    from headway.domain.programs.queries import program_named
    from headway.domain.reports.actions import freeze_report
    from headway.domain.reports.queries import compose_report, content_of, report_content
    from headway.domain.reports.rules import Format

    facts = program_named(place.actor, slug, place.at)
    if dry_run:
        value = compose_report(place.actor, facts, place.now, known_at=place.at)
        return [content_of(value, f"{slug}-draft", Format(form)) for form in forms]
    line = freeze_report(place.actor, slug, audience, place.now, known_at=place.at)
    return [report_content(place.actor, facts, line.number, Format(form)) for form in forms]


def _write(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        sentence = f"{target} cannot be written: {error.strerror}."
        raise Invalid(sentence) from None
