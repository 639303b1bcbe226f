"""What Prometheus learns of the counts; of all tenants together, because names are nobody's."""

from prometheus_client import Counter, Gauge

CHECKED = Counter("ballast_audit_count_checks", "Logs whose counts were compared", ["outcome"])
DRIFTED = Gauge(
    "ballast_audit_drifted_counts",
    "Counts that were not what the logs say when they were compared last",
    multiprocess_mode="mostrecent",
)
