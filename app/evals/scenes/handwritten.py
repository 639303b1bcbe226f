"""The scenes that were written by hand, read from their file."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from app.audit.event import Party
from app.evals.case import Fact
from app.evals.scenes.script import Script
from app.evals.scenes.stage import Person, Stage

FILE = Path(__file__).parent.parent / "cases" / "handwritten.yaml"

# "Eve session.started failure x8": who, what, how it ended, how many; who may be left out.
_FACT = re.compile(
    r"(?:(?P<who>[A-Z]\w+) )?(?P<action>[a-z_]+\.[a-z_]+)"
    r"(?: (?P<outcome>success|failure|denied))? x(?P<count>\d+)"
)


def scripts(first_day: int) -> Iterator[Script]:
    """Yield the scenes in the order of the file, one a day from that day on."""
    written = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    people = {name: Person(*values) for name, values in written["people"].items()}
    for day, (name, scene) in enumerate(written["scenes"].items(), start=first_day):
        yield _script(Stage(name, day), scene, people)


def _script(stage: Stage, scene: Mapping[str, Any], people: Mapping[str, Person]) -> Script:
    for event in scene["events"]:
        _play(stage, event, people)
    script = Script(stage)
    for number, case in enumerate(scene["cases"], start=1):
        script.ask(
            case["category"],
            case["ask"],
            must=[_fact(text, people) for text in case.get("must", ())],
            refuse=case.get("refuse"),
            query=case.get("query", ""),
            name=f"hand-{stage.name}-{number:02d}",
        )
    return script


def _play(stage: Stage, event: Mapping[str, Any], people: Mapping[str, Person]) -> None:
    hour, minute, second = (int(part) for part in event["at"].split(":"))
    kind, ident, name = event["to"].split(" ", 2)
    for time in range(event.get("times", 1)):
        stage.add(
            hour * 3600 + minute * 60 + second + time * event.get("every", 0),
            people[event["who"]],
            event["did"],
            outcome=event.get("outcome", "success"),
            target=Party(kind, ident, name),
            ip=event.get("from"),
        )


def _fact(text: str, people: Mapping[str, Person]) -> Fact:
    match = _FACT.fullmatch(text)
    if match is None:
        raise ValueError(f"{FILE.name}: {text!r} is not written like 'Eve file.shared x8'.")
    who = match["who"]
    return Fact(
        actor=None if who is None else people[who].id,
        action=match["action"],
        outcome=match["outcome"],
        count=int(match["count"]),
    )
