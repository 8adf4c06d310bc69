"""What of MLflow's free text may become evidence: never a person's name, address or secret.

Evidence is append-only, so what should not be kept must not enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath, PureWindowsPath

from headway.connectors.mlflow.wire import Pair

_EMAIL = re.compile(r"(?!git@)\b[\w.+-]+@[A-Za-z][\w-]*(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
_HOME = re.compile(r"(?:[A-Za-z]:)?[/\\](?:home|Users)[/\\][^/\\\s]+")
_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")

# The last part of a tag's name that says its value is a person.
_PERSONAL = frozenset(
    {"user", "username", "user_name", "user_id", "userid", "email", "e_mail", "mail", "owner"}
    | {"author", "creator", "created_by", "assignee", "login", "requested_by", "reviewer"}
)

# Of MLflow's own tags only these say something about the work and nothing about the person.
_KEPT = frozenset({"mlflow.source.type", "mlflow.source.name", "mlflow.source.git.dirty"})


def without_personal(text: str) -> str:
    """Return `text` with e-mail addresses, home folders and sign-ins in URLs taken out."""
    text = _USERINFO.sub("", text.replace("\x00", ""))
    text = _EMAIL.sub("(e-mail removed)", text)
    return _HOME.sub("~", text)


def impersonal_tags(tags: Iterable[Pair]) -> Mapping[str, str]:
    """Return the tags that may be kept. MLflow's own are dropped except for a short list."""
    return {tag.key: _kept_value(tag) for tag in tags if _is_impersonal(tag.key)}


def _is_impersonal(key: str) -> bool:
    if key.startswith("mlflow."):
        return key in _KEPT
    last = re.split(r"[./:]", key.lower())[-1].replace("-", "_").strip()
    return last not in _PERSONAL


def _kept_value(tag: Pair) -> str:
    if tag.key == "mlflow.source.name":
        return PurePosixPath(PureWindowsPath(tag.value).name).name
    return without_personal(tag.value)
