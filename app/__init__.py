"""Ballast."""

import click
from flask import Flask

from app.boot.factory import build_app
from app.boot.settings import Settings
from components.assets import BrowserFilesMissingError
from components.contract import ContractError
from components.tokens.problems import TokenError


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, from these settings or from the environment.

    Raises `click.ClickException`, which `flask` says in one line, for settings that make no sense
    and for a design system that does not hold together: which file, what is wrong, how to mend it.
    """
    try:
        return build_app(settings or Settings.from_environment())
    except (BrowserFilesMissingError, ContractError, TokenError) as broken:
        raise click.ClickException(str(broken)) from broken
