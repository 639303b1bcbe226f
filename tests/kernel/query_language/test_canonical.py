import pytest

from app.kernel.query_language.chips import Chip
from app.kernel.query_language.terms import Operator, Term


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (
            'refund created:>=2026-11-01 "free text" outcome:failure -action:login ACTOR:ann',
            'actor:ann -action:login outcome:failure created:>=2026-11-01 "free text" refund',
        ),
        ("-actor:eve actor:bob actor:ann", "actor:ann,bob -actor:eve"),
        ('actor:"ann" "refund"', "actor:ann refund"),
        (r'actor:"a b\\"', r'actor:"a b\\"'),
        (r'"a\b \\\"c"', r'"a\b \\\"c"'),
        ('actor:"a,b",c', 'actor:"a,b",c'),
        (
            "created:now..now created:<now created:7D..24h,today",
            "created:today,7d..24h created:<now",
        ),
        ('-"12:30" "-x" --', '"-x" -"12:30"'),
    ],
)
def test_canonical_text_has_one_order_and_one_spelling(ask, text, canonical):
    assert ask(text).canonical() == canonical


def test_chips_say_terms_in_words(ask):
    query = ask(
        "-actor:scheduler created:today,24h,1h created:7d..1d created:<2026-11-01 "
        "created:>=2w created:>now created:<=30m refund"
    )
    assert [(chip.label, chip.text, chip.negated) for chip in query.chips()] == [
        ("Actor", "scheduler", True),
        ("Time", "last 1 hour", False),
        ("Time", "last 24 hours", False),
        ("Time", "today", False),
        ("Time", "7 days ago to 1 day ago", False),
        ("Time", "from 2 weeks ago", False),
        ("Time", "after now", False),
        ("Time", "up to 30 minutes ago", False),
        ("Time", "before 2026-11-01", False),
        ("", "refund", False),
    ]


def test_chip_removes_one_value_and_leaves_the_others(ask):
    assert ask("actor:ann,bob refund").chips()[0] == Chip(
        label="Actor", text="ann", negated=False, without="actor:bob refund"
    )


def test_term_is_added_where_it_belongs(ask):
    query = ask("actor:bob refund").with_term(Term("actor", Operator.EQUALS, ("Ana Ruiz",)))
    assert query.canonical() == 'actor:"Ana Ruiz",bob refund'


def test_term_is_removed(ask):
    query = ask("actor:ann,bob refund")
    assert query.without(query.terms[0]).canonical() == "actor:bob refund"


def test_preset_replaces_its_key_and_leaves_what_is_left_out(ask):
    query = ask("actor:ann created:7d -created:today created:<now")
    preset = Term("created", Operator.EQUALS, ("24h",))
    assert query.with_only(preset).canonical() == "actor:ann created:24h -created:today"


@pytest.mark.parametrize(
    "term",
    [
        Term("actor", Operator.AT_LEAST, ("ann",)),
        Term("created", Operator.EQUALS, ("soon",)),
        Term("nobody", Operator.EQUALS, ("x",)),
    ],
)
def test_added_term_that_the_fields_refuse_becomes_an_error(ask, term):
    query = ask("refund").with_term(term)
    assert query.canonical() == "refund"
    assert len(query.errors) == 1


@pytest.mark.parametrize(
    ("key", "operator", "values"),
    [
        ("created", Operator.BETWEEN, ("today",)),
        ("actor", Operator.EQUALS, ("ann", "bob")),
        (None, Operator.EQUALS, ("refund",)),
        ("actor", Operator.CONTAINS, ("refund",)),
    ],
)
def test_term_that_could_not_be_written_is_refused(key, operator, values):
    with pytest.raises(ValueError, match=r"values|free text"):
        Term(key, operator, values)
