"""Settings of the web server; gunicorn reads the names of this module."""

worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 6
# Requests are logged by the app itself, with tenant, actor and request id.
accesslog = None
loglevel = "warning"
# Slowly leaking memory in some library never becomes an outage.
max_requests = 5_000
max_requests_jitter = 500
forwarded_allow_ips = "127.0.0.1"
limit_request_line = 8_000
