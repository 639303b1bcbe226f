"""The keys that sign checkpoints: files in a folder, and never in the database.

Whoever can write the database could otherwise sign what they wrote. Each `.pem` file of the
folder holds one Ed25519 key: a private one signs every checkpoint, a public one is a key of the
past that is still published. To change keys, put a new private key beside the old one, so that
both sign for a while, and later replace the old file by its public half.
"""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.audit.proof.checkpoints import Checkpoint
from app.audit.proof.notes import Note, Signature, VerifierKey

FIRST_KEY = "seal-key.pem"
_PRIVATE = b"PRIVATE KEY"


class KeyUnusable(Exception):
    """A file of the key folder holds no key that can be used; says which and what to do."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """One key. `name` is that of its file; without `private` it only verifies."""

    name: str
    public: bytes
    private: Ed25519PrivateKey | None = None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of an installation, by the names of their files."""

    keys: tuple[SealKey, ...]

    @property
    def signs(self) -> bool:
        """Whether there is a private key."""
        return any(key.private for key in self.keys)

    def verifier_keys(self, origin: str) -> list[VerifierKey]:
        """Return the keys of the log with that name: each key signs under the name of each log."""
        return [VerifierKey(origin, key.public) for key in self.keys]

    def sign(self, checkpoint: Checkpoint) -> str:
        """Return the checkpoint as a note, signed with every private key there is."""
        return self.sign_text(checkpoint.text, checkpoint.origin)

    def sign_text(self, text: str, origin: str) -> str:
        """Return a text as a note, signed under the name of a log with every private key there is.

        Its first line has to tell it from every checkpoint, whose first line is the origin.
        """
        signatures = tuple(
            Signature(
                origin,
                VerifierKey(origin, key.public).id,
                key.private.sign(text.encode()),
            )
            for key in self.keys
            if key.private is not None
        )
        return str(Note(text, signatures))


def load_keys(folder: Path) -> KeyRing:
    """Return the keys of a folder, none when it is not there; raises `KeyUnusable`."""
    files: Sequence[Path] = sorted(folder.glob("*.pem"))
    return KeyRing(tuple(map(_load, files)))


def make_key(folder: Path, name: str = FIRST_KEY) -> Path:
    """Make a private key in a file of its own; leaves one that is there already as it is.

    Complete or not there at all, also when two processes make it at once. Raises `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-") as draft:
        draft.write(pem)
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
    return path


def _load(path: Path) -> SealKey:
    try:
        content = path.read_bytes()
        if _PRIVATE in content:
            private = load_pem_private_key(content, password=None)
            if isinstance(private, Ed25519PrivateKey):
                return SealKey(path.name, private.public_key().public_bytes_raw(), private)
        else:
            public = load_pem_public_key(content)
            if isinstance(public, Ed25519PublicKey):
                return SealKey(path.name, public.public_bytes_raw())
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnusable(
            f"{path} holds no key that can be read; it has to be PEM, without a password."
        ) from None
    raise KeyUnusable(
        f"{path} holds a key of another kind. Make one with `flask audit make-key`, or with"
        " `openssl genpkey -algorithm ed25519`."
    )
