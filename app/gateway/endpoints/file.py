"""The operator's file of endpoints, in TOML; `docs/gateway.md` shows one.

No key stands in it: it names the environment variable that holds the key.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.gateway.endpoints.config import EXTRACTIVE_NAME, TOKEN_LIMITS, EndpointConfig, ModelOffer

_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_TOP = {"currency", "endpoints"}
_KEYS = {"base_url", "key_from", "token_limit", "models"}
_PRICES = {"price_in", "price_out"}
_MAX_PRICE = 10**12


class EndpointFileError(ValueError):
    """The file of endpoints cannot be used; the text says where, and what to write instead."""


@dataclass(frozen=True, slots=True)
class EndpointFile:
    """What the file says: endpoints in its order, and the currency of its prices."""

    endpoints: tuple[EndpointConfig, ...]
    currency: str | None


def read_endpoint_file(path: Path, environment: Mapping[str, str]) -> EndpointFile:
    """Return the endpoints of a file, with keys from the environment.

    Raises `EndpointFileError` for whatever does not fit: an endpoint that is half there would
    only be noticed by somebody who waits for a summary.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EndpointFileError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise EndpointFileError(f"{path} is no TOML: {error}.") from error
    _demand_keys("The file", found, _TOP)
    currency = found.get("currency")
    if currency is not None and not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        raise EndpointFileError('currency is three capital letters, such as "EUR".')
    tables = found.get("endpoints", {})
    if not isinstance(tables, dict):
        raise EndpointFileError("endpoints is a table: write [endpoints.NAME].")
    endpoints = tuple(_endpoint(name, table, environment) for name, table in tables.items())
    return EndpointFile(endpoints, currency)


def _endpoint(name: str, table: object, environment: Mapping[str, str]) -> EndpointConfig:
    if not _NAME.fullmatch(name) or name == EXTRACTIVE_NAME:
        raise EndpointFileError(
            f"{name!r} is no name for an endpoint: letters a-z, digits and hyphens, beginning"
            f" with a letter, and not {EXTRACTIVE_NAME}."
        )
    if not isinstance(table, dict):
        raise EndpointFileError(f"{name} is a table: write [endpoints.{name}].")
    _demand_keys(f"Endpoint {name}", table, _KEYS)
    token_limit = table.get("token_limit", TOKEN_LIMITS[0])
    if token_limit not in TOKEN_LIMITS:
        raise EndpointFileError(f"{name}: token_limit is {' or '.join(TOKEN_LIMITS)}.")
    return EndpointConfig(
        name,
        read_address(f"{name}: base_url", table.get("base_url"), "key_from"),
        _models(name, table.get("models")),
        _key(name, table.get("key_from"), environment),
        token_limit,
    )


def read_address(where: str, value: object, key_in: str) -> str:
    """Return the address of an endpoint; raises `EndpointFileError`, which names `where` it stands.

    `key_in` is where a key belongs, for who wrote one into the address.
    """
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointFileError(f"{where} must look like https://models.example/v1.")
    if parts.username or parts.password or parts.query:
        # The address is shown to members of tenants, kept in their ledgers and told in errors.
        raise EndpointFileError(f"{where} holds no user, password or query; use {key_in}.")
    return str(value)


def _key(name: str, variable: object, environment: Mapping[str, str]) -> str | None:
    if variable is None:
        return None
    key = environment.get(variable, "").strip() if isinstance(variable, str) else ""
    if not key:
        raise EndpointFileError(f"{name}: the environment has nothing under {variable!r}.")
    return key


def _models(name: str, tables: object) -> tuple[ModelOffer, ...]:
    if not isinstance(tables, dict) or not tables:
        raise EndpointFileError(f'{name} has no model: write [endpoints.{name}.models."MODEL"].')
    return tuple(_offer(f"{name}, model {model}", model, table) for model, table in tables.items())


def _offer(where: str, model: str, table: object) -> ModelOffer:
    if not isinstance(table, dict):
        raise EndpointFileError(f"{where} is a table, which may be empty.")
    _demand_keys(where, table, _PRICES)
    if table and set(table) != _PRICES:
        raise EndpointFileError(f"{where}: give both prices, or neither.")
    for price in table.values():
        is_number = isinstance(price, int) and not isinstance(price, bool)
        if not is_number or not 0 <= price <= _MAX_PRICE:
            raise EndpointFileError(
                f"{where}: prices are whole micro-units per million tokens: 150000 for 0.15."
            )
    return ModelOffer(model, table.get("price_in"), table.get("price_out"))


def _demand_keys(where: str, table: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise EndpointFileError(
            f"{where} has {', '.join(unknown)}; it may have {', '.join(sorted(known))}."
        )
