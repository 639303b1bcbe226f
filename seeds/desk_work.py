"""What people have done with the log: views they keep, a file brought in, a file taken out.

As with summaries nothing is written by hand: the commands are those of anybody, so the traces of
this work are in the log, too.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.audit.collection import AUDIT_LOG
from app.audit.exports.models import ExportForm
from app.audit.exports.requesting import ask_for_export
from app.audit.ingest.imports.running import run
from app.audit.ingest.imports.service import upload_file
from app.audit.ingest.imports.starting import start_import
from app.audit.views.service import Asked, create_view
from app.identity.queries.actors import load_actor
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment
from app.kernel.database import Scope
from app.kernel.query_language.query import parse
from app.kernel.routing import database
from app.tenancy.queries import find_tenant
from seeds.summaries import account_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A view that somebody keeps, for all who read the log or for themselves."""

    owner: str
    name: str
    query: str
    columns: str = ""
    is_shared: bool = True


VIEWS = {
    "alder": (
        Kept(
            "owner@alder.example",
            "Failed sign-ins",
            "action:session.started outcome:failure",
            "actor,action,outcome,ip",
        ),
        Kept("owner@alder.example", "Access changes", "action:member,api_key,invitation"),
        Kept("admin@alder.example", "Files taken out", "action:audit_event.exported created:90d"),
        Kept(
            "owner@alder.example",
            "Night in Tomas Ek’s account",
            "ip:198.51.100.7",
            is_shared=False,
        ),
        Kept("analyst@alder.example", "Denied", "outcome:denied", is_shared=False),
    ),
    "birch": (
        Kept("owner@birch.example", "Tariffs", "action:tariff"),
        Kept("owner@birch.example", "Imports that failed", "actor:meter-gateway outcome:failure"),
    ),
}
EXPORT = ("owner@alder.example", "outcome:failure created:30d")
DOORS = "doors.csv"


def work_at_the_desk() -> None:
    """Keep views, bring in the log of the doors, and take a file out. Needs an app context."""
    for slug, views in VIEWS.items():
        with database().session():
            tenant = find_tenant(slug)
        if tenant is None:
            raise RuntimeError(f"Load the demonstration first: {slug} is missing.")
        with database().session(Scope(tenant.id)):
            for view in views:
                asked = Asked(view.query, view.columns)
                create_view(_person(view.owner), asked, name=view.name, is_shared=view.is_shared)
            if slug == "alder":
                _bring_in_doors(_person("owner@alder.example"))
                _take_out_failures(tenant.zone)


def _bring_in_doors(actor: Actor) -> None:
    import_id = upload_file(actor, DOORS, [_doors(clock.now()).encode()])
    start_import(actor, import_id)
    # The worker finds it done and leaves it alone.
    run(actor, str(import_id))


def _take_out_failures(zone: ZoneInfo) -> None:
    email, query = EXPORT
    moment = Moment(clock.now(), zone)
    ask_for_export(_person(email), parse(query, AUDIT_LOG.fields), ExportForm.CSV, moment)


def _person(email: str) -> Actor:
    return load_actor(account_of(email))


def _doors(now: dt.datetime) -> str:
    """Return what the door controller of the medicine rooms wrote, two lines of it broken."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["timestamp", "event", "user_id", "user_name", "target", "result"])
    table.writerows(_door_lines(now))
    return file.getvalue()


def _door_lines(now: dt.datetime) -> Iterator[list[str]]:
    holders = ("Dr. Henning Dahl", "Elin Sandberg", "Leif Aronsson", "Emil Sjöberg")
    for number in range(36):
        at = now - dt.timedelta(days=3) + dt.timedelta(minutes=97 * number)
        name = holders[number * 7 % len(holders)]
        stamp = "clock not set" if number in (11, 12) else at.isoformat(timespec="seconds")
        result = "denied" if number in (8, 21, 30) else "success"
        badge = f"badge-{4_100 + number * 7 % len(holders)}"
        yield [stamp, "opened", badge, name, f"Medicine room {1 + number % 3}", result]
