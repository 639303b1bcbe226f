"""One bench: a log of so many events in an installation of its own, and everything measured."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg
from flask import Flask

from app.boot.database_addresses import psycopg_address
from app.identity.roles import Role
from app.kernel.database import Scope, unit_of_work
from app.kernel.routing import DATABASE, database
from tests.bench.cases import Case, make_cases
from tests.bench.cast import tenant_id
from tests.bench.exporting import measure_export
from tests.bench.floors import floor_table, floor_writer
from tests.bench.load import load_events
from tests.bench.loop import measure, summarise
from tests.bench.machine import MemoryWatch, database_mb, describe_machine
from tests.bench.readers import HandWritten, Reader
from tests.bench.writers import (
    BATCH,
    Program,
    made_events,
    make_program,
    time_to_searchable,
    writer,
)
from tests.factories.identity import PASSWORD, AccountFactory, MembershipFactory
from tests.support.installation import Installation, installed
from tests.support.wire import Person, Wire

CONNECTIONS = (1, 8)
WRITERS = 4
LOOKED_FOR = 20
EVENTS_MADE = 5_000
QUIET_TENANT = 9
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a bench does: events in the log, and seconds for each measurement."""

    rows: int
    seconds: float


def bench(scale: Scale) -> Json:
    """Load a log, measure, and return what came out, as JSON."""
    with installed() as installation:
        started = time.monotonic()
        _say(f"loading {scale.rows:,} events")
        load_events(installation.addresses.for_owner(), scale.rows)
        loaded = time.monotonic() - started
        app = installation.make_app()
        email = _make_reader(app)
        programs = [make_program(app, installation.port, n) for n in range(WRITERS)]
        quiet_email = _make_reader(app, QUIET_TENANT)
        installation.start()
        with installation.connect() as connection, MemoryWatch(installation) as memory:
            result: Json = {"rows": scale.rows, "load_seconds": round(loaded, 1)}
            result["machine"] = describe_machine(connection)
            result["disk_mb"] = database_mb(connection)
            (largest,) = connection.execute(
                "SELECT size FROM audit_heads WHERE tenant_id = %s", (tenant_id(0),)
            ).fetchone()
            result["largest_tenant"] = largest
            bench_of = _Bench(installation, app, connection, scale)
            person = _sign_in(installation, email)
            _say("sealing what was loaded")
            # The worker would be busy with it all the while.
            result["load_sealed_seconds"] = bench_of.until_sealed()
            result["reading"] = bench_of.reading(person)
            result["writing"] = bench_of.writing(programs)
            result["neighbour"] = bench_of.neighbour(programs, _sign_in(installation, quiet_email))
            result["export"] = measure_export(installation, connection, person, "tenant-0")
        result["memory"] = memory.as_json()
        app.extensions[DATABASE].engine.dispose()
    return result


class _Bench:
    """The measurements on a log that is loaded."""

    def __init__(
        self, installation: Installation, app: Flask, connection: psycopg.Connection, scale: Scale
    ) -> None:
        self.installation, self.app, self.connection = installation, app, connection
        self.seconds, self.rows = scale.seconds, scale.rows
        self.events = made_events(EVENTS_MADE)
        self.address = psycopg_address(installation.addresses.for_app())

    def reading(self, person: Person) -> list[Json]:
        """Measure each case on the page, and by hand beside it."""
        largest = tenant_id(0)
        pages = Reader(self.app, person, "tenant-0", self.installation.port)
        by_hand = HandWritten(self.address, largest)
        cases = make_cases(self.connection, largest, self.rows)
        return [self._read(case, pages, by_hand) for case in cases]

    def writing(self, programs: list[Program]) -> Json:
        """Measure ingestion by one and four senders, and how soon an event is found."""
        _say("ingestion")
        same = [_beside(programs[0], self.installation.port) for _ in range(WRITERS)]
        found: Json = {
            "1 writer, batches": self._write(programs[:1], BATCH),
            "4 writers, batches": self._write(programs, BATCH),
            "4 writers of one tenant, batches": self._write(same, BATCH),
            "1 writer, single": self._write(programs[:1], 1),
            "4 writers, single": self._write(programs, 1),
        }
        times = [time_to_searchable(programs[0], self.events[n]) for n in range(LOOKED_FOR)]
        found["time to searchable"] = summarise([times]).as_json()
        found["seconds until sealed"] = self.until_sealed()
        return found | self._writing_floor()

    def neighbour(self, programs: list[Program], person: Person) -> Json:
        """Measure the page of a small tenant alone, and while the largest is written to."""
        _say("noisy neighbour")
        reader = Reader(self.app, person, f"tenant-{QUIET_TENANT}", self.installation.port)
        case = make_cases(self.connection, tenant_id(QUIET_TENANT), self.rows)[0]
        alone = measure([reader.caller(case)], self.seconds)
        noisy = [_beside(programs[0], self.installation.port) for _ in range(WRITERS)]
        sending = [writer(program, self.events, BATCH) for program in noisy]
        reading = reader.caller(case)
        beside = _measure_beside(reading, sending, self.seconds)
        return {"alone": alone.as_json(), "beside": beside, "ratio_p95": _ratio(beside, alone.p95)}

    def _read(self, case: Case, pages: Reader, by_hand: HandWritten) -> Json:
        _say(case.name)
        found: Json = {"case": case.name, "target_ms": case.target_ms}
        for number in CONNECTIONS:
            callers = [pages.caller(case, n) for n in range(number)]
            found[f"page, {number}"] = measure(callers, self.seconds).as_json()
            hands = [by_hand.caller(case, n) for n in range(number)]
            found[f"floor, {number}"] = measure(hands, self.seconds / 2).as_json()
        return found

    def _write(self, programs: list[Program], batch: int) -> Json:
        return self._sent([writer(program, self.events, batch) for program in programs], batch)

    def _sent(self, callers: list[Callable[[], None]], batch: int) -> Json:
        measured = measure(callers, self.seconds)
        return measured.as_json() | {"events_per_second": round(measured.per_second * batch)}

    def _writing_floor(self) -> Json:
        role = str(psycopg.conninfo.conninfo_to_dict(self.address)["user"])
        found: Json = {}
        for number in (1, WRITERS):
            with floor_table(self.connection, role):
                callers = [floor_writer(self.address, n, BATCH) for n in range(number)]
                name = f"floor: {number} writer{'s' * (number > 1)}, batches"
                found[name] = self._sent(callers, BATCH)
        return found

    def until_sealed(self) -> float | None:
        """Wait until every event is sealed; return the seconds, None when it takes too long."""
        behind = (
            "SELECT coalesce(sum(h.size - coalesce(c.size, 0)), 0) FROM audit_heads h"
            " LEFT JOIN (SELECT tenant_id, max(size) AS size FROM audit_checkpoints"
            " GROUP BY tenant_id) c USING (tenant_id)"
        )

        def is_sealed() -> bool:
            return self.connection.execute(behind).fetchone()[0] == 0

        waited = self.installation.wait_for(is_sealed, 600)
        return None if waited is None else round(waited, 1)


def _measure_beside(reading, sending, seconds: float) -> dict[str, float]:
    """Measure one caller while others call as fast as they can."""
    times: list[float] = []

    def timed() -> None:
        started = time.perf_counter()
        reading()
        times.append(time.perf_counter() - started)

    measure([timed, *sending], seconds)
    return summarise([times[3:]]).as_json()


def _ratio(beside: dict[str, float], alone_ms: float) -> float:
    return round(beside["p95_ms"] / alone_ms, 2)


def _beside(program: Program, port: int) -> Program:
    """Return the same program on a connection of its own."""
    return Program(Wire(port), program.key)


def _make_reader(app: Flask, number: int = 0) -> str:
    """Make an owner of a tenant; return the address they sign in with."""
    tenant: UUID = tenant_id(number)
    email = f"reader@tenant-{number}.example"
    with app.app_context(), database().session(Scope(tenant)), unit_of_work():
        account = AccountFactory(name="Reader", email=email)
        MembershipFactory(tenant_id=tenant, account=account, role=Role.OWNER.value)
    return email


def _sign_in(installation: Installation, email: str) -> Person:
    person = Person(Wire(installation.port))
    person.sign_in(email, PASSWORD)
    return person


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
