"""Days that somebody on watch cares about: sign-ins that fail, roles, keys."""

from app.audit.event import Party
from app.evals.scenes.script import Script
from app.evals.scenes.stage import Stage, pick
from app.evals.scenes.working import OFFICE

_HOUR = 3600
_SESSION = Party("session", "s-1", "session")


def failed_sign_ins(stage: Stage, turn: int) -> Script:
    """Put on a day on which passwords are guessed: of one person, or of several."""
    chance = stage.chance()
    people = pick(chance, 7)
    stage.work(people, OFFICE, 60)
    ip = f"203.0.113.{chance.randrange(1, 200)}"
    begin = chance.uniform(1 * _HOUR, 22 * _HOUR)
    guessed = people[: 1 + turn % 3]
    for place, who in enumerate(guessed):
        for number in range(chance.randint(3, 14)):
            second = begin + 200 * place + number * chance.uniform(2, 9)
            stage.add(second, who, "session.started", outcome="failure", target=_SESSION, ip=ip)
    stage.add(begin + 900, guessed[0], "session.started", target=_SESSION, ip=ip)
    failed = [
        stage.fact(actor=who.id, action="session.started", outcome="failure", ip=ip)
        for who in guessed
    ]
    script = Script(stage)
    asks = ("Whose sign-ins failed?", "Did any logins fail, and how often?", "Failed sign-ins?")
    script.ask("failed_sign_ins", asks[turn % 3], must=failed)
    script.ask("failed_sign_ins", None, must=failed)
    return script


def privilege_change(stage: Stage, turn: int) -> Script:
    """Put on a day on which somebody gets another role, after a try that was denied."""
    chance = stage.chance()
    people = pick(chance, 6)
    stage.work(people, OFFICE, 65)
    admin, raised = people[0], people[1]
    second = chance.uniform(8 * _HOUR, 17 * _HOUR)
    member = Party("member", raised.id, raised.name)
    must = []
    if turn % 2:
        stage.add(second - 300, raised, "member.role_changed", outcome="denied", target=member)
        must = [stage.fact(actor=raised.id, action="member.role_changed", outcome="denied")]
    changes = {"role": {"before": "analyst", "after": "admin"}}
    stage.add(second, admin, "member.role_changed", target=member, changes=changes)
    done = stage.fact(
        actor=admin.id, action="member.role_changed", outcome="success", target=raised.id
    )
    must = [*must, done]
    script = Script(stage)
    asks = ("Whose role was changed, and by whom?", "Were there changes of privileges?")
    script.ask("privilege_change", asks[turn % 2], must=must)
    script.ask("privilege_change", None, must=must)
    return script


def key_lifecycle(stage: Stage, turn: int) -> Script:
    """Put on a day in the life of an API key: made, used from elsewhere, revoked."""
    chance = stage.chance()
    people = pick(chance, 6)
    stage.work(people[1:], OFFICE, 60)
    owner, number = people[0], chance.randrange(100, 999)
    key = Party("api_key", f"k-{number}", f"Deploy key {number}")
    begin = chance.uniform(7 * _HOUR, 15 * _HOUR)
    ip = f"203.0.113.{chance.randrange(1, 200)}"
    stage.add(begin, owner, "api_key.created", target=key)
    for use in range(chance.randint(2, 9)):
        stage.add(begin + 600 + 60 * use, owner, "api_key.used", target=key, ip=ip)
    actions = ["api_key.created", "api_key.used"]
    if turn % 2:
        stage.add(begin + 7_200, owner, "api_key.revoked", target=key)
        actions.append("api_key.revoked")
    must = [stage.fact(actor=owner.id, action=action, target=key.id) for action in actions]
    script = Script(stage)
    asks = ("What happened to API keys?", f"What was done with {key.name}?")
    script.ask("key_lifecycle", asks[turn % 2], must=must)
    script.ask("key_lifecycle", None, must=must)
    return script
