"""`headway card check FILE`: does a model card or a datasheet say what it has to?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.reports import write_reports
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import read_file

if TYPE_CHECKING:
    from headway.analysis.cards import CardAnswer, CardKind

_MOST_BYTES = 64 * 1024 * 1024


def check(
    file: Annotated[Path, typer.Argument(help="A card: Markdown, or JSON of a tool; - for stdin")],
    kind: Annotated[str, typer.Option(help="What the card is about: model or dataset")] = "model",
    evidence: Annotated[
        str,
        typer.Option(help="Print one line of evidence about this subject, ready to be pushed"),
    ] = "",
    html: Annotated[Path | None, typer.Option(help="Write a page")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document")] = False,
) -> None:
    """Say of each section of a model card or datasheet whether it is there, thin or missing.

    Reads Markdown with or without the front matter of Hugging Face, and the JSON of the Model Card
    Toolkit and of SageMaker. Exits 1 when a section is missing or too thin.

    Examples:

      headway card check README.md

      headway card check data/README.md --kind dataset --json

      headway card check README.md --evidence model:fraud@7 | headway evidence push card -
    """
    from headway.analysis.cards import check_card

    answer = check_card(read_file(file, _MOST_BYTES), file.name, _kind(kind))
    if evidence and as_json:
        sentence = "--evidence and --json both write to stdout; give one of them."
        raise Invalid(sentence)
    if evidence:
        _print_evidence(answer, evidence)
    elif as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    _report(answer, html, junit)
    if not answer.is_complete:
        raise typer.Exit(1)


def _kind(word: str) -> CardKind:
    from headway.analysis.cards import CardKind

    if word not in list(CardKind):
        sentence = f"--kind is {word!r}; a card is about a model or a dataset."
        raise Invalid(sentence)
    return CardKind(word)


def _print_evidence(answer: CardAnswer, subject: str) -> None:
    """Print the observation as one line of a push file."""
    import json

    from headway.observation import SubjectRef

    named = SubjectRef.parse(subject)
    line = {"subject": str(named), "kind": "card", "payload": answer.as_evidence()}
    print_line(json.dumps(line, ensure_ascii=False, allow_nan=False))


def _print(answer: CardAnswer) -> None:
    print_line(f"{answer.name} ({answer.format}, {answer.kind} card): {answer.sentence}")
    rows = [(one.name, one.verdict.value, one.sentence) for one in answer.sections]
    print_table("Sections", ("section", "verdict", "why"), rows)
    if answer.metrics:
        read = [(one.name, one.value, one.where) for one in answer.metrics]
        print_table("Metrics given as data", ("metric", "value", "on"), read, numbers=("value",))
    for note in _notes(answer):
        say(f"Note: {note}")


def _notes(answer: CardAnswer) -> list[str]:
    told = list(answer.notes)
    if answer.unplaced:
        told.append(f"Headings that belong to no section: {', '.join(answer.unplaced)}.")
    return told


def _report(answer: CardAnswer, html: Path | None, junit: Path | None) -> None:
    if html is None and junit is None:
        return
    from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

    cases = [
        Case(answer.name, one.name, one.verdict.value, one.sentence) for one in answer.sections
    ]
    grid = Grid(
        "sections",
        "Sections",
        ("Section", "Verdict", "Why"),
        tuple(
            (
                Cell(one.title),
                Cell(one.verdict.value, level=level_of(one.verdict.value)),
                Cell(one.sentence),
            )
            for one in answer.sections
        ),
        "",
    )
    page = CheckPage(
        f"Card of a {answer.kind}",
        answer.name,
        answer.sentence,
        "good" if answer.is_complete else "bad",
        facts=(Fact("Completeness", f"{answer.completeness:.0%}", "of the sections that apply"),),
        grids=(grid,),
        notes=tuple(_notes(answer)),
    )
    write_reports("headway card check", page, cases, html, junit)
