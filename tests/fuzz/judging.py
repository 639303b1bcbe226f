"""One question, asked at every door, and every answer compared with the oracle's."""

import csv
import datetime as dt
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from app.audit.collection import AUDIT_LOG
from app.audit.facets import facets
from app.audit.histogram import histogram
from app.kernel import clock
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import count_matching
from app.kernel.query_language.query import Query, parse
from tests.fuzz.asking import Part, Question
from tests.fuzz.oracle import Oracle
from tests.fuzz.programs import Program
from tests.support.browser import Visitor
from tests.support.worlds import World

PAGES = 3
SHOWN = 3


class Judge:
    """Asks the tenant's log what the oracle was asked, and yields what is wrong."""

    def __init__(
        self,
        world: World,
        oracle: Oracle,
        zone: ZoneInfo,
        until: dt.datetime,
        counted: Counter[str],
    ) -> None:
        self.world, self.oracle, self.zone, self.counted = world, oracle, zone, counted
        self._program = Program(world)
        self._owner: Visitor | None = None
        # All that was told is before this moment, and all that the app says of itself behind it.
        self._bound = Part("created", f"{until:%Y-%m-%dT%H:%M:%S}Z", sign="<")

    def bounded(self, question: Question) -> Question:
        """Return the question about what was told alone, without what the app wrote itself."""
        text = f"{question.text} created:<{self._bound.value}"
        return Question((*question.parts, self._bound), text)

    def list_of(self, question: Question, size: int, *, rising: bool) -> Iterator[str]:
        """Compare the first pages of the API's list."""
        before = self._answer(question)
        order = "oldest" if rising else "newest"
        told: list[str] = []
        asked = {"q": question.text, "order": order, "size": str(size)}
        pages = list(self._program.pages(PAGES, **asked))
        for events, _is_last in pages:
            told += [event["id"] for event in events if "received_from" in event]
        is_last = pages[-1][1]
        if before != self._answer(question):
            self.counted["the clock moved an edge"] += 1
            return
        expected = self.oracle.ids(before, rising=rising)
        # One more than was told, unless the list goes on.
        some = [str(ident) for ident in itertools.islice(expected, len(told) + is_last)]
        self.counted["lists to their end" if is_last else "beginnings of lists"] += 1
        if told != some:
            yield _difference("list", question, told, some)

    def counts_of(self, question: Question) -> Iterator[str]:
        """Compare the number over the list, the bars and the facets; the question is bounded."""
        query = parse(question.text, AUDIT_LOG.fields)
        if query.errors:
            yield f"{question.text!r} is refused: {query.errors[0].sentence}"
            return
        moment = Moment(clock.now(), self.zone)
        found = question.answer(self.oracle, moment.now, self.zone)
        with self.world.session():
            yield from self._count(question, query, moment, found.bit_count())
            yield from self._bars(question, query, moment, found)
            yield from self._facets(question, query, moment)

    def page_of(self, question: Question) -> Iterator[str]:
        """Compare the rows of the page, which is checked in every other way on the way."""
        self._owner = self._owner or self.world.as_person("owner")
        path = f"{self.world.path}/audit-log"
        page = self._owner.get(path, query_string={"q": question.text})
        found = question.answer(self.oracle, clock.now(), self.zone)
        shown = [row for row in page.rows if len(row) > 1]
        # Where too much would have to be looked at, it says so, and leads on.
        is_whole = (
            "Look further" not in page.links and "not all is looked through" not in page.words
        )
        self.counted["pages" if is_whole else "pages that lead on"] += 1
        if is_whole and len(shown) != min(50, found.bit_count()):
            yield f"page {question.text!r}: {len(shown)} rows, {found.bit_count()} events"

    def file_of(self, question: Question) -> Iterator[str]:
        """Compare the file of an export that is made at once."""
        self._owner = self._owner or self.world.as_person("owner")
        values = {"q": question.text, "form": "csv", "csrf_token": self._owner.token()}
        address = f"{self.world.path}/audit-log/exports/new"
        answer = self._owner.client.post(address, data=values, buffered=True)
        if answer.mimetype != "text/csv":
            self.counted["exports left to the worker"] += 1
            return
        rows = csv.DictReader(io.StringIO(answer.text, newline=""), strict=True)
        told = [row["id"] for row in rows if row["received_from"]]
        expected = [str(ident) for ident in self.oracle.ids(self._answer(question), rising=False)]
        self.counted["exports"] += 1
        if told != expected:
            yield _difference("export", question, told, expected)

    def _count(
        self, question: Question, query: Query, moment: Moment, expected: int
    ) -> Iterator[str]:
        count = count_matching(AUDIT_LOG, query, moment)
        self.counted["counts" if count else "counts not known"] += 1
        if count is not None and count.value != expected:
            yield f"count {question.text!r}: {count.value}, and not {expected}"

    def _bars(self, question: Question, query: Query, moment: Moment, found: int) -> Iterator[str]:
        drawn = histogram(query, moment)
        if drawn is not None and not drawn.is_exact:
            self.counted["bars estimated"] += 1
            return
        self.counted["bars"] += 1
        total = drawn.total if drawn else 0
        if total != found.bit_count():
            yield f"bars {question.text!r}: {total}, and not {found.bit_count()}"
        for bar in drawn.buckets if drawn else ():
            inside = (found & self.oracle.between(bar.start, bar.end)).bit_count()
            if bar.count != inside:
                yield f"bar {question.text!r} at {bar.start}: {bar.count}, and not {inside}"
                return

    def _facets(self, question: Question, query: Query, moment: Moment) -> Iterator[str]:
        for facet in facets(query, moment).facets:
            if not facet.is_exact:
                self.counted["facets estimated"] += 1
                continue
            self.counted["facets"] += 1
            kept = tuple(p for p in question.parts if p.key != facet.key or p.negated)
            among = Question(kept, "").answer(self.oracle, moment.now, self.zone)
            for value in facet.values:
                expected = (among & self._with(facet.key, value.value)).bit_count()
                if value.count != expected:
                    words = f"{facet.key}:{value.value}: {value.count}, and not {expected}"
                    yield f"facet {question.text!r} {words}"

    def _with(self, key: str, value: str) -> int:
        events = self.oracle.equal_to(key, value)
        if key == "action":
            longer = (each for each in self.oracle.vocabulary(key) if each != value)
            for each in longer:
                if each.startswith(value):
                    events &= ~self.oracle.equal_to(key, each)
        return events

    def _answer(self, question: Question) -> int:
        return question.answer(self.oracle, clock.now(), self.zone)


def _difference(door: str, question: Question, told: list[str], expected: list[str]) -> str:
    more = [ident for ident in told if ident not in set(expected)]
    fewer = [ident for ident in expected if ident not in set(told)]
    return (
        f"{door} {question.text!r}: {len(told)} of {len(expected)},"
        f" too many {more[:SHOWN]}, missing {fewer[:SHOWN]}"
    )
