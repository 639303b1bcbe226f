"""`flask audit …` on the seal: checking evidence, making packs and keys, printing checkpoints."""

import sys
from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.audit.cli import TENANT_SESSION, TenantSession
from app.audit.collection import AUDIT_LOG
from app.audit.proof.broken import SealBroken
from app.audit.proof.kept_checkpoints import find_last_checkpoint, list_checkpoints, read_kept
from app.audit.proof.keys import FIRST_KEY
from app.audit.proof.keys import make_key as make_key_file
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.seal_state import usable_keys
from app.audit.proof.settings import seal_settings
from app.audit.proof.verifier.program import CANNOT_READ, question
from app.audit.proof.verifier.program import verify as verify_evidence
from app.audit.proof.verifier.report import Unreadable
from app.audit.service import ExportRequest, record_export
from app.kernel import clock
from app.kernel.actor import system_actor
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import matching
from app.kernel.query_language.query import parse


def add_commands(group: AppGroup) -> None:
    """Put the commands on the seal into the group of the audit log."""
    for command in (verify, pack, make_key, keys, checkpoints):
        group.add_command(command)


@click.command("verify")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="A key you trust, or its file.")
@click.option("--kept", multiple=True, help="A file of checkpoints that you kept.")
@click.option("--proof", "proofs", multiple=True, help="A file with a proof of growth.")
@with_appcontext
def verify(
    evidence: Path, keys: tuple[str, ...], kept: tuple[str, ...], proofs: tuple[str, ...]
) -> None:
    """Check a pack, the proof of an event, or checkpoints.

    Exits with 0 when all is right, 1 when something is wrong, 2 when it cannot be read or not be
    checked. Does what the downloaded ballast_verify.py does, with the same code.
    """
    try:
        report = verify_evidence(question(evidence, keys, kept, proofs))
    except Unreadable as error:
        click.echo(f"CANNOT READ {evidence.name}: {error}")
        sys.exit(CANNOT_READ)
    click.echo(f"{evidence.name}\n{report}")
    sys.exit(report.exit_code)


@click.command("pack")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@click.option("--query", "text", default="", help="A filter as in the audit log; none: all of it.")
@click.option("--since", multiple=True, type=int, help="Size of a checkpoint that was kept.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def pack(slug: str, text: str, since: tuple[int, ...], file: Path) -> None:
    """Write events with all that it takes to check them into a FILE."""
    query = parse(text, AUDIT_LOG.fields)
    if query.errors:
        raise click.ClickException(f"The filter cannot be read: {query.errors[0].message}")
    with cast("TenantSession", current_app.extensions[TENANT_SESSION])(slug) as tenant:
        newest = find_last_checkpoint()
        if newest is None:
            raise click.ClickException("Nothing is sealed yet: is the worker running?")
        actor = system_actor(tenant.id, "flask audit pack")
        record_export(actor, ExportRequest(query.canonical(), "pack"))
        moment = Moment(clock.now(), tenant.zone)
        order = PackOrder(
            made_at=moment.now,
            public_url=current_app.config["SETTINGS"].public_url,
            query=query.canonical(),
            statement=matching(AUDIT_LOG, query, moment) if query.canonical() else None,
            since=since,
        )
        try:
            with file.open("wb") as out:
                packed = write_pack(out, order, newest, usable_keys())
        except OSError as error:
            raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
        except SealBroken as broken:
            raise click.ClickException(str(broken)) from None
    click.echo(f"{packed.events:,} events of {newest.size:,} sealed ones are in {file}.")
    if packed.unsealed:
        click.echo(f"{packed.unsealed:,} more match, and are not sealed yet.")


@click.command("make-key")
@click.option("--name", default=FIRST_KEY, show_default=True, help="Name of the file.")
@with_appcontext
def make_key(name: str) -> None:
    """Make a key that signs checkpoints, in the folder of the keys."""
    folder = seal_settings().keys
    if not name.endswith(".pem") or Path(name).name != name:
        raise click.ClickException("The name of a key file ends with .pem and has no folder in it.")
    if (folder / name).exists():
        raise click.ClickException(f"{folder / name} is there already.")
    try:
        path = make_key_file(folder, name)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from None
    click.echo(f"A new key is in {path}. Keep a copy of it where the database's backups are not.")


@click.command("keys")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@with_appcontext
def keys(slug: str) -> None:
    """Print the public keys of a tenant's log, as `--key` of `flask audit verify` takes them."""
    with cast("TenantSession", current_app.extensions[TENANT_SESSION])(slug):
        newest = find_last_checkpoint()
        if newest is None:
            raise click.ClickException("Nothing is sealed yet: is the worker running?")
        try:
            origin = read_kept(newest).checkpoint.origin
        except SealBroken as broken:
            raise click.ClickException(str(broken)) from None
    ring = usable_keys()
    if not ring.keys:
        raise click.ClickException("There is no key that can be read; see `flask audit make-key`.")
    for key in ring.verifier_keys(origin):
        click.echo(str(key))


@click.command("checkpoints")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@click.option(
    "--last", default=1, show_default=True, type=click.IntRange(1, 1_000), help="How many."
)
@with_appcontext
def checkpoints(slug: str, last: int) -> None:
    """Print the newest checkpoints of a tenant's log, to be kept where the database is not."""
    with cast("TenantSession", current_app.extensions[TENANT_SESSION])(slug):
        notes = [row.note for row in list_checkpoints(last)]
    if not notes:
        raise click.ClickException("Nothing is sealed yet: is the worker running?")
    click.echo("\n".join(notes), nl=False)
