"""`flask seed`: the demonstration, Alder and Birch."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.boot.settings import Settings, kept_secret
from app.kernel.routing import database
from app.tenancy.queries import count_real_tenants, find_tenant
from seeds.cast import PEOPLE, TENANTS
from seeds.desk_work import work_at_the_desk
from seeds.load import load_demo
from seeds.summaries import draft_summaries

PASSWORD_LENGTH = 16


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Load the demonstration; refuses a database that has real tenants."""
    settings: Settings = current_app.config["SETTINGS"]
    seed_demo()
    for line in demo_sign_ins(settings):
        click.echo(line)


def seed_demo() -> None:
    """Load the demonstration unless it is there. Raises `ClickException` beside real tenants."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.is_production:
        raise click.ClickException("BALLAST_ENV is production: no demonstration is loaded there.")
    if not demo_is_welcome():
        raise click.ClickException(
            "This database has real tenants: demonstration people with a known password do not"
            " belong there."
        )
    if _demo_is_there():
        return
    click.echo("Loading the demonstration: two tenants and six weeks of events…", err=True)
    load_demo(password=demo_password(settings))
    if settings.gateway.is_extractive:
        # With a model endpoint of one's own, loading the demonstration should cost nothing.
        draft_summaries()
    work_at_the_desk()


def demo_is_welcome() -> bool:
    """Say whether the database has no tenant that is not part of the demonstration."""
    with database().session():
        return count_real_tenants() == 0


def demo_password(settings: Settings) -> str:
    """Return the password of the demonstration's people: the one that is set, or a made one."""
    if settings.demo_password is not None:
        return settings.demo_password
    return kept_secret(settings.data_dir, "demo-password", PASSWORD_LENGTH)


def demo_sign_ins(settings: Settings) -> list[str]:
    """Return the lines that tell how to sign in to the demonstration, if it is there."""
    if not _demo_is_there():
        return []
    width = max(len(person.email) for person in PEOPLE)
    lines = [
        f"{person.email:{width}}  {person.role.label}" for person in PEOPLE if person.is_listed
    ]
    return [*lines, "", f"Password of all of them: {demo_password(settings)}"]


def _demo_is_there() -> bool:
    with database().session():
        return find_tenant(TENANTS[0].slug) is not None
