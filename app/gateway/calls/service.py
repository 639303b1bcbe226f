"""Reading what was said in a call, word for word."""

from dataclasses import dataclass
from uuid import UUID

from app.gateway.models import ModelAnswer, ModelCall
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.problems import PermissionMissing
from app.kernel.records import get_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class CallText:
    """A call, with the messages that were sent and what came back; both empty once forgotten."""

    call: ModelCall
    text: ModelAnswer


@command(requires=Permission.MODEL_CALL_READ, audit=AuditTag.MODEL_CALL_READ)
def read_call_text(actor: Actor, call_id: UUID) -> Done[CallText]:
    """Return the words of a call, and write into the log that they were read.

    They tell what is in the log, so they are for those who may read it: raises
    `PermissionMissing` for others, `NotFound` for a call that is not this tenant's.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        raise PermissionMissing(Permission.AUDIT_EVENT_READ)
    call, text = get_record(ModelCall, call_id), get_record(ModelAnswer, call_id)
    return Done(CallText(call, text), targets=(Target("model_call", str(call.id), call.purpose),))
