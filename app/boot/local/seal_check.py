"""What `flask doctor` says of the keys that sign checkpoints of audit logs."""

from app.audit.proof.keys import KeyUnusable, load_keys
from app.audit.proof.settings import SealSettings
from app.boot.local.checks import Check

NAME = "Seal"
# What others than the owner of a file may do with it.
_OTHERS = 0o077


def check_seal(seal: SealSettings) -> Check:
    """There is a key to seal audit logs with, and nobody else can read it."""
    try:
        keys = load_keys(seal.keys)
    except KeyUnusable as error:
        return Check(NAME, ok=False, detail=str(error), mend="Replace the file, or take it away.")
    if seal.makes_key and not keys.keys:
        return Check(NAME, ok=True, detail=f"the worker will make a key in {seal.keys}")
    if not keys.signs:
        return Check(
            NAME,
            ok=False,
            detail=f"no private key in {seal.keys}, so audit logs cannot be sealed",
            mend="Run `flask audit make-key`, and keep a copy of it where no backup is.",
        )
    private = [seal.keys / key.name for key in keys.keys if key.private is not None]
    open_files = [path.name for path in private if path.stat().st_mode & _OTHERS]
    if open_files:
        return Check(
            NAME,
            ok=False,
            detail=f"others on this machine can read {', '.join(open_files)}",
            mend=f"Run `chmod 600` on it in {seal.keys}, and make a new key if they may have it.",
        )
    return Check(NAME, ok=True, detail=f"keys in {seal.keys}; {_copies(seal)}")


def _copies(seal: SealSettings) -> str:
    places = [str(place) for place in (seal.publish_folder, seal.publish_url) if place is not None]
    if places:
        return f"checkpoints go to {' and '.join(places)}"
    return "checkpoints go nowhere by themselves"
