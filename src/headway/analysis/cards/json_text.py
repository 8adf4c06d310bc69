"""Reading text out of JSON whose shape nobody can be sure of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

#: Beyond it a text is no prose but an embedded file.
_LONGEST = 100_000


def tables(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list, or the one object that stands where a list may."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def table(value: object) -> Mapping[str, object]:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """Return a text or number as text, a list of them line by line; "" for anything else."""
    if isinstance(value, list):
        return "\n".join(filter(None, (text(one) for one in value if not isinstance(one, list))))
    if isinstance(value, str) and len(value) <= _LONGEST:
        return value.strip()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""


def joined(value: Mapping[str, object], *keys: str) -> str:
    """Return the texts under these keys, a line each."""
    return "\n".join(told for key in keys if (told := text(value.get(key))))


def listed(value: object, *keys: str) -> str:
    """Return the texts under `keys` of each object of a list, or the texts of a plain list."""
    plain = value if isinstance(value, list) else []
    lines = [text(one) for one in plain] + [joined(one, *keys) for one in tables(value)]
    return "\n".join(filter(None, lines))
