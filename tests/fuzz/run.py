"""One run: events as they should be and as they should not, then questions, then the whole log."""

import datetime as dt
import io
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.keys import load_keys
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.rounds import seal_round
from app.audit.proof.settings import seal_settings
from app.audit.proof.verifier.program import question as asked_of_verifier
from app.audit.proof.verifier.program import verify
from app.audit.rollups.drift import find_drift
from app.kernel import clock
from app.tenancy.service import update_settings
from tests.fuzz import hostile
from tests.fuzz.asking import Question, questions
from tests.fuzz.judging import Judge
from tests.fuzz.oracle import Oracle
from tests.fuzz.programs import Program
from tests.fuzz.sending import Door, unique
from tests.fuzz.told import Teller
from tests.support.installation import installed
from tests.support.worlds import make_world

# Days of this zone are not those of UTC, and change their length twice a year.
ZONE = ZoneInfo("America/New_York")
HOSTILE_SHARE, NEIGHBOUR_SHARE, BODY_SHARE = 0.2, 0.1, 0.1
SENT_AT_ONCE, LONG_EVERY = 8, 500
# A strategy that has been asked too often slows down, so each gets this many.
AT_ONCE = 1_000
MOST_FINDINGS = 50
PAGE_EVERY, FILE_EVERY, NONSENSE_EVERY, SAID_EVERY = 40, 60, 8, 500


@dataclass
class Tally:
    """What a run came to; `wrong` is everything that should not be."""

    counted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, findings: Iterable[str]) -> None:
        """Keep what is wrong, as far as there is room for it; count all of it."""
        try:
            for one in findings:
                self._keep(one)
        except Exception as error:  # noqa: BLE001  whatever breaks is a finding, and the run goes on
            self._keep(f"{type(error).__name__}: {str(error)[:800]}")

    def _keep(self, finding: str) -> None:
        self.counted["WRONG"] += 1
        if len(self.wrong) < MOST_FINDINGS:
            self.wrong.append(finding)
            sys.stderr.write(f"WRONG: {finding}\n")

    def add(self, other: "Tally") -> None:
        """Count what another run came to as well."""
        self.counted.update(other.counted)
        self.wrong += other.wrong

    def table(self) -> str:
        """Return the run as text."""
        width = max(map(len, self.counted), default=0)
        lines = [f"{name:{width}} {n:10,}" for name, n in sorted(self.counted.items())]
        return "\n".join([*lines, *(f"NOT AS IT SHOULD BE: {one}" for one in self.wrong)])


class Fuzz:
    """A run in an app whose database is fresh."""

    def __init__(self, app: Flask, number: int) -> None:
        self.app, self.tally, self._seed = app, Tally(), number
        self.world, self.neighbour = make_world(app, "Alder"), make_world(app, "Birch")
        with self.world.session():
            update_settings(self.world.actor("owner"), name="Alder", time_zone=ZONE.key)
        self.until = clock.now().replace(microsecond=0) - dt.timedelta(hours=1)
        self._chance = random.Random(number)  # noqa: S311  repeatable

    def send(self, events: int) -> Oracle:
        """Send events, a part of them hostile; return the oracle of what the tenant was told."""
        teller = Teller(self._seed, self.until)
        told = [teller.tell() for _ in range(int(events * (1 - HOSTILE_SHARE)))]
        near = int(len(told) * NEIGHBOUR_SHARE)
        Program(self.neighbour).tell(told[:near])
        Program(self.world).tell(told[near:])
        self.tally.counted["events as they should be"] = len(told)
        self.say(f"{len(told):,} of {events:,} events sent")
        self._be_hostile(Door(Program(self.neighbour), self.tally.counted), events - len(told))
        return Oracle(told[near:])

    def ask(self, oracle: Oracle, number: int) -> None:
        """Ask questions of the tenant's log, and some that are none."""
        until = self.until + dt.timedelta(seconds=1)
        judge = Judge(self.world, oracle, ZONE, until, self.tally.counted)
        program = Program(self.world)

        def ask_one(question: Question, text: str, size: int, *, rising: bool) -> None:
            self.tally.counted["questions"] += 1
            asked = self.tally.counted["questions"]
            self.tally.note(self._judge(judge, question, asked, size, rising=rising))
            if asked % NONSENSE_EVERY == 0:
                self.tally.note(self._nonsense(program, text))
            if asked % SAID_EVERY == 0:
                self.say(f"{asked:,} of {number:,} questions asked")

        texts = hostile.TEXT | st.lists(_PIECES, max_size=20).map("".join)
        sizes = st.sampled_from([1, 2, 7, 50, 100, 500])
        self._repeat(number, ask_one, questions(oracle, self.until), texts, sizes, st.booleans())

    def check_whole_log(self) -> None:
        """Compare the counts with the log, and let the verifier read all of it."""
        for world in (self.world, self.neighbour):
            with self.app.app_context():
                seal_round([world.tenant.id])
            with world.session():
                self.tally.note(f"count: {one}" for one in find_drift())
                self.tally.note(_verified())

    def say(self, words: str) -> None:
        """Tell how far the run is."""
        sys.stderr.write(f"seed {self._seed}: {words}\n")

    def _be_hostile(self, door: Door, events: int) -> None:
        sent = 0

        def send_some(some: list[object]) -> None:
            nonlocal sent
            sent += len(some)
            self.tally.note(door.try_events([unique(event) for event in some]))

        def send_body(drawn: tuple[bytes, dict[str, str]]) -> None:
            nonlocal sent
            sent += 1
            self.tally.note(door.try_body(*drawn))

        batches = st.lists(hostile.events(), min_size=1, max_size=SENT_AT_ONCE)
        while sent < events * (1 - BODY_SHARE):
            self._repeat(max(1, min(AT_ONCE, (events - sent) // SENT_AT_ONCE)), send_some, batches)
            self.say(f"{sent:,} of {events:,} hostile events sent")
        self._repeat(max(1, events - sent), send_body, hostile.bodies())
        for _ in range(max(1, events // LONG_EVERY)):
            body = self._chance.choice(hostile.LONG_BODIES)(hostile.good_text())
            self.tally.note(door.try_body(body.encode(), {"Content-Type": "application/json"}))
        self.tally.counted["hostile events and bodies"] = sent

    def _judge(
        self, judge: Judge, question: Question, number: int, size: int, *, rising: bool
    ) -> Iterator[str]:
        bounded = judge.bounded(question)
        yield from judge.list_of(bounded if number % 2 else question, size, rising=rising)
        yield from judge.counts_of(bounded)
        if number % PAGE_EVERY == 0:
            yield from judge.page_of(bounded)
        if number % FILE_EVERY == 0:
            yield from judge.file_of(bounded)

    def _nonsense(self, program: Program, text: str) -> Iterator[str]:
        storable = text.encode("utf-8", "replace").decode()
        answer = program.get(q=storable, size="3")
        self.tally.counted[f"nonsense {answer.status_code}"] += 1
        if answer.status_code not in (200, 422):
            yield f"{answer.status_code} for the query {ascii(text)[:300]}"

    def _repeat(self, times: int, act: Callable[..., None], *drawn: st.SearchStrategy) -> None:
        """Call with so many draws of the strategies, different ones for each seed."""
        while times > 0:
            some = min(times, AT_ONCE)
            often = settings(
                max_examples=some,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )

            @seed(self._chance.getrandbits(64))
            @often
            @given(st.tuples(*drawn))
            def one(values: tuple) -> None:
                *positional, last = values
                if isinstance(last, bool):
                    act(*positional, rising=last)
                else:
                    act(*values)

            one()
            times -= some


_PIECES = st.sampled_from(
    [
        *(
            "actor:",
            "action:",
            "ip:",
            "created:",
            "outcome:",
            "target:",
            "session:",
            "target_type:",
        ),
        *('"', "\\", ",", "-", ":", " ", "..", ">=", "<", "now", "2026-11-01", "24h", "10.0.0.1/8"),
        *("failure", "\x1f", "\u2028", "\n", "*", "2999-12-31", "1970-01-01", "0.0.0.0/0", "::/0"),
        *("99999w", "36500d", "T24:00", "+99:99", "&", "|", "!", "<->", "'", "a" * 300, "日本"),
    ]
)


def _verified() -> Iterator[str]:
    newest = find_last_checkpoint()
    if newest is None:
        yield "nothing is sealed"
        return
    out = io.BytesIO()
    keys = load_keys(seal_settings().keys)
    write_pack(out, PackOrder(clock.now(), "https://ballast.example"), newest, keys)
    with TemporaryDirectory() as folder:
        pack = Path(folder) / "pack.zip"
        pack.write_bytes(out.getvalue())
        report = verify(asked_of_verifier(pack, [], [], []))
    if report.exit_code:
        yield f"the verifier says: {str(report)[:1_500]}"


def run(app: Flask, number: int, *, events: int, asked: int) -> Tally:
    """Send so many events, ask so many questions; return what it came to, broken off or not."""
    fuzz = Fuzz(app, number)
    try:
        oracle = fuzz.send(events)
        fuzz.ask(oracle, asked)
        fuzz.say("reading the whole log")
        fuzz.check_whole_log()
    except KeyboardInterrupt:
        fuzz.tally.note(["broken off before its end"])
    return fuzz.tally


def run_alone(number: int, events: int, asked: int) -> Tally:
    """Do the same in an installation of its own."""
    with installed() as installation:
        app = installation.make_app()
        # A line for each request would hide what is found.
        logging.getLogger("ballast.request").setLevel(logging.WARNING)
        return run(app, number, events=events, asked=asked)
