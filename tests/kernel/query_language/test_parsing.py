import pytest

from app.kernel.query_language.query import MAX_CHARACTERS, MAX_TERMS
from app.kernel.query_language.terms import Field, Kind, Operator, Term

EXAMPLES = [
    ("actor:ann", [("actor", Operator.EQUALS, ("ann",), False)]),
    ("Actor:Ann", [("actor", Operator.EQUALS, ("Ann",), False)]),
    ("-actor:ann", [("actor", Operator.EQUALS, ("ann",), True)]),
    ('actor:"Ana Ruiz"', [("actor", Operator.EQUALS, ("Ana Ruiz",), False)]),
    (r'actor:"the \"boss\""', [("actor", Operator.EQUALS, ('the "boss"',), False)]),
    (r'actor:"C:\temp"', [("actor", Operator.EQUALS, (r"C:\temp",), False)]),
    (r'actor:"C:\\"', [("actor", Operator.EQUALS, ("C:\\",), False)]),
    ("actor:../etc", [("actor", Operator.EQUALS, ("../etc",), False)]),
    ('actor:">5"', [("actor", Operator.EQUALS, (">5",), False)]),
    ("action:member.*", [("action", Operator.EQUALS, ("member.",), False)]),
    ("outcome:Failure", [("outcome", Operator.EQUALS, ("failure",), False)]),
    ("ip:198.51.100.7", [("ip", Operator.EQUALS, ("198.51.100.7",), False)]),
    ("ip:198.51.100.7/32", [("ip", Operator.EQUALS, ("198.51.100.7",), False)]),
    ("ip:10.1.2.3/8", [("ip", Operator.EQUALS, ("10.0.0.0/8",), False)]),
    ("ip:2001:DB8:0::1", [("ip", Operator.EQUALS, ("2001:db8::1",), False)]),
    ("created:>=2026-11-01", [("created", Operator.AT_LEAST, ("2026-11-01",), False)]),
    ("created:>24H", [("created", Operator.MORE_THAN, ("24h",), False)]),
    ("created:<=now", [("created", Operator.AT_MOST, ("now",), False)]),
    ("created:<Today", [("created", Operator.LESS_THAN, ("today",), False)]),
    (
        "created:2026-11-01T09:30z",
        [("created", Operator.EQUALS, ("2026-11-01T09:30Z",), False)],
    ),
    (
        'created:"2026-11-01 09:30..now"',
        [("created", Operator.BETWEEN, ("2026-11-01T09:30", "now"), False)],
    ),
    ("refund", [(None, Operator.CONTAINS, ("refund",), False)]),
    ("-refund", [(None, Operator.CONTAINS, ("refund",), True)]),
    ('"late refund"', [(None, Operator.CONTAINS, ("late refund",), False)]),
    ('-"late refund"', [(None, Operator.CONTAINS, ("late refund",), True)]),
    ('"12:30"', [(None, Operator.CONTAINS, ("12:30",), False)]),
    ('"ec2:RunInstances"', [(None, Operator.CONTAINS, ("ec2:RunInstances",), False)]),
    ('"-force"', [(None, Operator.CONTAINS, ("-force",), False)]),
    ("one,two", [(None, Operator.CONTAINS, ("one,two",), False)]),
    ("", []),
    (" \t\r\n ", []),
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_text_means_its_terms(ask, text, expected):
    query = ask(text)
    assert query.errors == ()
    assert query.terms == tuple(Term(*each) for each in expected)


def test_values_of_one_key_are_alternatives_and_keys_must_hold_together(ask):
    query = ask("actor:ann outcome:failure actor:bob -actor:eve -actor:mallory late refund")
    said = [
        (condition.key, condition.negated, [term.values[0] for term in condition.terms])
        for condition in query.conditions()
    ]
    assert said == [
        ("actor", False, ["ann", "bob"]),
        ("actor", True, ["eve", "mallory"]),
        ("outcome", False, ["failure"]),
        (None, False, ["late"]),
        (None, False, ["refund"]),
    ]


def test_time_ranges_are_alternatives_and_comparisons_must_hold_together(ask):
    query = ask("created:>=2026-01-01 created:<2026-02-01 created:today created:2d..1d")
    assert [len(condition.terms) for condition in query.conditions()] == [2, 1, 1]


def test_comma_list_is_several_values_at_one_place(ask):
    query = ask('x actor:ann,"Ana, Ruiz",bob')
    assert query.values_of("actor") == ("Ana, Ruiz", "ann", "bob")
    assert {(term.position, term.length) for term in query.terms_of("actor")} == {(2, 25)}


def test_negated_values_are_asked_for_apart(ask):
    query = ask("actor:ann -actor:bob")
    assert query.values_of("actor") == ("ann",)
    assert query.values_of("actor", negated=True) == ("bob",)


def test_term_said_twice_counts_once(ask):
    assert len(ask("actor:ann actor:ann,ann refund refund").terms) == 2


def test_as_many_terms_as_the_bound_are_kept(ask):
    words = " ".join(f"w{number}" for number in range(MAX_TERMS))
    assert len(ask(words).terms) == MAX_TERMS
    assert ask(words).errors == ()


def test_terms_past_the_bound_are_left_out_from_where_they_stand(ask):
    words = " ".join(f"w{number:02}" for number in range(MAX_TERMS))
    query = ask(f"{words} actor:a,b")
    assert len(query.terms) == MAX_TERMS
    assert [(error.position, error.length) for error in query.errors] == [(len(words) + 1, 9)]


def test_values_of_a_comma_list_count_towards_the_bound(ask):
    query = ask("actor:" + ",".join(f"a{number}" for number in range(MAX_TERMS + 1)))
    assert len(query.terms) == MAX_TERMS
    assert len(query.errors) == 1


def test_text_at_the_bound_is_used_and_text_past_it_is_not(ask):
    assert len(ask("a" * MAX_CHARACTERS).terms) == 1
    query = ask("actor:ann " + "a" * MAX_CHARACTERS)
    assert query.terms == ()
    assert "2,000" in query.errors[0].message
    assert "2,010" in query.errors[0].message
    assert len(query.text) == MAX_CHARACTERS


def test_text_of_nothing_but_quotes_and_backslashes_is_read_in_one_pass(ask):
    assert ask('\\"' * (MAX_CHARACTERS // 2)).terms == ()


def test_field_key_that_could_not_be_typed_is_refused():
    with pytest.raises(ValueError, match="lower-case"):
        Field("Source IP", "Source", Kind.IP)


def test_choice_without_values_is_refused():
    with pytest.raises(ValueError, match="lists its values"):
        Field("outcome", "Outcome", Kind.CHOICE)


def test_only_times_compare():
    choice = Field("outcome", "Outcome", Kind.CHOICE, ("success",))
    assert choice.operators == (Operator.EQUALS,)
    assert Operator.BETWEEN in Field("created", "Time", Kind.TIME).operators
