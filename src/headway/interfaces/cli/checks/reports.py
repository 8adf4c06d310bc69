"""What a check leaves in files when asked to: a page as HTML, and JUnit XML for CI."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import Invalid
from headway.interfaces.cli.output import say

if TYPE_CHECKING:
    from headway.rendering.checks import Case, CheckPage


def write_reports(
    suite: str, page: CheckPage, cases: Sequence[Case], html: Path | None, junit: Path | None
) -> None:
    """Write what was asked for; the file's name goes to stderr."""
    from headway.rendering.checks import as_html_document, as_junit

    if html is not None:
        _write(html, as_html_document(page))
    if junit is not None:
        _write(junit, as_junit(suite, cases))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        sentence = (
            f"{path} can't be written: {error.strerror}. Name a file in a folder that is there."
        )
        raise Invalid(sentence) from error
    say(f"Written: {path}")
