"""What has to be there before the commands of retention can be called, and their arguments."""

from tests.factories.audit import AuditEventFactory
from tests.factories.erasure import PersonErasureFactory, RunningErasureFactory
from tests.factories.retention import MOMENT, LegalHoldFactory, RetentionRunFactory, old_event
from tests.support.worlds import World

Arguments = tuple[tuple, dict]


def running_deletion(world: World) -> Arguments:
    """Make a round that is under way."""
    return (world.make(RetentionRunFactory).id,), {}


def deletion_with_something_over(world: World) -> Arguments:
    """Make a round for which the first events of the tenant are over."""
    old_event(world, days=500)
    run = world.make(RetentionRunFactory, until={"short": 0, "standard": 10_000, "security": 0})
    return (run.id,), {}


def hold_in_force(world: World) -> Arguments:
    """Place a hold."""
    return (world.make(LegalHoldFactory).id, "The case is closed", MOMENT), {}


def no_hold_yet(_world: World) -> Arguments:
    """Return what a hold is placed with."""
    return ("actor:u-ann", "Case 7", MOMENT), {}


def somebody_to_erase(world: World) -> Arguments:
    """Put somebody into the log, and return what asks for their erasure."""
    world.make(AuditEventFactory, actor_type="person", actor_id="u-ann", actor_name="Ann Example")
    return ("u-ann", "Letter 7"), {}


def waiting_erasure(world: World) -> Arguments:
    """Make an erasure that somebody else asked for."""
    return (world.make(PersonErasureFactory).id,), {}


def erasure_to_refuse(world: World) -> Arguments:
    """Make an erasure that somebody else asked for, and say why not."""
    return (world.make(PersonErasureFactory).id, "Needed for a claim"), {}


def running_erasure(world: World) -> Arguments:
    """Make an erasure that two people decided on."""
    return (world.make(RunningErasureFactory).id,), {}
