"""How gunicorn runs the service. The books are in memory: one process, several threads."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = 1
worker_class = os.environ.get("WORKER_CLASS", "gthread")
threads = int(os.environ.get("THREADS", "8"))
worker_tmp_dir = "/dev/shm"
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
graceful_timeout = 10
certfile = os.environ.get("TLS_CERTIFICATE")
keyfile = os.environ.get("TLS_KEY")
