"""`flask api-keys`: keys for programs, from the command line."""

import click
from flask.cli import AppGroup

from app.boot.cli.tenant_session import tenant_session
from app.identity.service.api_keys import KEY_SCOPES, create_api_key
from app.kernel.actor import system_actor
from app.vocabulary.permissions import Permission

api_keys_cli = AppGroup("api-keys", help="Keys with which programs use the API.")


@api_keys_cli.command("create")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([scope.value for scope in KEY_SCOPES]),
    help="What the key may do; repeat for several.",
)
@click.option("--name", default="command line", show_default=True, help="What will use the key.")
@click.option("--days", type=click.IntRange(1, 3650), help="Lifetime; without it until revoked.")
def create(slug: str, scopes: tuple[str, ...], name: str, days: int | None) -> None:
    """Make a key; its secret is printed once, alone on the last line."""
    with tenant_session(slug) as tenant:
        actor = system_actor(tenant.id, "flask api-keys create")
        key = create_api_key(
            actor,
            name=name,
            scopes=tuple(Permission(scope) for scope in scopes),
            lifetime_days=days,
        )
    click.echo(f"Key {name} of {tenant.name}, for {', '.join(scopes)}:", err=True)
    click.echo(key.text)
