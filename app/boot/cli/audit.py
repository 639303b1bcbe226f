"""`flask audit`: the group of the log, with the commands of its seal and of its counts."""

from app.audit.cli import audit_cli
from app.audit.proof.cli import add_commands
from app.audit.rollups.cli import add_command

add_commands(audit_cli)
add_command(audit_cli)

__all__ = ["audit_cli"]
