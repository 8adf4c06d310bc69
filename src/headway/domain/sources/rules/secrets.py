"""Secrets of sources at rest: encrypted with the installation's own key (Fernet, AES-128-CBC)."""

from __future__ import annotations

from headway.errors import Invalid


def conceal(secret: str, key: bytes) -> bytes:
    """Return `secret` encrypted with `key`."""
    from cryptography.fernet import Fernet

    return Fernet(key).encrypt(secret.encode("utf-8"))


def reveal(kept: bytes, key: bytes) -> str:
    """Return the secret in `kept`. Raises Invalid when the key is not the one it was kept with."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(key).decrypt(bytes(kept)).decode("utf-8")
    except InvalidToken:
        sentence = (
            "The stored secret cannot be read with this installation's key; the key file belongs "
            "to another installation. Enter the secret again."
        )
        raise Invalid(sentence) from None
