"""Patterns of tenants: what is taken is quick, and what could take for ever is not taken."""

import re

import pytest

from app.audit.event_types.patterns import PatternRefused, check_pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "^inv-[0-9]{4,8}$",
        "^[a-z]+@[a-z]+$",
        "^(in|out)$",
        "^(?:a|b)?c$",
        r"^\d{4}-\d{2}-\d{2}$",
        r"^[^\]]{1,20}$",
        "^(ab){3}$",
        r"^\.\*$",
        "^$",
    ],
)
def test_ordinary_patterns_are_taken(pattern):
    check_pattern(pattern, 120)
    assert re.compile(pattern)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^(a+)+$", "no group"),
        ("^(a|a)*$", "no group"),
        ("^(a|b){50}$", "no group"),
        ("^(a?){50}$", "no group"),
        ("^" + "a?" * 40 + "a" * 40 + "$", "too many ways"),
        ("^" + "(a|a)" * 30 + "$", "too many ways"),
        ("^.*.*.*$", "too many ways"),
        ("^" + "[a-z]*" * 3 + "$", "too many ways"),
        ("a", "whole text"),
        ("^a", "whole text"),
        (r"^a\$", "whole text"),
        ("^a|b$", "brackets"),
        ("^(a$", "opened and not closed"),
        ("^a)$", "brackets"),
        ("^[a$", "not closed"),
        ("^[]$", "empty"),
        ("^a**$", "behind each other"),
        ("^*$", "itself"),
        ("^(?=a)$", "itself"),
        (r"^(a)\1$", "not understood"),
        (r"^\p{L}$", "not understood"),
        ("^[[a]$", "before it"),
        ("^[z-a]$", "no pattern"),
        ("^" + "a" * 200 + "$", "200 characters"),
    ],
)
def test_others_are_refused_with_a_reason(pattern, words):
    with pytest.raises(PatternRefused, match=re.escape(words)):
        check_pattern(pattern, 140)


def test_longer_texts_need_simpler_patterns():
    check_pattern("^[a-z]*x[a-z]*$", 140)
    with pytest.raises(PatternRefused, match="maxLength"):
        check_pattern("^[a-z]*x[a-z]*$", 1_000)
