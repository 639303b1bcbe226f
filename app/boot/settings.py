"""Settings: read from the environment once, typed, checked, and complete or refused.

In production nothing secret has a default. In development what is missing is made once and
kept in the data folder, so that a fresh clone runs with no setting at all.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.audit.exports.settings import ExportSettings
from app.audit.proof.settings import SealSettings
from app.boot.database_addresses import (
    DatabaseAddresses,
    EmbeddedDatabase,
    GivenDatabase,
    app_role_url,
)
from app.boot.local.embedded_postgres import EmbeddedPostgres
from app.gateway.endpoints.config import DEFAULT_NAME
from app.gateway.endpoints.file import (
    EndpointFile,
    EndpointFileError,
    read_address,
    read_endpoint_file,
)
from app.gateway.settings import GatewaySettings
from app.kernel.mail import MailSettings

ROOT = Path(__file__).parents[2]
MIN_SECRET_LENGTH = 32

_MOST_DIGITS = 9
_SHARE = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?")
# As much of a wrong value as its complaint repeats.
_SHOWN = 40


class SettingsError(click.ClickException):
    """A setting is missing or wrong; the text says which, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, for the reference page."""

    name: str
    default: str
    meaning: str


REFERENCE = (
    Setting("BALLAST_DATA_DIR", ".data", "Folder of the embedded database and of made secrets."),
    Setting("BALLAST_DEMO_PASSWORD", "made and printed", "Password of the demo people."),
    Setting("BALLAST_ENV", "development", "`production` demands every secret and HTTPS cookies."),
    Setting(
        "BALLAST_EXPORTS_DIR",
        "exports in the data folder",
        "Folder of the files of exports; web and worker share it.",
    ),
    Setting("BALLAST_EXPORTS_HOURS", "24", "How long the file of an export is kept."),
    Setting("BALLAST_EXPORTS_MB", "20000", "Most that the files of exports take up in all."),
    Setting(
        "BALLAST_FIELD_DATA_RATE",
        "1",
        "Share of page views whose browser reports how fast they were, from 0 (none) to 1 (all).",
    ),
    Setting("BALLAST_IMPORT_MB", "50", "How large a file may be that is uploaded to be imported."),
    Setting(
        "BALLAST_LLM_ANSWERS_DAYS",
        "30",
        "How long prompts and answers are kept word for word; the ledger of calls stays.",
    ),
    Setting("BALLAST_LLM_API_KEY", "none", "Key of the model endpoint."),
    Setting("BALLAST_LLM_BASE_URL", "none", "OpenAI-compatible endpoint; none: extractive."),
    Setting(
        "BALLAST_LLM_ENDPOINTS",
        "none",
        "File (TOML) with more endpoints, their models and prices; see `docs/gateway.md`.",
    ),
    Setting("BALLAST_LLM_MODEL", "none", "Model to ask the endpoint for."),
    Setting("BALLAST_METRICS_TOKEN", "none", "Bearer token of /metrics; none: this machine only."),
    Setting(
        "BALLAST_OWNER_DATABASE_URL",
        "DATABASE_URL",
        "Role that owns the tables: migrates them and makes the app's role. Needed by"
        " `flask db prepare` only.",
    ),
    Setting("BALLAST_PUBLIC_URL", "http://127.0.0.1:$PORT", "Address in mails."),
    Setting(
        "BALLAST_SEAL_KEYS",
        "seal-keys in the data folder",
        "Folder of the keys that sign checkpoints of audit logs, one `.pem` file each; see"
        " `docs/audit-proof.md`.",
    ),
    Setting(
        "BALLAST_SEAL_PUBLISH_FOLDER",
        "none",
        "Folder that gets a copy of checkpoints; best on another machine.",
    ),
    Setting("BALLAST_SEAL_PUBLISH_URL", "none", "Address to which checkpoints are posted."),
    Setting("BALLAST_SECRET_KEY", "made", "Signs cookies and cursors; 32 characters or more."),
    Setting("BALLAST_SMTP_HOST", "none", "Mail server; none: mail stays in the outbox page."),
    Setting("BALLAST_SMTP_PASSWORD", "none", "Password at the mail server."),
    Setting("BALLAST_SMTP_PORT", "587", "Port of the mail server."),
    Setting("BALLAST_SMTP_SENDER", "ballast@localhost", "Sender of mails."),
    Setting("BALLAST_SMTP_USER", "none", "User at the mail server; set: STARTTLS and log in."),
    Setting("BALLAST_TRUSTED_PROXIES", "0", "How many proxies in front set X-Forwarded-For."),
    Setting("BALLAST_WEB_WORKERS", "2", "Processes that answer requests."),
    Setting("DATABASE_URL", "embedded", "PostgreSQL 16 or newer; none: an embedded one."),
    Setting("PORT", "8000", "Port of the web server."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an installation may decide."""

    data_dir: Path
    database: DatabaseAddresses
    secret_key: str = field(repr=False)
    gateway: GatewaySettings
    mail: MailSettings
    seal: SealSettings
    exports: ExportSettings
    is_production: bool = False
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    web_workers: int = 2
    trusted_proxies: int = 0
    demo_password: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    field_data_rate: float = 1.0
    import_mb: int = 50
    quick_passwords: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings of the environment; raises `SettingsError` for what is wrong."""
        env = _Environment(os.environ if environment is None else environment)
        is_production = env.choice("BALLAST_ENV", ("development", "production")) == "production"
        data_dir = env.folder("BALLAST_DATA_DIR", ROOT / ".data")
        secret_key = _secret_key(env, data_dir, is_production=is_production)
        port = env.number("PORT", 8000, 1, 65_535)
        public_url = _public_url(env, port, is_production=is_production)
        return cls(
            data_dir=data_dir,
            database=_database(env, data_dir, secret_key, is_production=is_production),
            secret_key=secret_key,
            gateway=_gateway(env),
            mail=_mail(env),
            seal=_seal(env, data_dir, public_url, is_production=is_production),
            exports=_exports(env, data_dir),
            is_production=is_production,
            port=port,
            public_url=public_url,
            web_workers=env.number("BALLAST_WEB_WORKERS", 2, 1, 64),
            trusted_proxies=env.number("BALLAST_TRUSTED_PROXIES", 0, 0, 10),
            demo_password=env.text("BALLAST_DEMO_PASSWORD"),
            metrics_token=env.text("BALLAST_METRICS_TOKEN"),
            field_data_rate=env.share("BALLAST_FIELD_DATA_RATE", 1.0),
            import_mb=env.number("BALLAST_IMPORT_MB", 50, 1, 1_000),
        )


class _Environment:
    """Typed reading of environment variables; empty counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        return self.values.get(name, "").strip() or None

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name) or allowed[0]
        if value not in allowed:
            raise SettingsError(f"{name} is {value!r}; it may be {' or '.join(allowed)}.")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        is_number = value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
        if not is_number or not low <= int(value) <= high:
            shown = repr(value[:_SHOWN])
            raise SettingsError(f"{name} is {shown}; it must be a number from {low} to {high}.")
        return int(value)

    def share(self, name: str, default: float) -> float:
        value = self.text(name)
        if value is None:
            return default
        if not _SHARE.fullmatch(value):
            shown = repr(value[:_SHOWN])
            raise SettingsError(f"{name} is {shown}; it must be a number from 0 to 1, like 0.25.")
        return float(value)

    def web_address(self, name: str, default: str) -> str:
        value = self.text(name) or default
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            shown = repr(value[:_SHOWN])
            raise SettingsError(f"{name} is {shown}; it must look like https://ballast.example.")
        return value

    def folder(self, name: str, default: Path) -> Path:
        value = self.text(name)
        return Path(value).expanduser().absolute() if value else default


def _database(
    env: _Environment, data_dir: Path, secret_key: str, *, is_production: bool
) -> DatabaseAddresses:
    given, owner = env.text("DATABASE_URL"), env.text("BALLAST_OWNER_DATABASE_URL")
    if given is None:
        if is_production:
            raise SettingsError("Set DATABASE_URL: production does not run the embedded database.")
        return EmbeddedDatabase(EmbeddedPostgres.at(data_dir / "postgres"), secret_key)
    url = _psycopg_url(given, "DATABASE_URL")
    if owner is None:
        return GivenDatabase(url, app_role_url(url, secret_key))
    return GivenDatabase(_psycopg_url(owner, "BALLAST_OWNER_DATABASE_URL"), url)


def _psycopg_url(value: str, name: str) -> str:
    scheme, _, rest = value.partition("://")
    url = f"postgresql+psycopg://{rest}"
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg") or not _names_database(url):
        # The value itself is not repeated: it holds a password.
        raise SettingsError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return url


def _names_database(url: str) -> bool:
    try:
        return bool(make_url(url).database)
    except (ArgumentError, ValueError):
        return False


def _public_url(env: _Environment, port: int, *, is_production: bool) -> str:
    url = env.web_address("BALLAST_PUBLIC_URL", f"http://127.0.0.1:{port}")
    if is_production and not url.startswith("https://"):
        raise SettingsError(
            "Set BALLAST_PUBLIC_URL to the https address of this installation: mails link to it."
        )
    return url


def _secret_key(env: _Environment, data_dir: Path, *, is_production: bool) -> str:
    given = env.text("BALLAST_SECRET_KEY")
    if given is not None:
        if len(given) < MIN_SECRET_LENGTH:
            raise SettingsError(f"BALLAST_SECRET_KEY needs {MIN_SECRET_LENGTH} characters or more.")
        return given
    if is_production:
        raise SettingsError(
            "Set BALLAST_SECRET_KEY: in production no secret has a default."
            ' Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return kept_secret(data_dir, "secret-key")


def kept_secret(data_dir: Path, name: str, length: int = 48) -> str:
    """Return a secret of this installation, made at first use and kept in a private file."""
    path = data_dir / name
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _read_secret(path)
        secret = secrets.token_urlsafe(length)[:length]
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secret)
    except OSError as error:
        raise SettingsError(
            f"The data folder {data_dir} cannot be used: {error.strerror}. Set BALLAST_DATA_DIR."
        ) from error
    return secret


def _read_secret(path: Path) -> str:
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        # The disk was full when it was made; an empty key would sign nothing.
        raise SettingsError(f"The file {path} is empty. Delete it; the next start makes another.")
    return secret


def _gateway(env: _Environment) -> GatewaySettings:
    base_url, model = env.text("BALLAST_LLM_BASE_URL"), env.text("BALLAST_LLM_MODEL")
    if base_url is not None and model is None:
        raise SettingsError("BALLAST_LLM_BASE_URL is set; set BALLAST_LLM_MODEL to a model of it.")
    if base_url is not None:
        try:
            read_address("BALLAST_LLM_BASE_URL", base_url, "BALLAST_LLM_API_KEY")
        except EndpointFileError as error:
            raise SettingsError(str(error)) from error
    file = _endpoint_file(env)
    if base_url is not None and any(one.name == DEFAULT_NAME for one in file.endpoints):
        raise SettingsError(
            f"BALLAST_LLM_BASE_URL makes an endpoint called {DEFAULT_NAME}, and the file of"
            " BALLAST_LLM_ENDPOINTS has one of that name: rename it, or leave out one of them."
        )
    return GatewaySettings(
        base_url=base_url,
        api_key=env.text("BALLAST_LLM_API_KEY"),
        model=model,
        named=file.endpoints,
        currency=file.currency or "EUR",
        answers_days=env.number("BALLAST_LLM_ANSWERS_DAYS", 30, 1, 3_650),
    )


def _endpoint_file(env: _Environment) -> EndpointFile:
    path = env.text("BALLAST_LLM_ENDPOINTS")
    if path is None:
        return EndpointFile((), None)
    try:
        return read_endpoint_file(Path(path).expanduser().absolute(), env.values)
    except EndpointFileError as error:
        raise SettingsError(f"BALLAST_LLM_ENDPOINTS: {error}") from error


def _mail(env: _Environment) -> MailSettings:
    return MailSettings(
        host=env.text("BALLAST_SMTP_HOST"),
        port=env.number("BALLAST_SMTP_PORT", 587, 1, 65_535),
        user=env.text("BALLAST_SMTP_USER"),
        password=env.text("BALLAST_SMTP_PASSWORD"),
        sender=env.text("BALLAST_SMTP_SENDER") or "ballast@localhost",
    )


def _exports(env: _Environment, data_dir: Path) -> ExportSettings:
    return ExportSettings(
        folder=env.folder("BALLAST_EXPORTS_DIR", data_dir / "exports"),
        max_bytes=env.number("BALLAST_EXPORTS_MB", 20_000, 10, 100_000_000) * 1024**2,
        kept=timedelta(hours=env.number("BALLAST_EXPORTS_HOURS", 24, 1, 24 * 30)),
    )


def _seal(
    env: _Environment, data_dir: Path, public_url: str, *, is_production: bool
) -> SealSettings:
    folder = env.text("BALLAST_SEAL_PUBLISH_FOLDER")
    url = env.text("BALLAST_SEAL_PUBLISH_URL")
    return SealSettings(
        host=urlsplit(public_url).netloc,
        keys=env.folder("BALLAST_SEAL_KEYS", data_dir / "seal-keys"),
        makes_key=not is_production,
        publish_folder=Path(folder).expanduser().absolute() if folder else None,
        publish_url=env.web_address("BALLAST_SEAL_PUBLISH_URL", "") if url else None,
    )
