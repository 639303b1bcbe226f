"""What may stand in a prompt."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateway.redaction import MASK, MAX_VALUE, Pseudonyms, TokenKind, clean_value


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Chrome 130", "Chrome 130"),
        ("two\nlines\tand\x00more", "two lines and more"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("a\u200bb\u200dc\ufeffd\u00ade", "abcde"),
        ("hello\U000e0049\U000e0067\U000e006e", "hello"),
        ("x\ufe0f\U000e0100y\u3164z", "xyz"),
        ("ﬁle ①", "file 1"),
        ("ＡＫＩＡ", "AKIA"),
        ("e\u200b\u0301", "é"),
        ("\ud800lone", "lone"),
        ("a\u2028b\u00a0c", "a b c"),
        ("Zoë 日本 🙂", "Zoë 日本 🙂"),
    ],
)
def test_only_what_can_be_seen_is_left(text, cleaned):
    assert clean_value(text) == cleaned


def test_long_value_is_cut_with_a_mark():
    assert clean_value("a" * 120) == "a" * 120
    assert clean_value("a" * 121) == "a" * 119 + "…"
    assert len(clean_value("ab " * 10_000)) <= MAX_VALUE


# Built from halves, so that no scanner takes this file for a leak.
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345"
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "c2lnbmF0dXJl"
OURS = "ballast_alder." + "0" * 32 + ".s3cret-part"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"key {AWS} leaked", AWS),
        (f"pushed with {GITHUB}", GITHUB),
        (f"token={JWT}", JWT),
        (f"used {OURS} today", OURS),
        ("Authorization: Bearer abc.def-123", "abc.def-123"),
        ("authorization: basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("postgresql://ballast:hunter2@db/x", "hunter2"),
        ("password=hunter2&next=/", "hunter2"),
        ('{"api_key": "0123456789abcdef"}', "0123456789abcdef"),
        ("client_secret_v2: Zm9vYmFy", "Zm9vYmFy"),
        ("sk-proj-" + "abcdefghij1234567890", "abcdefghij1234567890"),
        ("sk_live_" + "abcdefghij1234567890", "abcdefghij1234567890"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- end", "MIIEow"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEow and cut", "MIIEow"),
        ("pass\u200bword=hunter2", "hunter2"),
        ("ｐａｓｓｗｏｒｄ＝hunter2", "hunter2"),
        ("x" * 100 + " password=hunter2-and-more-beyond-the-cut", "hunter"),
    ],
)
def test_secrets_are_masked(text, secret):
    cleaned = clean_value(text)

    assert secret not in cleaned
    assert MASK[:6] in cleaned


@pytest.mark.parametrize(
    "text",
    ["session.started", "reset the password", "task-force sk-eleton", "Bearer of news", "10.0.0.7"],
)
def test_plain_words_are_not_taken_for_secrets(text):
    # "Bearer of" masks one word: better that than a token.
    assert clean_value(text).replace(MASK, "of") == text


@given(st.text())
def test_cleaning_is_one_visible_line_of_bounded_length(text):
    cleaned = clean_value(text)

    assert len(cleaned) <= MAX_VALUE
    assert cleaned == cleaned.strip()
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(alphabet="password=: \"'sk-BEGINbearer[]@/\u200b\u3164é\u0301", max_size=60))
def test_cleaning_twice_changes_nothing(text):
    assert clean_value(clean_value(text)) == clean_value(text)


def test_tokens_are_stable_within_a_call():
    names = Pseudonyms()

    assert names.token_for(TokenKind.ACTOR, "account-7") == "A1"
    assert names.token_for(TokenKind.ACTOR, "account-9") == "A2"
    assert names.token_for(TokenKind.RESOURCE, "account-7") == "R1"
    assert names.token_for(TokenKind.ADDRESS, "10.0.0.7") == "I1"
    assert names.token_for(TokenKind.ACTOR, "account-7") == "A1"
    assert names.real_of("A2") == "account-9"


def test_token_that_was_never_given_out_stands_for_nothing():
    with pytest.raises(KeyError):
        Pseudonyms().real_of("A1")
