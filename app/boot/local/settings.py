"""The server's settings: for two cores and a person who waits for a page."""

from pathlib import Path

from app.boot.local.place import Place
from app.boot.local.socket_folder import PORT

ACCESS_RULES = """\
# Written at each start. Whoever reaches the socket still has to know a password.
local all all scram-sha-256
"""

_WORKING_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "autovacuum": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_lock_waits": "on",
}

# For tests only: a power cut may lose everything, a crash of the server alone does not.
_FORGETFUL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def write_settings(place: Place, socket_folder: Path, *, durable: bool) -> None:
    """Write the server's configuration and its access rules for the next start."""
    settings = _WORKING_SETTINGS | {
        "data_directory": str(place.cluster),
        "hba_file": str(place.access_rules),
        "ident_file": str(place.cluster / "pg_ident.conf"),
        "unix_socket_directories": str(socket_folder),
    }
    if not durable:
        settings |= _FORGETFUL_SETTINGS
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    # What initdb found out about this machine comes first, so that the lines below win.
    found_out = f"include = {_quoted(str(place.cluster / 'postgresql.conf'))}"
    text = "\n".join(["# Written at each start.", found_out, *lines, ""])
    _write_readable(place.settings, text)
    _write_readable(place.access_rules, ACCESS_RULES)


def _quoted(value: str) -> str:
    # PostgreSQL reads backslashes inside quotes as escapes.
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _write_readable(path: Path, text: str) -> None:
    # Replaced rather than rewritten: root may have made the file that its user now renews.
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text)
    # The server's account may be another than ours, and neither file holds a secret.
    draft.chmod(0o644)
    draft.replace(path)
