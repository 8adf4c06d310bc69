"""Secrets that Headway hands out: opaque, shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

#: What every token starts with, so that scanners and people recognise a leaked one.
PREFIX = "hw_"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made: `plain` is shown once, `hash` is stored, `hint` tells it apart."""

    plain: str
    hash: str
    hint: str


def new_secret(prefix: str = PREFIX) -> NewSecret:
    """Make a secret of 256 random bits."""
    plain = prefix + secrets.token_urlsafe(32)
    return NewSecret(plain, hash_secret(plain), plain[: len(prefix) + 4])


def hash_secret(plain: str) -> str:
    """Return SHA-256 of a secret. Plain hashing is right here: the secret has 256 random bits."""
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


def same_secret(plain: str, stored_hash: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(hash_secret(plain), stored_hash)
