"""Days of work: counting, who did what, exports, bursts, hours when nobody works, absences."""

from datetime import timedelta

from app.audit.event import Party
from app.evals.scenes.script import Script
from app.evals.scenes.stage import Stage, pick

OFFICE = ("document.opened", "document.edited", "comment.added", "report.viewed")
_HOUR = 3600

# What is done now and then, and how people ask about it.
_COUNTED = (
    ("document.deleted", "How many times were documents deleted, and by whom?"),
    ("invoice.issued", "How many invoices were issued, and who issued them?"),
    ("member.invited", "How many people were invited, and by whom?"),
    ("file.shared", "How often were files shared, and who did that?"),
    ("project.created", "Count the projects that were created, by person."),
    ("webhook.updated", "How many changes to webhooks were there?"),
)
_DEEDS = (
    ("webhook.updated", "webhook", "Order hook", "Who changed the webhook?"),
    ("project.archived", "project", "Winter launch", "Who archived the project?"),
    ("member.removed", "member", "Old account", "Who removed a member?"),
    ("document.deleted", "document", "Budget draft", "Who deleted a document?"),
    ("setting.updated", "setting", "Time zone", "Which settings were updated, and by whom?"),
)


def counting(stage: Stage, turn: int) -> Script:
    """Put on a day on which a few people do the same thing several times each."""
    chance = stage.chance()
    action, question = _COUNTED[turn % len(_COUNTED)]
    people = pick(chance, 6)
    stage.work(people, OFFICE, 50)
    doers = people[: chance.randint(2, 4)]
    for who in doers:
        for _ in range(chance.randint(2, 9)):
            target = Party("object", f"o-{chance.randrange(1, 40)}", "One of many")
            stage.add(chance.uniform(8 * _HOUR, 18 * _HOUR), who, action, target=target)
    must = [stage.fact(actor=who.id, action=action) for who in doers]
    script = Script(stage)
    script.ask("counting", question, must=must)
    script.ask("counting", None, must=must, query=f"action:{action}")
    return script


def who_did_what(stage: Stage, turn: int) -> Script:
    """Put on a day with one deed that is asked after, from either end."""
    chance = stage.chance()
    action, kind, name, question = _DEEDS[turn % len(_DEEDS)]
    people = pick(chance, 6)
    stage.work(people[1:], OFFICE, 55)
    doer = people[0]
    for number in range(chance.randint(3, 9)):
        target = Party("document", "d-2", "Paper 2")
        stage.add((9 + number) * _HOUR, doer, "document.opened", target=target)
    target = Party(kind, f"{kind}-{chance.randrange(100, 999)}", name)
    stage.add(chance.uniform(9 * _HOUR, 17 * _HOUR), doer, action, target=target)
    deed = stage.fact(actor=doer.id, action=action, target=target.id)
    script = Script(stage)
    script.ask("who_did_what", question, must=[deed])
    script.ask("who_did_what", f"What did {doer.name} do?", must=stage.facts_of(doer))
    return script


def burst(stage: Stage, turn: int) -> Script:
    """Put on a day on which one person does one thing many times within minutes."""
    chance = stage.chance()
    action = ("file.downloaded", "document.deleted", "contact.viewed", "record.updated")[turn % 4]
    people = pick(chance, 7)
    stage.work(people[1:], OFFICE, 70)
    begin, many = chance.uniform(9 * _HOUR, 17 * _HOUR), chance.randint(25, 60)
    for number in range(many):
        target = Party("object", f"o-{number}", "One of many")
        stage.add(begin + number * chance.uniform(1, 5), people[0], action, target=target)
    must = [stage.fact(actor=people[0].id, action=action)]
    script = Script(stage)
    script.ask("bursts", "Was there a burst of activity, and whose was it?", must=must)
    script.ask("bursts", None, must=must)
    return script


def export(stage: Stage, turn: int) -> Script:
    """Put on a day on which data is taken out."""
    chance = stage.chance()
    action = ("audit_event.exported", "report.exported", "contact.exported")[turn % 3]
    people = pick(chance, 6)
    stage.work(people[1:], OFFICE, 60)
    for number in range(chance.randint(1, 4)):
        target = Party("export", f"x-{number}", "All of it")
        stage.add(chance.uniform(7 * _HOUR, 20 * _HOUR), people[0], action, target=target)
    must = [stage.fact(actor=people[0].id, action=action)]
    script = Script(stage)
    asks = ("Who exported data, and how often?", "Was anything exported?", "List the exports.")
    script.ask("export", asks[turn % 3], must=must)
    script.ask("export", None, must=must)
    return script


def off_hours(stage: Stage, turn: int) -> Script:
    """Put on a day's work, and somebody who comes back in the night."""
    chance = stage.chance()
    action = ("document.deleted", "setting.updated", "file.downloaded", "member.invited")[turn % 4]
    people = pick(chance, 6)
    stage.work(people, OFFICE, 60)
    for _ in range(chance.randint(1, 3)):
        target = Party("object", "o-7", "Seventh thing")
        stage.add(chance.uniform(1 * _HOUR, 4 * _HOUR), people[0], action, target=target)
    must = [stage.fact(actor=people[0].id, action=action)]
    night = (stage.start, stage.start + timedelta(hours=5))
    script = Script(stage)
    asks = ("What happened outside office hours?", "Did anybody work in the night?")
    script.ask("off_hours", asks[turn % 2], must=must)
    script.ask("off_hours", None, must=must, window=night)
    return script


def absence(stage: Stage, turn: int) -> Script:
    """Put on a day on which what is asked after did not happen."""
    chance = stage.chance()
    stage.work(pick(chance, 5), OFFICE, 55)
    watched = ("member.role_changed", "api_key.created", "audit_event.exported")
    action = watched[turn % 3]
    asks = (
        "Was anybody's role changed?",
        "Were any API keys created?",
        "Was the audit log exported?",
    )
    script = Script(stage)
    script.ask("absence", asks[turn % 3], must=[stage.fact(action=action)])
    script.ask("absence", None, must=[stage.fact(action=each) for each in watched[:2]])
    return script


def empty(stage: Stage, turn: int) -> Script:
    """Put on a day, and ask for what is not in it."""
    chance = stage.chance()
    people = pick(chance, 5)
    stage.work(people, OFFICE, 40)
    queries = ("action:vault.opened", "outcome:denied", "ip:203.0.113.250", "action:robot.started")
    script = Script(stage)
    script.ask("empty_slice", None, refuse="no_evidence", query=queries[turn % 4])
    before = (stage.start, stage.start + timedelta(hours=6))
    script.ask("empty_slice", "Who opened documents?", refuse="no_evidence", window=before)
    return script
