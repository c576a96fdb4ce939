"""Asks the service on this machine whether it is well."""

import json
import os
import ssl
import sys
from urllib.request import urlopen


def main() -> int:
    port = os.environ.get("PORT", "8000")
    certificate = os.environ.get("TLS_CERTIFICATE")
    scheme = "https" if certificate else "http"
    context = ssl.create_default_context(cafile=certificate) if certificate else None
    try:
        with urlopen(f"{scheme}://localhost:{port}/health", timeout=2, context=context) as reply:
            return 0 if json.load(reply)["status"] == "ok" else 1
    except (OSError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
