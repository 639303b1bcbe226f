"""The words of the query language: what a page may be asked (fields) and what was asked (terms)."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")


class Kind(StrEnum):
    """What a field's values are, which decides how they are checked and compared."""

    TEXT = "text"
    PREFIX = "prefix"
    CHOICE = "choice"
    IP = "ip"
    TIME = "time"


class Operator(StrEnum):
    """How a term compares, declared in the order that canonical text writes them."""

    EQUALS = "equals"
    BETWEEN = "between"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    CONTAINS = "contains"

    @property
    def is_alternative(self) -> bool:
        """Whether several terms of one key and polarity mean "any of them"."""
        return self in {Operator.EQUALS, Operator.BETWEEN}


COMPARISONS = {
    ">=": Operator.AT_LEAST,
    ">": Operator.MORE_THAN,
    "<=": Operator.AT_MOST,
    "<": Operator.LESS_THAN,
}

_OPERATORS = {
    Kind.TIME: (Operator.EQUALS, Operator.BETWEEN, *COMPARISONS.values()),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One key that a page can be filtered by.

    `key` is what people type, `label` what chips and menus say, `values` the allowed values of a
    choice, `hint` a short help text for menus.
    """

    key: str
    label: str
    kind: Kind
    values: tuple[str, ...] = ()
    hint: str = ""

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            message = f"a field's key is lower-case letters, digits and _, not {self.key!r}"
            raise ValueError(message)
        if bool(self.values) != (self.kind is Kind.CHOICE):
            message = f"field {self.key}: a choice lists its values, and only a choice does"
            raise ValueError(message)

    @property
    def operators(self) -> tuple[Operator, ...]:
        return _OPERATORS.get(self.kind, (Operator.EQUALS,))


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked: one value (two, low and high, for a range) under one key.

    `key` is None for free text. `position` and `length` say, in code points of the query's text,
    where the term was written; they take no part in equality. `key:a,b` makes two terms that
    share the place they were written at.
    """

    key: str | None
    operator: Operator
    values: tuple[str, ...]
    negated: bool = False
    position: int = field(default=0, compare=False)
    length: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if len(self.values) != (2 if self.operator is Operator.BETWEEN else 1):
            message = f"{self.operator} got {len(self.values)} values"
            raise ValueError(message)
        if (self.key is None) != (self.operator is Operator.CONTAINS):
            message = "free text, and only free text, has no key and the operator contains"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Condition:
    """Terms of which one must match, or none if `negated`; conditions are joined by AND."""

    key: str | None
    negated: bool
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class QueryError:
    """What could not be understood, for the person who typed it.

    `position` counts code points of the query's text from 0; a `length` of 0 marks the place
    where something is missing.
    """

    position: int
    length: int
    message: str

    @property
    def sentence(self) -> str:
        """The message with its place, counted from 1 as people count."""
        return f"At character {self.position + 1}: {self.message}"


class InvalidValueError(ValueError):
    """A value that its field cannot hold; the message is for the person who typed it."""
