"""Whether the seal covers the whole log and continues every checkpoint that was kept."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from app.audit.proof.kept_checkpoints import find_last_checkpoint, read_kept
from app.audit.proof.keys import load_keys
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.settings import seal_settings
from app.audit.proof.standalone.assembly import FILE as VERIFIER
from app.kernel import clock
from tests.support.worlds import World


@dataclass
class Keeper:
    """Keeps checkpoints of a tenant outside, as a careful person does."""

    tenant_id: UUID
    notes: dict[int, str] = field(default_factory=dict)

    def keep(self, connection: psycopg.Connection) -> None:
        """Keep the newest checkpoint."""
        row = connection.execute(
            "SELECT size, note FROM audit_checkpoints WHERE tenant_id = %s"
            " ORDER BY size DESC LIMIT 1",
            (self.tenant_id,),
        ).fetchone()
        if row is not None:
            self.notes[row[0]] = row[1]


def is_sealed(connection: psycopg.Connection, tenant_id: UUID) -> bool:
    """Say whether the seal covers the whole log."""
    row = connection.execute(
        "SELECT coalesce((SELECT size FROM audit_heads WHERE tenant_id = %(t)s), 0)"
        " = coalesce((SELECT max(size) FROM audit_checkpoints WHERE tenant_id = %(t)s), 0)",
        {"t": tenant_id},
    ).fetchone()
    return row is not None and bool(row[0])


def check_seal(world: World, keeper: Keeper, folder: Path) -> Iterator[str]:
    """Yield what the stand-alone verifier finds in a pack of the whole log."""
    pack, kept, keys = folder / "pack.zip", folder / "kept.txt", folder / "keys.txt"
    with world.session():
        newest = find_last_checkpoint()
        if newest is None:
            yield "Nothing of the log is sealed."
            return
        ring = load_keys(seal_settings().keys)
        origin = read_kept(newest).checkpoint.origin
        keys.write_text("".join(f"{key}\n" for key in ring.verifier_keys(origin)))
        with pack.open("wb") as out:
            write_pack(out, PackOrder(clock.now(), "https://ballast.example"), newest, ring)
    kept.write_text("\n".join(keeper.notes.values()))
    verdict = _verify(pack, kept, keys)
    if verdict.returncode:
        yield f"The verifier says: {verdict.stdout.strip()[-600:]}{verdict.stderr[-300:]}"


def _verify(pack: Path, kept: Path, keys: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(VERIFIER), str(pack), "--key", str(keys), "--kept", str(kept)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
