"""`flask tenants`: the first step of a real installation."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.identity.roles import Role
from app.identity.service.invitations import invite_member
from app.kernel.actor import system_actor
from app.kernel.database import current_session
from app.kernel.mail import list_statement
from app.kernel.problems import Problem
from app.kernel.routing import database
from app.tenancy.service import create_tenant

tenants_cli = AppGroup("tenants", help="Tenants of this installation.")


@tenants_cli.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What the tenant is called.")
@click.option("--owner", "email", required=True, help="Address of its first owner.")
@click.option("--time-zone", default="UTC", show_default=True, help="As in Europe/Berlin.")
def create(slug: str, name: str, email: str, time_zone: str) -> None:
    """Make a tenant and invite its first owner; the invitation's address is printed."""
    base = current_app.config["SETTINGS"].public_url.rstrip("/")
    with database().session():
        try:
            tenant = create_tenant(
                system_actor(None, "flask tenants create"), slug, name=name, time_zone=time_zone
            )
            actor = system_actor(tenant.id, "flask tenants create")
            invite_member(
                actor,
                email=email,
                role=Role.OWNER,
                link=f"{base}/invitations/{{token}}",
            )
        except Problem as problem:
            raise click.ClickException(problem.detail) from problem
        (mail,) = current_session().scalars(list_statement())
    click.echo(f"{name} is at {base}/t/{slug}/. Its first owner accepts here:", err=True)
    click.echo([word for word in mail.body.split() if word.startswith(base)][-1])
