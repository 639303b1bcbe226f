"""What has to be there before the commands of retention can be called, and their arguments."""

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
