"""What connecting any tracker asks for: an address, and a token."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from headway.connectors.http import destination_of

Label = Annotated[str, Field(min_length=1, max_length=200)]


class TrackerOptions(BaseModel):
    """Where the tracker is, how to sign in, and how its items are read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str
    #: A bearer token, or `user:token` for basic authentication.
    token: SecretStr | None = None
    #: The tracker's name in `source`; taken from the address when absent. Keep it when moving.
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")] | None = None
    #: Which of two estimates counts where an item has both.
    prefer: Literal["time", "points"] = "time"
    #: How far back each read looks again: clocks differ, and searches lag behind.
    overlap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    page_size: Annotated[int, Field(ge=1, le=100)] = 100

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
        """The tracker's short, stable name: `name`, else host, port if unusual, and path."""
        if self.name:
            return self.name
        destination = destination_of(self.url)
        usual = {"http": 80, "https": 443}[destination.scheme]
        host = destination.host if destination.port == usual else str(destination)
        return (host + httpx.URL(self.url).path.rstrip("/").replace("@", "%40"))[:150]

    @property
    def headers(self) -> dict[str, str]:
        """The request headers that sign in; empty without a token."""
        if self.token is None:
            return {}
        text = self.token.get_secret_value()
        if ":" in text:
            return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}
        return {"authorization": f"Bearer {text}"}
