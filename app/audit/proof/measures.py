"""What Prometheus learns of the seal; of all tenants together, because names are nobody's."""

from prometheus_client import Counter, Gauge

SEALED = Counter("ballast_audit_sealed_events", "Events that joined the tree of their log")
WAITING = Gauge(
    "ballast_audit_unsealed_events",
    "Events that no checkpoint covers yet",
    multiprocess_mode="mostrecent",
)
LAG = Gauge(
    "ballast_audit_seal_lag_seconds",
    "Age of the oldest event that no checkpoint covers yet",
    multiprocess_mode="mostrecent",
)
BROKEN = Gauge(
    "ballast_audit_broken_logs",
    "Logs that could not be sealed in the last round, because they are not what was sealed",
    multiprocess_mode="mostrecent",
)
CHECKED = Counter("ballast_audit_seal_checks", "Logs read again by night", ["outcome"])
PUBLISHED = Counter(
    "ballast_audit_checkpoints_published", "Checkpoints sent away", ["destination", "outcome"]
)
