"""A scene with the cases that are about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.evals.case import Case, Expected, Fact, Query
from app.evals.case_files import split_of
from app.evals.scenes.stage import Stage


@dataclass(slots=True)
class Script:
    """A stage, and what is asked about it."""

    stage: Stage
    cases: list[Case] = field(default_factory=list)

    def ask(
        self,
        category: str,
        question: str | None,
        *,
        must: Sequence[Fact] = (),
        refuse: str | None = None,
        query: str = "",
        window: tuple[datetime, datetime] | None = None,
        name: str | None = None,
    ) -> None:
        """Add a case: an answer with these facts, or a refusal with this code."""
        start, end = window or (self.stage.start, self.stage.end)
        ident = name or f"{category}-{self.stage.number:03d}-{len(self.cases) + 1}"
        asked = Query(
            id=ident,
            category=category,
            split=split_of(ident),
            world=self.stage.world,
            query=query,
            start=start,
            end=end,
            question=question,
        )
        self.cases.append(Case(asked, Expected(ident, refuse, tuple(must))))


# Puts one scene on, whose turn among those of its kind is given.
Play = Callable[[Stage, int], Script]
