"""Every address that answers, read from the program itself: nothing to forget.

`OPERATIONS` holds the sources; the API adds its own there: a function that yields `Operation`s
and a way to ask them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern
from tests.security.world import SAMPLES, Side

from headway.interfaces.web.layout.routes import declared_routes


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, with the parameters the address has."""

    method: str
    route: str
    parameters: tuple[str, ...]
    address: Callable[[dict[str, object]], str]

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"

    def at(self, side: Side, **other: object) -> str:
        """Return the address for things of `side`, but for those given in `other`."""
        values = {name: sample_of(name, side) for name in self.parameters}
        return self.address(values | other)

    def ask(
        self, client: Client, address: str, data: dict[str, object] | None = None
    ) -> HttpResponse:
        """Send the request, with `data` as a form for a POST and as the query for a GET."""
        return getattr(client, self.method.lower())(address, data or {})


def sample_of(name: str, side: Side) -> object:
    """Return the sample value of parameter `name`; says what to do when there is none."""
    assert name in SAMPLES, f"add a sample for '{name}' to SAMPLES in tests/security/world.py"
    if name not in side.known:
        side.known[name] = SAMPLES[name](side)
    return side.known[name]


def web_operations() -> Iterator[Operation]:
    """Yield every method of every address of the resolver."""
    for whole, pattern in declared_routes(import_module(settings.ROOT_URLCONF).urlpatterns):
        if not hasattr(pattern.callback, "access"):
            continue  # declared elsewhere (site.urls.ELSEWHERE), with operations of its own
        parameters = tuple(pattern.pattern.converters)
        for method in pattern.callback.methods:
            yield Operation(method, whole, parameters, _reverse(whole, pattern))


def _reverse(whole: str, pattern: URLPattern) -> Callable[[dict[str, object]], str]:
    """Return a function from values to the address: `whole` with its <…> replaced."""

    def address(values: dict[str, object]) -> str:
        filled = whole
        for name, converter in pattern.pattern.converters.items():
            text = converter.to_url(values[name])
            start = filled.rindex("<", 0, filled.index(f"{name}>"))
            filled = filled[:start] + text + filled[filled.index(f"{name}>") + len(name) + 1 :]
        return f"/{filled}"

    return address


OPERATIONS: list[Callable[[], Iterator[Operation]]] = [web_operations]


def operations() -> list[Operation]:
    """Return everything that answers."""
    return [operation for source in OPERATIONS for operation in source()]
