"""The containers' health check: exit 0 when the service in this container answers /ready with 200.

A dependency that is away makes a service unready and never restarts it. What is missing is printed:
`docker inspect --format '{{json .State.Health}}' CONTAINER` shows it.
"""

import http.client
import os
import sys

TIMEOUT = 12  # seconds; the service gives each of its own checks 5


def main() -> int:
    port = int(os.environ.get("CLAIMSTREAM_HEALTH_PORT", "0"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        print(answer.read().decode("utf-8", "replace"))
    except OSError as error:
        print(f"no answer on port {port}: {error}")
        return 1
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
