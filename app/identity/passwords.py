"""Passwords: argon2id, with the library's current recommendation."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

MIN_LENGTH = 12
MAX_LENGTH = 200

# argon2-cffi's defaults follow RFC 9106's second recommended option (64 MiB, 3 passes).
_strong = PasswordHasher()
# Tests hash thousands of passwords of people who do not exist.
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, salt and parameters included."""
    return _hasher().hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Say whether the password fits.

    Without a hash (no such account) it takes as long as with one, so that the time of the
    answer does not tell which addresses exist.
    """
    try:
        _hasher().verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _hasher() -> PasswordHasher:
    return _quick if current_app.config["QUICK_PASSWORDS"] else _strong


@functools.cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
