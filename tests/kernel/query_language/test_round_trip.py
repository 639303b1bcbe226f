from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.kernel.query_language.query import parse
from app.kernel.query_language.terms import Field, Kind, Operator, Term
from app.kernel.query_language.times import window

FIELDS = (
    Field("actor", "Actor", Kind.TEXT),
    Field("action", "Action", Kind.PREFIX),
    Field("outcome", "Outcome", Kind.CHOICE, ("success", "failure", "two words", "a,b")),
    Field("ip", "IP address", Kind.IP),
    Field("created", "Time", Kind.TIME),
)
NOW = datetime(2026, 11, 22, 14, 31, tzinfo=UTC)

# Moderate on purpose: the suite is run all day, and what fails here fails early.
moderately = settings(max_examples=80, deadline=None, database=None)

AWKWARD = st.sampled_from(list('"\\,:-<>=.* a\u00a0é日'))
SEARCHABLE = st.characters(exclude_categories=["Cc", "Cs"])
SAID = st.text(AWKWARD | SEARCHABLE, min_size=1, max_size=8).map(str.strip).filter(bool)
PREFIXES = SAID.filter(lambda text: not text.endswith("*"))
COMPARABLE = st.one_of(
    st.dates(datetime(1970, 1, 2, tzinfo=UTC).date(), datetime(2999, 1, 1, tzinfo=UTC).date()).map(
        str
    ),
    st.datetimes(datetime(1971, 1, 1), datetime(2998, 1, 1)).map(datetime.isoformat),  # noqa: DTZ001 - typed times have no zone
    st.datetimes(datetime(1971, 1, 1), datetime(2998, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - Hypothesis adds the zone
        datetime.isoformat
    ),
    st.sampled_from(["today", "yesterday", "now", "30m", "24h", "7d", "2w"]),
)
NETWORKS = st.ip_addresses().map(str).filter(lambda text: "%" not in text)
COMPARISONS = (
    Operator.AT_LEAST,
    Operator.MORE_THAN,
    Operator.AT_MOST,
    Operator.LESS_THAN,
)


def _terms(key, operator, values):
    one_value = values.map(lambda value: (value,))
    return st.builds(Term, st.just(key), operator, one_value, st.booleans())


TERMS = st.lists(
    st.one_of(
        _terms("actor", st.just(Operator.EQUALS), SAID),
        _terms("action", st.just(Operator.EQUALS), PREFIXES),
        _terms("outcome", st.just(Operator.EQUALS), st.sampled_from(FIELDS[2].values)),
        _terms("ip", st.just(Operator.EQUALS), NETWORKS),
        _terms("created", st.sampled_from(COMPARISONS), COMPARABLE),
        _terms("created", st.just(Operator.EQUALS), COMPARABLE.filter(lambda text: text != "now")),
        _terms(None, st.just(Operator.CONTAINS), SAID),
    ),
    max_size=12,
)


def _asked(terms):
    query = parse("", FIELDS)
    for term in terms:
        query = query.with_term(term)
    return query


@moderately
@given(TERMS)
def test_terms_survive_being_written_and_read(terms):
    query = _asked(terms)
    assert query.errors == ()
    assert set(query.terms) == set(terms)
    assert parse(query.canonical(), FIELDS).terms == query.terms


@moderately
@given(TERMS, st.randoms())
def test_order_of_asking_does_not_change_the_canonical_text(terms, random):
    shuffled = random.sample(terms, len(terms))
    assert _asked(shuffled).canonical() == _asked(terms).canonical()


@moderately
@given(TERMS)
def test_text_of_a_chip_gives_all_other_chips(terms):
    query = _asked(terms)
    chips = query.chips()
    for at, chip in enumerate(chips):
        rest = parse(chip.without, FIELDS)
        assert rest.errors == ()
        assert rest.terms == query.terms[:at] + query.terms[at + 1 :]
        said = [(each.label, each.text, each.negated) for each in chips[:at] + chips[at + 1 :]]
        assert [(each.label, each.text, each.negated) for each in rest.chips()] == said


PIECES = st.sampled_from(
    [field.key + ":" for field in FIELDS]
    + ['"', "\\", ",", "-", ":", " ", "..", ">=", "<", "now", "2026-11-01", "24h", "10.0.0.1/8"]
    + ["failure", "\x00", "\x1f", "\x85", "\ud800", "\u2028", "\n", "*"]
)


@moderately
@given(st.text(st.characters(exclude_categories=[])) | st.lists(PIECES, max_size=30).map("".join))
@example('"\\')
@example('actor:"\\')
@example('-"')
@example("created:..")
@example('action:"a* *"')
def test_any_text_is_answered_with_terms_or_errors_in_their_places(text):
    query = parse(text, FIELDS)
    assert len(query.text) == len(text)
    assert query.text.encode().decode() == query.text
    for found in (*query.terms, *query.errors):
        assert 0 <= found.position <= found.position + found.length <= len(text)
    for error in query.errors:
        assert error.message.encode().decode() == error.message
    again = parse(query.canonical(), FIELDS)
    assert again.terms == query.terms
    assert again.errors == ()
    assert again.canonical() == query.canonical()
    for term in query.terms_of("created"):
        window(term, NOW, UTC)


@moderately
@given(st.lists(PIECES, max_size=30).map("".join))
@example("actor:,>=")
def test_canonical_text_is_never_longer_than_what_was_typed(text):
    assert len(parse(text, FIELDS).canonical()) <= len(text)
