"""Secrets that we hand out once and store only as hashes."""

import hashlib
import secrets

# 256 random bits: a plain SHA-256 is enough, because there is nothing to guess.
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret, safe in addresses and headers."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """Return what is stored in place of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def same_hash(one: str, other: str) -> bool:
    """Compare two hashes without telling by time how far they agree."""
    return secrets.compare_digest(one, other)
