"""gunicorn's settings; each can be overridden on its command line. A proxy that buffers belongs in front."""

from __future__ import annotations

bind = "127.0.0.1:8000"
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True
timeout = 30
graceful_timeout = 30
keepalive = 5
limit_request_line = 8190
accesslog = None
control_socket_disable = True
