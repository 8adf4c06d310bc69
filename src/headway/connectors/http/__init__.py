"""The one outbound HTTP client: every request Headway makes to another system goes through it."""

from headway.connectors.http.addresses import (
    Destination,
    Resolver,
    destination_of,
    parse_allowed_hosts,
    system_resolver,
)
from headway.connectors.http.client import Answer, Limits, Outbound, Patience, TooLarge
from headway.connectors.http.options import ServerOptions

__all__ = [
    "Answer",
    "Destination",
    "Limits",
    "Outbound",
    "Patience",
    "Resolver",
    "ServerOptions",
    "TooLarge",
    "destination_of",
    "parse_allowed_hosts",
    "system_resolver",
]
