"""Watches the service beside it, and tells Prometheus on a port of its own."""

import logging
import os
import time

import psutil
import requests
import sentry_sdk
from prometheus_client import Gauge, start_http_server

log = logging.getLogger("monitor")

up = Gauge("trading_up", "Whether the service answers")
answer_seconds = Gauge("trading_answer_seconds", "Time that the last answer took")
memory_bytes = Gauge("trading_machine_memory_used_bytes", "Memory used on this machine")
load = Gauge("trading_machine_load", "Load of the last minute, a processor")


def watch(url: str) -> None:
    """One look at the service and the machine."""
    started = time.perf_counter()
    try:
        requests.get(f"{url}/health", timeout=2).raise_for_status()
        up.set(1)
    except requests.RequestException as error:
        up.set(0)
        log.warning("%s does not answer: %s", url, error)
    answer_seconds.set(time.perf_counter() - started)
    memory_bytes.set(psutil.virtual_memory().used)
    load.set(psutil.getloadavg()[0] / (psutil.cpu_count() or 1))


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    sentry_sdk.init(dsn=os.environ.get("SENTRY_DSN"))
    url = os.environ.get("TRADING_URL", "http://127.0.0.1:8000")
    start_http_server(int(os.environ.get("MONITOR_PORT", "9100")))
    log.info("watching %s", url)
    while True:
        watch(url)
        time.sleep(float(os.environ.get("MONITOR_INTERVAL", "5")))


if __name__ == "__main__":
    main()
