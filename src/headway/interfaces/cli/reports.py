"""`headway report`: a program told to its audiences, frozen, in files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_line, say
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import Ask, call, download, post, speaks_to_server
from headway.interfaces.cli.status import program_here, program_there

FORMATS = ("html", "pdf", "pptx", "xlsx", "md")
AUDIENCES = ("executive", "engineering", "finance", "compliance", "vendor")

_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for; `template` is a user's own deck."""

    audiences: Sequence[str]
    forms: Sequence[str]
    vendors: Sequence[str]
    reason: str
    template: Path | None
    dry_run: bool

    def drawn(self) -> Iterator[tuple[str, str, str]]:
        """Yield audience, vendor and format of each file."""
        for audience in self.audiences:
            for vendor in self.vendors if audience == "vendor" else ("",):
                for form in self.forms:
                    yield audience, vendor, form


def report(
    program: Annotated[
        str, typer.Argument(help="Address of the program; default: the only one")
    ] = "",
    audience: Annotated[
        str,
        typer.Option(help="executive, engineering, finance, compliance, vendor; several: commas"),
    ] = "executive",
    form: Annotated[
        str, typer.Option("--format", help="html, pdf, pptx, xlsx, md; several with commas")
    ] = "pdf",
    vendor: Annotated[
        list[str] | None, typer.Option(help="Whom a vendor's letter is for; may be repeated")
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why a judgement greener than the evidence is told")
    ] = "",
    template: Annotated[
        Path | None, typer.Option(help="Your own .pptx: its named places are filled")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write, or folder for several; default: here")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Draw it without freezing it")] = False,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
) -> None:
    """Freeze one pack for its audiences and write it to files; all say the same numbers.

    Examples:

      headway report fraud-program --audience executive,finance --format pptx,xlsx --out pack

      headway report --audience vendor --vendor "Labelwerk" --format pdf

      headway report --format md --dry-run --out status.md
    """
    asked = _Asked(
        _choices(audience, AUDIENCES, "audience"),
        _choices(form, FORMATS, "format"),
        list(vendor or ()),
        reason,
        template,
        dry_run,
    )
    _check(asked, out)
    if speaks_to_server(workspace, as_email):
        contents = _contents_there(program_there(program), asked)
    else:
        place = here(workspace, as_email)
        contents = _contents_here(place, program_here(place, program), asked)
    for name, data in contents:
        target = Path(name) if out is None else out / name if out.is_dir() else out
        _write(target, data)
        print_line(str(target))


def _check(asked: _Asked, out: Path | None) -> None:
    files = len(list(asked.drawn()))
    if "vendor" in asked.audiences and not asked.vendors:
        sentence = "A letter to a vendor needs the vendor: add --vendor NAME."
        raise Invalid(sentence)
    if asked.vendors and "vendor" not in asked.audiences:
        sentence = "--vendor is for letters: add vendor to --audience."
        raise Invalid(sentence)
    if out is not None and files > 1 and not out.is_dir():
        sentence = f"{out} is not a folder; {files} files need one."
        raise Invalid(sentence)


def _choices(text: str, known: Sequence[str], what: str) -> list[str]:
    """Return the words of a comma-separated option. Raises Invalid for one that is not known."""
    words = list(dict.fromkeys(word.strip() for word in text.split(",")))
    for word in words:
        if word not in known:
            sentence = f"'{word}' is not a known {what}; choose {', '.join(known)}."
            raise Invalid(sentence)
    return words


def _contents_here(place: Here, slug: str, asked: _Asked) -> list[tuple[str, bytes]]:
    """Freeze one pack (or draw a draft) and return its files, name and bytes."""
    from headway.domain.programs.queries import program_named
    from headway.domain.reports.actions import freeze_report, keep_template
    from headway.domain.reports.queries import (
        Drawing,
        compose_pack,
        content_of,
        default_template,
        report_content,
    )
    from headway.domain.reports.rules import Format, PackDraft, read_draft
    from headway.rendering.report.template import read_template

    facts = program_named(place.actor, slug, place.at)
    deck = _read(asked.template) if asked.template else None
    draft = PackDraft(asked.audiences, asked.vendors, asked.reason)
    drawings = [Drawing(Format(form), who, vendor) for who, vendor, form in asked.drawn()]
    if asked.dry_run:
        if deck is not None and asked.template is not None:
            say(read_template(deck, asked.template.name).sentence())
        kept = default_template(place.actor) if deck is None else None
        base = deck or (bytes(kept.data) if kept else None)
        pack = compose_pack(
            place.actor, facts, place.now, known_at=place.at, draft=read_draft(draft)
        )
        found = [content_of(pack, f"{slug}-draft", one, base) for one in drawings]
    else:
        if deck is not None and asked.template is not None:
            line = keep_template(place.actor, asked.template.stem, deck, place.now)
            say(line.sentence)
            draft = PackDraft(asked.audiences, asked.vendors, asked.reason, line.name)
        made = freeze_report(place.actor, slug, draft, place.now, known_at=place.at)
        found = [report_content(place.actor, facts, made.number, one) for one in drawings]
    return [(content.name, content.data) for content in found]


def _contents_there(slug: str, asked: _Asked) -> list[tuple[str, bytes]]:
    """Have the server freeze one pack (or draw a draft), and fetch its files."""
    path = f"/programs/{slug}/reports"
    if asked.dry_run:
        if asked.template:
            sentence = "A draft is drawn on a template that the server keeps; leave --dry-run out."
            raise Invalid(sentence)
        return [
            (_name(f"{slug}-draft", who, vendor, form, asked), _fetched(f"{path}/draft", *one))
            for one in asked.drawn()
            for who, vendor, form in [one]
        ]
    body: dict[str, object] = {
        "audiences": list(asked.audiences),
        "vendors": list(asked.vendors),
        "reason": asked.reason,
    }
    if asked.template:
        body["template"] = _sent(asked.template)
    number = post(path, body)["number"]
    return [
        (
            _name(f"{slug}-report-{number}", who, vendor, form, asked),
            _fetched(f"{path}/{number}/file", who, vendor, form),
        )
        for who, vendor, form in asked.drawn()
    ]


def _fetched(path: str, audience: str, vendor: str, form: str) -> bytes:
    query = {"format": form, "audience": audience} | ({"vendor": vendor} if vendor else {})
    return download(path, **query)


def _name(base: str, audience: str, vendor: str, form: str, asked: _Asked) -> str:
    """Return a file's name as the server gives it: the executive one carries no more."""
    if audience == "executive":
        return f"{base}.{form}"
    place = f"-{list(asked.vendors).index(vendor) + 1}" if audience == "vendor" else ""
    return f"{base}-{audience}{place}.{form}"


def _sent(template: Path) -> str:
    """Have the server keep the template; return its name."""
    from uuid import uuid4

    query = {"name": template.stem}
    ask = Ask("POST", "/deck-templates", query, _read(template), _PPTX, str(uuid4()))
    line = call(ask)
    say(line["sentence"])
    return str(line["name"])


def _read(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        sentence = f"{template} cannot be read: {error.strerror}."
        raise Invalid(sentence) from None


def _write(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        sentence = f"{target} cannot be written: {error.strerror}."
        raise Invalid(sentence) from None
