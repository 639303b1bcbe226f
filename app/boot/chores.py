"""Work that comes round by the clock, done by the worker for every tenant in turn."""

import datetime as dt
import logging
from uuid import UUID

import procrastinate
from flask import Flask
from sqlalchemy import delete

from app.audit.erasure.rounds import go_on_with_erasures
from app.audit.exports.pruning import prune_exports, revive_exports
from app.audit.ingest.imports.pruning import prune_files
from app.audit.ingest.quarantine.pruning import prune_quarantine
from app.audit.proof.publishing import publish_round
from app.audit.proof.rounds import check_round, seal_round
from app.audit.retention.deletion.rounds import begin_round, go_on_round
from app.audit.rollups.checking import compare_round
from app.gateway.endpoints.probing import probe_what_is_due
from app.gateway.forgetting import forget_texts
from app.gateway.gateway import gateway_settings
from app.kernel import clock
from app.kernel.database import Scope, unit_of_work
from app.kernel.mail import mail_leaves, send_waiting_mail
from app.kernel.rate_limit import RateWindow
from app.kernel.routing import database
from app.observability.field_data.store import prune_measurements
from app.tenancy.queries import list_tenant_ids

log = logging.getLogger(__name__)

RATE_WINDOWS_KEPT = dt.timedelta(days=1)


def add_chores(queue: procrastinate.App, app: Flask) -> None:
    """Let the worker of the queue do the chores."""
    _add_rounds(queue, app)
    _add_pruning(queue, app)


def _add_rounds(queue: procrastinate.App, app: Flask) -> None:
    """Add what is done every minute, or more often."""

    @queue.periodic(cron="* * * * *")
    @queue.task(name="mail.send_waiting")
    def send_mail(timestamp: int) -> None:
        del timestamp  # procrastinate passes the minute that this run is for
        with app.app_context():
            send_all_mail()

    # The sixth place are seconds. Rounds that take longer than that do not pile up, and wait for
    # nothing that could be done later.
    @queue.periodic(cron="* * * * * */3")
    @queue.task(name="audit.seal", queueing_lock="audit.seal", priority=10)
    def seal(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            seal_round(all_tenant_ids())

    @queue.periodic(cron="* * * * *")
    @queue.task(name="audit.publish", queueing_lock="audit.publish")
    def publish(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            publish_round(all_tenant_ids())

    @queue.periodic(cron="* * * * *")
    @queue.task(name="retention.go_on", queueing_lock="retention.go_on")
    def go_on_with_deletion(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            go_on_round(all_tenant_ids())

    @queue.periodic(cron="* * * * *")
    @queue.task(name="erasures.go_on", queueing_lock="erasures.go_on")
    def erase(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            go_on_with_erasures(all_tenant_ids())

    @queue.periodic(cron="* * * * *")
    @queue.task(name="exports.tend", queueing_lock="exports.tend")
    def tend_exports(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            tend_all_exports()

    # Also what a start does in the background: whatever nobody has probed yet is due at once.
    @queue.periodic(cron="* * * * *")
    @queue.task(name="gateway.probe", queueing_lock="gateway.probe", lock="gateway.probe")
    def probe_endpoints(timestamp: int) -> None:
        del timestamp
        with app.app_context(), database().session():
            probe_what_is_due(gateway_settings())


def _add_pruning(queue: procrastinate.App, app: Flask) -> None:
    """Add what is done once in a while: checking, and forgetting what is too old."""

    @queue.periodic(cron="11 2 * * *")
    @queue.task(name="audit.check")
    def check(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            check_round(all_tenant_ids())

    @queue.periodic(cron="17 3 * * *")
    @queue.task(name="retention.begin")
    def begin_deletion(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            begin_round(all_tenant_ids())

    @queue.periodic(cron="31 1 * * *")
    @queue.task(name="audit.compare_counts")
    def compare(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            compare_round(all_tenant_ids())

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="rate_windows.prune")
    def prune(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            prune_rate_windows()

    @queue.periodic(cron="23 3 * * *")
    @queue.task(name="field_data.prune")
    def prune_old_measurements(timestamp: int) -> None:
        del timestamp
        with app.app_context(), database().session():
            prune_measurements()

    @queue.periodic(cron="41 2 * * *")
    @queue.task(name="quarantine.prune")
    def prune_old_refusals(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            prune_all_quarantines()

    @queue.periodic(cron="53 2 * * *")
    @queue.task(name="model_texts.forget")
    def forget_old_texts(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            forget_all_texts()

    @queue.periodic(cron="7 4 * * *")
    @queue.task(name="file_imports.prune")
    def prune_old_files(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            prune_all_files()


def forget_all_texts() -> None:
    """Empty what every tenant's calls said word for word, once its days are over."""
    for tenant_id in all_tenant_ids():
        with database().session(Scope(tenant_id)):
            forget_texts()


def prune_all_files() -> None:
    """Forget the uploaded files of every tenant that nobody came back for."""
    with database().session():
        tenant_ids = list_tenant_ids()
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            prune_files()


def tend_all_exports() -> None:
    """Delete what is over of every tenant's exports, and go on with what was left behind."""
    for tenant_id in all_tenant_ids():
        with database().session(Scope(tenant_id)):
            prune_exports()
            revive_exports()


def prune_all_quarantines() -> None:
    """Forget what waited too long in every tenant's quarantine."""
    for tenant_id in all_tenant_ids():
        with database().session(Scope(tenant_id)):
            prune_quarantine()


def send_all_mail() -> None:
    """Send what waits in every tenant's outbox; what the server refuses waits for the next run."""
    if not mail_leaves():
        return
    with database().session():
        tenant_ids = list_tenant_ids()
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            try:
                send_waiting_mail()
            except Exception as error:  # noqa: BLE001  one tenant's mail keeps back no other's
                log.warning("mail_not_sent", extra={"reason": type(error).__name__})


def all_tenant_ids() -> tuple[UUID, ...]:
    """Return every tenant there is."""
    with database().session():
        return list_tenant_ids()


def prune_rate_windows() -> None:
    """Forget the windows of yesterday; nobody asks for them any more."""
    with database().session(), unit_of_work() as session:
        old = clock.now() - RATE_WINDOWS_KEPT
        session.execute(delete(RateWindow).where(RateWindow.window_start < old))
