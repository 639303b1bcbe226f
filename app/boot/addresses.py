"""Addresses: inside a tenant, `url_for` fills in the tenant by itself."""

from typing import Any

from flask import Flask

from app.kernel.standing import find_standing


def install(app: Flask) -> None:
    """Let `url_for` take the tenant from the standing of the request."""

    @app.url_defaults
    def fill_tenant(endpoint: str, values: dict[str, Any]) -> None:
        if "tenant" in values or not app.url_map.is_endpoint_expecting(endpoint, "tenant"):
            return
        here = find_standing()
        if here is not None and here.tenant is not None:
            values["tenant"] = here.tenant.slug
