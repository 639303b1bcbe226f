import pytest

EXAMPLES = [
    ("x actr:ann", 2, 5, "Did you mean actor:?"),
    ("x actr:ann", 2, 5, "actor, action, outcome, ip, created"),
    ("-actr:ann", 1, 5, "There is no filter “actr:”"),
    ("at 12:30", 3, 3, 'put it in quotes: "12:30"'),
    ("ec2:RunInstances", 0, 4, 'put it in quotes: "ec2:RunInstances"'),
    ("https://alder.example/x", 0, 6, 'put it in quotes: "https://alder.example/x"'),
    (":x", 0, 1, 'put it in quotes: ":x"'),
    ("a - b", 2, 1, "with no space"),
    ("--force", 0, 7, 'put it in quotes: "--force"'),
    ('say "hello', 4, 6, "never closed"),
    ('actor:"ann', 6, 4, "never closed"),
    ('"ab"cd', 4, 2, "Put a space"),
    ('actor:"ab"cd', 10, 2, "Put a space"),
    ('a"b', 1, 1, r'write "a\"b"'),
    ('actor:a"b"', 7, 1, r'write "a\"b\""'),
    ('x ""', 2, 2, "nothing to search for"),
    ('x " "', 2, 3, "nothing to search for"),
    ("actor:", 6, 0, "Write a value after actor:"),
    ("actor:a,,b", 8, 0, "Write a value after actor:"),
    ("created:>=", 10, 0, "Write a value after created:>="),
    ("action:*", 7, 1, "before *"),
    ("actor:>5", 7, 1, 'actor:">5"'),
    ("outcome:success,failed", 16, 6, "Did you mean failure?"),
    ("outcome:zzz", 8, 3, "It can be: success, failure, denied."),
    ("ip:10.0.0.300", 3, 10, "not an IP address or network"),
    ("ip:fe80::1%eth0", 3, 12, "not an IP address or network"),
    ("created:soon", 8, 4, "This is not a time"),
    ("created:20261101", 8, 8, "This is not a time"),
    ("created:2026-02-30", 8, 10, "no such date"),
    ("created:2026-11-01T25:00", 8, 16, "no such date"),
    ("created:0001-01-01", 8, 10, "a year from 1970 to 2999"),
    ("created:0h", 8, 2, "number of hours"),
    ("created:999999w", 8, 7, "number of weeks"),
    ("created:now", 8, 3, "created:1h"),
    ("actor:a,>5", 8, 2, 'write ">5"'),
    ("created:today,>=2026-11-01", 14, 12, "a term of its own"),
    ("created:>a,b", 0, 12, "Only one value"),
    ("created:today..", 8, 7, "A range needs both ends"),
    ("created:2026-11-02..2026-11-01", 8, 22, "ends before it begins"),
    ("created:24h..7d", 8, 7, "ends before it begins"),
    ("created:today..yesterday", 8, 16, "ends before it begins"),
    ("created:2026-11-01T09:00Z..2026-11-01T10:00+01:00", 8, 41, "ends before it begins"),
    ("a\x00b", 1, 1, "invisible control character"),
    ("x actor:\ud800", 8, 1, "half a character"),
]


@pytest.mark.parametrize(("text", "position", "length", "message"), EXAMPLES)
def test_error_names_its_place_and_the_way_out(ask, text, position, length, message):
    (error,) = ask(text).errors
    assert (error.position, error.length) == (position, length)
    assert message in error.message
    assert error.sentence.startswith(f"At character {position + 1}: ")


def test_valid_terms_survive_beside_errors(ask):
    query = ask('actor:ann 12:30 outcome:failure,bogus refund "open')
    assert query.canonical() == "actor:ann outcome:failure refund"
    assert [error.position for error in query.errors] == [10, 32, 45]


def test_text_with_refused_characters_can_be_shown(ask):
    query = ask("a\x00\ud800\tb")
    assert query.text == "a\ufffd\ufffd b"
    assert query.text.encode()


def test_message_shortens_what_was_typed(ask):
    (error,) = ask("nothing:" + "x" * 1_500).errors
    assert len(error.message) < 300


def test_page_without_fields_still_searches_text(ask):
    query = ask("refund actor:ann", fields=())
    assert query.canonical() == "refund"
    assert "The filters here are: none." in query.errors[0].message
