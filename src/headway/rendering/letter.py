"""A mail: one value, drawn as plain text and as simple HTML that say the same.

What people named their things is text here and never markup; a subject is one line, whatever was
put into it, so that no header is forged.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: The longest subject; mail programs show less.
LONGEST_SUBJECT = 150
#: In plain text a last column with longer cells than this is no column any more.
LONGEST_CELL = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, perhaps with where it is read; `detail` is said more quietly."""

    text: str
    link: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; columns named in `numbers` are set to the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter under a heading of its own."""

    title: str
    lines: Sequence[Line] = ()
    table: Table | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole mail: its answer first, then why, then the parts; `foot` says how to stop it."""

    subject: str
    answer: str
    why: str = ""
    sections: Sequence[Section] = ()
    foot: Sequence[Line] = ()

    @property
    def one_line_subject(self) -> str:
        """Return the subject as a header takes it: one line, no control characters."""
        plain = "".join(
            " " if unicodedata.category(sign).startswith(("C", "Z")) else sign
            for sign in self.subject
        )
        found = " ".join(plain.split())
        return found if len(found) <= LONGEST_SUBJECT else found[: LONGEST_SUBJECT - 1] + "…"


def letter_text(letter: Letter) -> str:
    """Return the letter as plain text."""
    parts = [letter.answer, letter.why, *map(_section_text, letter.sections)]
    foot = "\n".join(_line_text(line) for line in letter.foot)
    body = "\n\n".join(part for part in parts if part)
    return f"{body}\n\n-- \n{foot}\n" if foot else f"{body}\n"


def _section_text(section: Section) -> str:
    title = section.title.upper()
    parts = [f"{title}\n{'-' * len(title)}"] if title else []
    parts += [f"* {_line_text(line)}" for line in section.lines]
    if section.table is not None:
        parts.append(_table_text(section.table))
    return "\n".join([*parts, *([section.note] if section.note else [])])


def _line_text(line: Line) -> str:
    below = [f"  {part}" for part in (line.detail, line.link) if part]
    return "\n".join([line.text, *below])


def _table_text(table: Table) -> str:
    """Draw a table in columns; a last column of whole sentences goes below each row."""
    heads, rows = list(table.heads), [[str(cell) for cell in row] for row in table.rows]
    below = [""] * len(rows)
    if any(row and len(row[-1]) > LONGEST_CELL for row in rows):
        heads, below, rows = heads[:-1], [row[-1] for row in rows], [row[:-1] for row in rows]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    right = [head in table.numbers for head in heads]

    def line(row: Sequence[str]) -> str:
        cells = zip(row, widths, right, strict=True)
        return "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width) for cell, width, to_right in cells
        ).rstrip()

    told = [
        f"{line(row)}\n    {more}" if more else line(row)
        for row, more in zip(rows, below, strict=True)
    ]
    return "\n".join([line(heads), *told])


_STYLE = (
    "body{font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;margin:0;padding:24px}"
    "main{max-width:640px;margin:0 auto}h1{font-size:20px;line-height:1.3;margin:0 0 8px}"
    "h2{font-size:15px;margin:24px 0 6px}p{margin:0 0 8px}ul{margin:0;padding-left:20px}"
    "li{margin:0 0 6px}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:4px 8px 4px 0;border-bottom:1px solid #8884;"
    "vertical-align:top;font-variant-numeric:tabular-nums}.n{text-align:right}"
    ".quiet{opacity:.75;font-size:13px}"
)


def letter_html(letter: Letter) -> str:
    """Return the letter as an HTML document that needs nothing from outside."""
    parts = [f"<h1>{escape(letter.answer)}</h1>"]
    if letter.why:
        parts.append(f"<p>{escape(letter.why)}</p>")
    parts += [_section_html(section) for section in letter.sections]
    if letter.foot:
        foot = "<br>".join(_line_html(line) for line in letter.foot)
        parts.append(f'<hr><p class="quiet">{foot}</p>')
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(letter.one_line_subject)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _section_html(section: Section) -> str:
    title = f"<h2>{escape(section.title)}</h2>" if section.title else ""
    items = "".join(f"<li>{_line_html(line)}</li>" for line in section.lines)
    table = _table_html(section.table) if section.table is not None else ""
    note = f'<p class="quiet">{escape(section.note)}</p>' if section.note else ""
    return f"{title}{f'<ul>{items}</ul>' if items else ''}{table}{note}"


def _line_html(line: Line) -> str:
    text = escape(line.text)
    if line.link.startswith(("https://", "http://")):
        text = f'<a href="{escape(line.link)}">{text}</a>'
    return f'{text}<br><span class="quiet">{escape(line.detail)}</span>' if line.detail else text


def _table_html(table: Table) -> str:
    marks = [' class="n"' if head in table.numbers else "" for head in table.heads]
    heads = "".join(
        f'<th scope="col"{mark}>{escape(head)}</th>'
        for head, mark in zip(table.heads, marks, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{m}>{escape(str(cell))}</td>" for cell, m in zip(row, marks, strict=True))
        + "</tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
