"""A process that makes an export, slowly and in small parts, so that it can be killed at work."""

import os
import sys
import time
from pathlib import Path
from uuid import UUID

from app import create_app
from app.audit.exports import making, parts
from app.audit.exports.making import make_export
from app.audit.exports.settings import ExportSettings
from app.audit.proof.settings import SealSettings
from app.boot.database_addresses import GivenDatabase
from app.boot.settings import Settings
from app.gateway.settings import GatewaySettings
from app.identity.queries.actors import load_actor
from app.kernel.database import Scope
from app.kernel.mail import MailSettings
from app.kernel.routing import database
from tests.support.databases import SECRET

PAUSE_S = 0.03


def main() -> None:
    """Make the export that the arguments name: data folder, tenant, account, export."""
    folder, tenant, account, export = sys.argv[1:]
    url = os.environ["DATABASE_URL"]
    settings = Settings(
        data_dir=Path(folder),
        database=GivenDatabase(url, url),
        secret_key=SECRET,
        gateway=GatewaySettings(),
        mail=MailSettings(None, 587, None, None, "ballast@localhost"),
        seal=SealSettings("ballast.example", Path(folder) / "seal-keys"),
        exports=ExportSettings(Path(folder) / "exports"),
    )
    copy_rows = making.copy_rows

    def copy_slowly(*arguments):
        count = copy_rows(*arguments)
        time.sleep(PAUSE_S)
        return count

    making.copy_rows = copy_slowly
    parts.EVENTS_A_PART = 5
    with create_app(settings).app_context(), database().session(Scope(UUID(tenant))):
        print("begins", flush=True)  # noqa: T201  its parent waits for this
        make_export(load_actor(UUID(account)), export)


if __name__ == "__main__":
    main()
