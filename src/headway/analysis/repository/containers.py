"""Recipes of images: the base each begins with, and the user it ends with."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"(?:^|/)(?:[\w.-]*[._-])?(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?$|(?:^|/)[\w.-]+\.dockerfile$",
    re.I,
)
#: Endings of what only sounds like a recipe: documents, code, templates of recipes.
_NO_RECIPE = (".md", ".py", ".sh", ".dockerignore", ".tmpl", ".j2", ".jinja", ".template")
_FIXED_TAG = re.compile(
    r"v?\d+\.\d+[\w.+-]*|\d{8}[\w.-]*|[\w.+-]*\d+\.\d+\.\d+[\w.+-]*|[\w-]+-\d+\.\d+[\w.-]*"
)
#: Bases whose default user is not root.
_OWN_USER = re.compile(
    r"nonroot|jupyter/|bitnami/|/ubi\d+/python|chainguard|sagemaker-distribution"
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a recipe: its line, the image it begins with, its last user and that line."""

    line: int
    image: str
    user: str = ""
    user_line: int = 0


def is_recipe(path: str) -> bool:
    """Say whether a path is a Dockerfile by its name."""
    return bool(_NAME.search(path)) and not path.endswith(_NO_RECIPE)


def stages(text: str) -> tuple[Stage, ...]:
    """Return the stages of a recipe; one that begins with another stage has its user."""
    found: list[Stage] = []
    named: dict[str, Stage] = {}
    arguments: dict[str, str] = {}
    for line, instruction, rest in _instructions(text):
        if instruction == "ARG":
            name, _, value = rest.partition("=")
            arguments[name.strip()] = value.strip("\"' ")
        elif instruction == "FROM":
            words = [word for word in rest.split() if not word.startswith("--")]
            image = _filled(words[0] if words else "", arguments)
            base = named.get(image.lower())
            stage = Stage(line, "", base.user, base.user_line) if base else Stage(line, image)
            found.append(stage)
            if len(words) > 2 and words[1].upper() == "AS":
                named[words[2].lower()] = stage
        elif instruction == "USER" and found:
            user = _filled(rest.split()[0] if rest.split() else "", arguments)
            changed = Stage(found[-1].line, found[-1].image, user, line)
            named = {name: changed if one is found[-1] else one for name, one in named.items()}
            found[-1] = changed
    return tuple(found)


def _instructions(text: str) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    held, start = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line.startswith("#") or (not line and not held):
            continue
        start = start or number
        held += line.removesuffix("\\") + " "
        if not line.endswith("\\"):
            word, _, rest = held.strip().partition(" ")
            found.append((start, word.upper(), rest.strip()))
            held, start = "", 0
    return found


def _filled(text: str, arguments: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name, _, otherwise = match[1].partition(":-")
        return arguments.get(name) or otherwise

    return re.sub(r"\$\{?([\w]+(?::-[^}]*)?)\}?", value, text)


def is_fixed(image: str) -> bool:
    """Say whether an image is named by a digest, or by a tag of at least two numbers."""
    if not image or image.lower() == "scratch" or "@sha256:" in image:
        return True
    tag = image.rpartition("/")[2].partition(":")[2]
    return bool(_FIXED_TAG.match(tag))


def runs_as_root(stage: Stage) -> bool:
    """Say whether the last stage of a recipe leaves root as the user."""
    if stage.user:
        return stage.user.partition(":")[0] in ("root", "0")
    return not _OWN_USER.search(stage.image)
