"""Making many corruptions, and counting which were found."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.audit.corruptions.kinds import KINDS
from tests.audit.corruptions.workshop import Workshop

# So often nothing is corrupted, and the verifier has to find nothing.
CONTROL_EVERY = 25


@dataclass
class Tally:
    """How many corruptions of each kind were made and found; what was missed, in words.

    `refused` are those of the found ones of which the app made no pack at all, because its own
    look at the tree failed: nothing got as far as the verifier.
    """

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    controls: int = 0
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return the counts as a table."""
        lines = [_line("kind", "made", "found", "no pack", "missed")]
        lines += [
            _line(kind, n, self.found[kind], self.refused[kind], n - self.found[kind])
            for kind, n in self.made.items()
        ]
        made, found, refused = (n.total() for n in (self.made, self.found, self.refused))
        lines.append(_line("all", made, found, refused, made - found))
        lines.append(_line("nothing corrupted", self.controls, len(self.false_alarms), "", ""))
        return "\n".join(lines)


def _line(kind: str, *values: int | str) -> str:
    cells = (f"{value:,}" if isinstance(value, int) else value for value in values)
    return f"{kind:24}" + "".join(f" {cell:>8}" for cell in cells)


def corrupt(
    shop: Workshop,
    tally: Tally,
    count: int,
    chance: random.Random,
    on_progress: Callable[[int], None] | None = None,
) -> None:
    """Make so many corruptions, all kinds in turn; judge each, and add it to the tally."""
    kinds = list(KINDS.items())
    begun = tally.made.total()
    for number in range(begun, begun + count):
        name, make = kinds[number % len(kinds)]
        with shop.undone():
            what = make(shop, chance)
            path = shop.pack()
            verdict = shop.judge(path)
        tally.made[name] += 1
        tally.refused[name] += path is None
        if verdict is None:
            tally.missed.append(f"{name}: {what}")
        else:
            tally.found[name] += 1
        if number % CONTROL_EVERY == 0:
            tally.controls += 1
            verdict = shop.judge(shop.pack())
            if verdict is not None:
                tally.false_alarms.append(verdict)
        if on_progress is not None:
            on_progress(number + 1)
