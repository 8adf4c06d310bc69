"""What a person chooses when connecting an MLflow server."""

from __future__ import annotations

import base64
from fnmatch import fnmatchcase
from typing import Annotated

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from headway.connectors.http import destination_of

Glob = Annotated[str, Field(min_length=1, max_length=300)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]


class MlflowOptions(BaseModel):
    """Where the server is, how to sign in, what of it is read, and which project it belongs to.

    Globs are case-sensitive shell patterns (`*`, `?`, `[ab]`) on whole names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str
    #: A bearer token, or `user:password` for basic authentication.
    token: SecretStr | None = None
    #: The server's name in subjects; taken from the address when absent. Keep it when moving house.
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")] | None = None
    experiments: tuple[Glob, ...] = ("*",)
    models: tuple[Glob, ...] = ("*",)
    #: Metrics whose whole history becomes evidence, by name; the latest values always do.
    series: tuple[Glob, ...] = ()
    #: The project of what nothing else places, and by experiment glob (first match wins).
    project: Slug | None = None
    projects: dict[Glob, Slug] = Field(default_factory=dict)
    #: Stands before model names, for two servers that use the same names for different models.
    model_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{0,60}$")] = ""
    #: How far back each read looks again. Clocks of training machines may differ by that much.
    overlap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    page_size: Annotated[int, Field(ge=1, le=5000)] = 200

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        destination_of(url)
        if httpx.URL(url).query:
            sentence = "has a part after ?; give the address of the server alone"
            raise ValueError(sentence)
        return url.rstrip("/")

    @field_validator("token")
    @classmethod
    def _check_token(cls, token: SecretStr | None) -> SecretStr | None:
        text = token.get_secret_value().strip() if token else ""
        if not text.isprintable() or not text.isascii():
            sentence = "holds a line break or a character outside ASCII; copy it again"
            raise ValueError(sentence)
        return SecretStr(text) if text else None

    @property
    def server(self) -> str:
        """The server's short, stable name: `name`, else host, port if unusual, and path."""
        if self.name:
            return self.name
        destination = destination_of(self.url)
        usual = {"http": 80, "https": 443}[destination.scheme]
        host = destination.host if destination.port == usual else str(destination)
        return host + httpx.URL(self.url).path.rstrip("/").replace("@", "%40")

    @property
    def headers(self) -> dict[str, str]:
        """The request headers that sign in; empty without a token."""
        if self.token is None:
            return {}
        text = self.token.get_secret_value()
        if ":" in text:
            return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}
        return {"authorization": f"Bearer {text}"}

    def project_of_experiment(self, name: str) -> str | None:
        """Return the project an experiment's runs belong to, None when nothing says."""
        for glob, project in self.projects.items():
            if fnmatchcase(name, glob):
                return project
        return self.project


def matches(name: str, globs: tuple[str, ...]) -> bool:
    """Say whether `name` matches one of `globs`."""
    return any(fnmatchcase(name, glob) for glob in globs)
