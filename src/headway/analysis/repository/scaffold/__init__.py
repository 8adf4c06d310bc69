"""The scaffold of a sound repository for a model: its files, with a name, an owner and a licence.

The files lie beside this module as templates. What depends on the name is written @@NAME@@, and a
leading dot is written `dot_`, so that no tool takes a template for the real file.
"""

from __future__ import annotations

import keyword
import re
import sys
from importlib import resources
from importlib.resources.abc import Traversable

from headway.errors import Invalid

#: Licences to begin with; the text of one is the owner's to put in.
LICENCES = ("none", "MIT", "Apache-2.0", "BSD-3-Clause")
PROMISE = "0.9"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 60
_SUFFIX = ".tmpl"


def checked_name(name: str) -> str:
    """Return the name of a repository, as given. Raises Invalid when no package can bear it."""
    package = name.replace("-", "_")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        rule = f"small letters, digits and single hyphens, {_LONGEST} at most, a letter first"
        sentence = f"The name {name[:80]!r} can't be used: it takes {rule}, like fraud-model."
        raise Invalid(sentence)
    if keyword.iskeyword(package) or package in sys.stdlib_module_names or package == "tests":
        sentence = f"The name {name!r} is one of Python's own; choose another, like {name}-model."
        raise Invalid(sentence)
    return name


def scaffold(name: str, *, owner: str, licence: str, year: int) -> dict[str, str]:
    """Return text by path of a new repository. Raises Invalid for a name that can't be used."""
    words = {
        "@@NAME@@": checked_name(name),
        "@@PACKAGE@@": name.replace("-", "_"),
        "@@OWNER@@": owner,
        "@@LICENCE@@": _licence(licence, year, name),
        "@@PROMISE@@": PROMISE,
    }
    found: dict[str, str] = {}
    for path, file in _templates(resources.files(__name__).joinpath("files"), ""):
        text = file.read_text("utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        found[path.replace("PACKAGE", words["@@PACKAGE@@"])] = text
    return dict(sorted(found.items()))


def _templates(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    """Return (path in the new repository, template) of a folder and those below it."""
    found: list[tuple[str, Traversable]] = []
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        name = re.sub(r"^dot_", ".", one.name).removesuffix(_SUFFIX)
        inner = f"{path}/{name}" if path else name
        if one.is_dir():
            found.extend(_templates(one, inner))
        elif one.name.endswith(_SUFFIX):
            found.append((inner, one))
    return found


def _licence(licence: str, year: int, name: str) -> str:
    if licence not in LICENCES:
        sentence = (
            f"The licence {licence!r} is not known here; choose one of {', '.join(LICENCES)}."
        )
        raise Invalid(sentence)
    if licence == "none":
        return (
            f"Copyright {year} the owners of {name}. All rights reserved.\n\nNo licence is given. "
            "Replace this file by the text of the licence that you choose; until\nthen nobody else "
            "may use, copy or change this work."
        )
    return (
        f"Copyright {year} the owners of {name}\n\nSPDX-License-Identifier: {licence}\n\nLicensed "
        f"under {licence}; its text: https://spdx.org/licenses/{licence}.html\nPut the whole text "
        "here before you publish."
    )
