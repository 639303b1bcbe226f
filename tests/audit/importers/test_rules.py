"""Each rule reads the fields that it names, and no others: the reference page tells the truth."""

import pytest

from app.audit.importers.described import fields_page
from app.audit.importers.registry import FORMATS
from tests.audit.importers.samples import BY_FORMAT

RULES = [
    (name, number, rule.field)
    for name, found in FORMATS.items()
    for number, rule in enumerate(found.rules)
    if rule.sources
]
# Names that a format gives to what its fields tell together, not fields of the records.
MADE = {"kind", "place", "subject_name"}


class Traced(dict):
    """An object that notes which of its members are looked at, by dotted path."""

    def __init__(self, value, seen, way=""):
        super().__init__(
            (name, traced(member, seen, f"{way}{name}")) for name, member in value.items()
        )
        self.seen, self.way = seen, way

    def get(self, name, default=None):
        self.seen.add(f"{self.way}{name}")
        return super().get(name, default)

    def __getitem__(self, name):
        self.seen.add(f"{self.way}{name}")
        return super().__getitem__(name)

    def __contains__(self, name):
        # What is asked for with all its points at once is looked for part by part besides.
        if "." not in str(name) and super().__contains__(name):
            self.seen.add(f"{self.way}{name}")
        return super().__contains__(name)


def traced(value, seen, way):
    if isinstance(value, dict):
        return Traced(value, seen, f"{way}.")
    if isinstance(value, list):
        return [traced(member, seen, way) for member in value]
    return value


def looked_at(name, number):
    """Return the fields that a rule looked at in the samples of its format."""
    seen = set()
    for sample in BY_FORMAT[name]:
        for part in FORMATS[name].parts(sample):
            own = set()
            FORMATS[name].rules[number].take(Traced(part, own))
            seen |= own
    return {path.replace("..", ".") for path in seen if path.split(".")[0] not in MADE}


@pytest.mark.parametrize(("name", "number", "field"), RULES)
def test_rule_reads_nothing_that_it_does_not_name(name, number, field):
    sources = FORMATS[name].rules[number].sources

    for path in looked_at(name, number):
        assert any(
            path == source or path.startswith(f"{source}.") or source.startswith(f"{path}.")
            for source in sources
        ), f"{name}, {field}: reads {path}, which it does not name."


@pytest.mark.parametrize(("name", "number", "field"), RULES)
def test_each_source_that_a_rule_names_can_make_its_field(name, number, field):
    """With only that source in the record, or with it changed, the rule has something to say."""
    rule = FORMATS[name].rules[number]
    samples = [part for one in BY_FORMAT[name] for part in FORMATS[name].parts(one)]
    paths = looked_at(name, number)
    there = {
        source
        for source in rule.sources
        if any(path == source or path.startswith(f"{source}.") for path in paths)
    }
    alone = {source for source in rule.sources if tells_alone(rule, source)}

    assert samples
    assert set(rule.sources) - there - alone == set(), f"{name}, {field}: never read."


def tells_alone(rule, source):
    """Say whether a record with nothing but that field is looked at there."""
    seen = set()
    value = "x"
    for step in reversed(source.split(".")):
        value = {step: value}
    # What formats add to every record of theirs.
    record = Traced({"kind": "", "subject": {}, "subject_name": "", **value}, seen)
    try:
        rule.take(record)
    except Exception:  # noqa: BLE001  a refusal, or a field that needs another beside it
        return source in {path.replace("..", ".") for path in seen}
    return source in {path.replace("..", ".") for path in seen}


def test_page_names_every_format_and_field():
    page = fields_page()

    for found in FORMATS.values():
        assert f"`{found.name}`" in page
        assert all(f"`{source}`" in page for rule in found.rules for source in rule.sources)
