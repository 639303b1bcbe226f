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
    """How many corruptions of each kind were made and found; what was missed, in words."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    controls: int = 0
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return the counts as a table."""
        lines = [f"{'kind':24} {'made':>7} {'found':>7}"]
        lines += [f"{kind:24} {n:7,} {self.found[kind]:7,}" for kind, n in self.made.items()]
        lines.append(f"{'all':24} {self.made.total():7,} {self.found.total():7,}")
        lines.append(f"{'nothing corrupted':24} {self.controls:7,} {len(self.false_alarms):7,}")
        return "\n".join(lines)


def corrupt(
    shop: Workshop, count: int, seed: int, on_progress: Callable[[int], None] | None = None
) -> Tally:
    """Make so many corruptions, all kinds in turn, and judge each."""
    chance, tally, kinds = random.Random(seed), Tally(), list(KINDS.items())  # noqa: S311  repeatable
    for number in range(count):
        name, make = kinds[number % len(kinds)]
        with shop.undone():
            what = make(shop, chance)
            verdict = shop.judge(shop.pack())
        tally.made[name] += 1
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
    return tally
