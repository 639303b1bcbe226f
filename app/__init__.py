"""Ballast."""

from flask import Flask

from app.boot.factory import build_app
from app.boot.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, from these settings or from the environment."""
    return build_app(settings or Settings.from_environment())
