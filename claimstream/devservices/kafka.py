"""One Kafka broker that is its own controller (KRaft), on loopback, with two listeners: plaintext, where everybody may
do everything, and TLS with SCRAM, where a user may do what `claimstream users` gave it and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from claimstream.access import certificates
from claimstream.devservices.jars import kafka_jars
from claimstream.devservices.java import find_java
from claimstream.devservices.process import ServerProcess, accepts, free_port
from claimstream.devservices.server import Server
from shared.errors import UsageError

HEAP = "512m"
START_SECONDS = 90  # four on an idle machine; two cores shared with a test suite need patience
READY = "Kafka Server started"  # logged after the broker has been unfenced

# Replication of one, and few internal partitions: fifty each, the default, only slow down starts and restarts.
# A killed broker's registration has to run out before it may come back: 9 s by default.
# Limits of message sizes stay Kafka's own, for the contracts rely on them.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=INSIDE://127.0.0.1:{port},OUTSIDE://127.0.0.1:{secure_port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=INSIDE://127.0.0.1:{port},OUTSIDE://127.0.0.1:{secure_port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=INSIDE
listener.security.protocol.map=INSIDE:PLAINTEXT,OUTSIDE:SASL_SSL,CONTROLLER:PLAINTEXT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
listener.name.outside.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.outside.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.outside.ssl.keystore.type=PEM
listener.name.outside.ssl.keystore.location={directory}/tls/broker.pem
log.dirs={directory}/data
auto.create.topics.enable=false
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.min.isr=1
"""

LOG4J = """\
appenders=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
"""


class Kafka(Server):
    """Fetched and formatted before its first start."""

    name = "Kafka"

    def __init__(self) -> None:
        super().__init__()
        self._command: list[str] = []
        self._port = self._secure_port = 0

    @property
    def bootstrap(self) -> str:
        """The plaintext listener, whose clients are super users; the same after a restart."""
        return f"127.0.0.1:{self._port}"

    @property
    def secure_bootstrap(self) -> str:
        """The listener with TLS and SCRAM; the same after a restart."""
        return f"127.0.0.1:{self._secure_port}"

    @property
    def ca_file(self) -> Path:
        """What a client of the second listener must trust."""
        return self._home() / "tls" / certificates.CA

    def _run(self) -> None:
        process = ServerProcess(
            self.name,
            [*self._command, "kafka.Kafka", str(self._home() / "server.properties")],
            self.log,
        )
        self._process = process
        process.wait_until(lambda: READY in process.said() and accepts(self._port), START_SECONDS)

    def _end(self) -> None:
        self.kill()  # an orderly end takes seconds, and nobody reads its data again

    def _prepare(self) -> None:
        classpath = os.pathsep.join(str(jar) for jar in kafka_jars())
        directory = Path(tempfile.mkdtemp(prefix="claimstream-kafka-"))
        self._port = free_port()
        self._secure_port = free_port()
        certificates.make(directory / "tls", ["127.0.0.1"])
        properties = directory / "server.properties"
        properties.write_text(
            PROPERTIES.format(
                port=self._port,
                secure_port=self._secure_port,
                controller_port=free_port(),
                directory=directory,
            )
        )
        (directory / "log4j2.properties").write_text(LOG4J)
        self._command = [
            str(find_java()),
            f"-Xmx{HEAP}",
            "-XX:+UseSerialGC",
            f"-Dlog4j2.configurationFile={directory / 'log4j2.properties'}",
            "-cp",
            classpath,
        ]
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        done = subprocess.run(
            [*self._command, "kafka.tools.StorageTool", "format"]
            + [f"--cluster-id={cluster}", "--config", str(properties)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            shutil.rmtree(directory, ignore_errors=True)
            raise UsageError(
                f"Kafka's storage could not be formatted: {(done.stderr or done.stdout).strip()}",
                code="devservice-not-ready",
                hint="Its data goes to the system's folder for temporary files (TMPDIR).",
            )
        self._directory = directory
