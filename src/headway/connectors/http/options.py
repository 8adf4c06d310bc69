"""What connecting any server asks for: its address, a token, and a name that outlives a move."""

from __future__ import annotations

import base64
from typing import Annotated

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from headway.connectors.http.addresses import destination_of


class ServerOptions(BaseModel):
    """Where a server is, how to sign in, and what it is called here."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str
    #: A bearer token, or `user:password` for basic authentication.
    token: SecretStr | None = None
    #: The server's name in `source`; taken from the address when absent. Keep it when moving house.
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")] | None = None

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
