"""The containers' health check: exit 0 when the service in this container answers /ready with 200.

A dependency that is away makes a service unready and never restarts it. What is missing is printed:
`docker inspect --format '{{json .State.Health}}' CONTAINER` shows it.

Every few seconds in every container: it imports no HTTP client, which would be most of what it costs.
"""

import os
import socket
import sys

TIMEOUT = 12  # seconds; the service gives each of its own checks 5
REQUEST = b"GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n"  # 1.0: the answer ends with the connection


def main() -> int:
    port = int(os.environ.get("CLAIMSTREAM_HEALTH_PORT", "0"))
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
            connection.sendall(REQUEST)
            while part := connection.recv(65536):
                answer += part
    except OSError as error:
        print(f"no answer on port {port}: {error}")
        return 1
    head, _, body = answer.partition(b"\r\n\r\n")
    print(body.decode("utf-8", "replace"))
    return 0 if head.split(b" ", 2)[1:2] == [b"200"] else 1


if __name__ == "__main__":
    sys.exit(main())
