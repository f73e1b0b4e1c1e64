"""Every failure has an owner, and this tree says which.

    ClaimstreamError
    ├── RecordError            owner: the record. It goes to the dead letters, untouched, with the code.
    │   ├── Undecodable        its bytes or headers are not what its topic carries
    │   ├── HandlerFailed      our code raised on it
    │   ├── HandlerTimeout     our code did not end within the record's deadline; its process was killed
    │   ├── HandlerKilled      the process that worked on it died
    │   └── RecordTooLarge     what it gave does not fit the topic it is for
    ├── DependencyAway         owner: the dependency. Nobody loses a record: pause, back off without limit.
    │   ├── BrokerAway
    │   │   └── BrokerRefuses      it answers, and does not let us in; mended there, we go on by ourselves
    │   │       ├── CredentialsRefused
    │   │       ├── CertificateRefused
    │   │       ├── HostNameMismatch
    │   │       ├── TlsMismatch    TLS on one side, plaintext on the other
    │   │       └── AccessDenied   a right on a topic, group or the cluster is missing
    │   ├── DatabaseAway
    │   └── NetworkAway
    ├── DeployBroken           owner: the deploy. The stage stops and says so.
    │   ├── DeadLetterLimit    too many dead letters in a row or in ratio
    │   ├── StageStuck         no progress although there is work
    │   ├── SettingsInvalid
    │   │   └── ContactMissing
    │   ├── ModelInvalid       the files of the extractor's model are not what its manifest says
    │   ├── SchemaMissing      the database lacks a migration
    │   ├── NotOurDatabase     the file is another program's database, or none
    │   ├── TopicMissing
    │   └── TopicRefused       the broker does not take a topic as deploy/topics.toml has it
    ├── RequestError           owner: the person who asks the API; services/store/api/refusals.py has them
    └── UsageError             owner: the person at the terminal; shown as code and hint, never as a traceback

``code`` is stable: it is the metric label, the dead-letter header and the anchor in the docs at once.
``hint`` tells the person who reads it at three in the morning what to do.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Owner = Literal["record", "dependency", "deploy", "person"]


class ClaimstreamError(Exception):
    """Base of all errors of ours. ``code`` and ``hint`` may be given for one instance."""

    owner: ClassVar[Owner] = "record"
    code: str = "internal"
    hint: str = "This is a defect of claimstream. Please report it with the log lines around it."

    def __init__(self, message: str = "", *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message or self.__class__.__name__)
        if code is not None:
            self.code = code
        if hint is not None:
            self.hint = hint

    @property
    def message(self) -> str:
        return str(self)


class RecordError(ClaimstreamError):
    """One record cannot be decoded or handled; the next one is not its business."""

    code = "record-failed"
    hint = "Look at it with `claimstream dead show`; after a fix, `claimstream dead redrive`."


class Undecodable(RecordError):
    """Raised by a decoder when the record is not what its topic carries."""

    code = "undecodable"
    hint = (
        "The producer wrote something else than the schema of this topic says; see shared/contracts/schemas."
    )


class HandlerFailed(RecordError):
    """Raised when a handler ended with an exception that it did not declare."""

    code = "handler-failed"
    hint = (
        "A defect in the handler: the log has the traceback. Fix it, deploy, then `claimstream dead redrive`."
    )


class HandlerTimeout(RecordError):
    """Raised when a handler did not end within the deadline of a record; its process was killed."""

    code = "handler-timeout"
    hint = "The record takes longer than CLAIMSTREAM_POOL_DEADLINE seconds. Raise it or mend the handler, then redrive."


class HandlerKilled(RecordError):
    """Raised when the process that handled the record died (out of memory, a crash in native code)."""

    code = "handler-killed"
    hint = "The worker process died on this record: look for memory limits and native crashes, then redrive."


class RecordTooLarge(RecordError):
    """Raised before sending what a topic does not take: the broker's refusal would poison the producer."""

    code = "record-too-large"
    hint = "The record is larger than its topic's max.message.bytes in deploy/topics.toml."


class DependencyAway(ClaimstreamError):
    """Something we stand on is away. It never costs a record."""

    owner = "dependency"
    code = "dependency-away"
    hint = "It is retried until it is back; nothing is lost."


class BrokerAway(DependencyAway):
    code = "broker-away"
    hint = (
        "Kafka does not answer at CLAIMSTREAM_KAFKA_BOOTSTRAP. It is retried until it does; nothing is lost."
    )


class BrokerRefuses(BrokerAway):
    """The broker is there and does not let us in. A deploy's fault, or the broker's; never a record's, so it is waited
    out like a broker that is away: what is mended at the broker needs no restart here."""

    code = "kafka-refuses"
    hint = "The broker's log says why. What is mended there needs no restart here; a changed setting does."


class CredentialsRefused(BrokerRefuses):
    code = "kafka-credentials-refused"
    hint = (
        "Check CLAIMSTREAM_KAFKA_USERNAME, _PASSWORD (or _PASSWORD_FILE) and _SASL_MECHANISM against "
        "`claimstream users ls`; `claimstream users add NAME --role ROLE --new-password` draws another password."
    )


class CertificateRefused(BrokerRefuses):
    code = "kafka-certificate-refused"
    hint = (
        "CLAIMSTREAM_KAFKA_CA_FILE must hold the authority that signed the broker's certificate, and the certificate "
        "must not have expired; `claimstream doctor` shows its days."
    )


class HostNameMismatch(BrokerRefuses):
    code = "kafka-host-name-mismatch"
    hint = (
        "The broker's certificate does not name the host that CLAIMSTREAM_KAFKA_BOOTSTRAP (or the broker's advertised "
        "address) says: use a name that it has, or make one with `claimstream certificates make DIR --host NAME`."
    )


class TlsMismatch(BrokerRefuses):
    code = "kafka-tls-mismatch"
    hint = (
        "One side speaks TLS and the other does not: CLAIMSTREAM_KAFKA_SECURITY must be what this port of "
        "CLAIMSTREAM_KAFKA_BOOTSTRAP takes (SASL_SSL on the listener for people outside)."
    )


class AccessDenied(BrokerRefuses):
    code = "kafka-access-denied"
    hint = "Give the user its role with `claimstream users add NAME --role ROLE`; what is there is kept."


class DatabaseAway(DependencyAway):
    code = "database-away"
    hint = "The database does not answer. It is retried until it does; nothing is lost."


class NetworkAway(DependencyAway):
    code = "network-away"
    hint = "This machine's own network or resolver is down. Visits wait; none is given up."


class DeployBroken(ClaimstreamError):
    """What was deployed cannot work; going on would drain a topic into the dead letters."""

    owner = "deploy"
    code = "deploy-broken"
    hint = "Roll back or fix the deployment, then restart the service."


class DeadLetterLimit(DeployBroken):
    code = "dead-letter-limit"
    hint = "Nearly every record fails, so the release is to blame, not the records. Fix or roll back, restart, redrive."


class StageStuck(DeployBroken):
    code = "stage-stuck"
    hint = "The stage made no progress although records wait. The process ends so that its supervisor starts it anew."


class SettingsInvalid(DeployBroken):
    code = "settings-invalid"
    hint = "Correct the named CLAIMSTREAM_… variable; .env.example describes each."


class ContactMissing(SettingsInvalid):
    """Raised when a fetcher is made without a contact for its user agent: a guest says who it is."""

    code = "contact-missing"
    hint = (
        "Set CLAIMSTREAM_FETCHER_CONTACT to a mail address or a page, where a site's owner reaches a person. "
        "It goes into the user agent; the fetcher does not crawl without it."
    )


class ModelInvalid(DeployBroken):
    """Raised before the first article when a model's file is missing, or another than its manifest names."""

    code = "model-invalid"
    hint = (
        "Set CLAIMSTREAM_EXTRACTOR_MODEL to `builtin`, to `rules`, or to a folder that `services.extractor.training` "
        "wrote; if it is `builtin` already, install this release anew."
    )


class SchemaMissing(DeployBroken):
    code = "schema-missing"
    hint = "Run `claimstream migrate` with this release first."


class NotOurDatabase(DeployBroken):
    """Raised before anything is written into a file that is not ours."""

    code = "not-our-database"
    hint = "Name another file with --db or in the database's URL; nothing was changed in this one."


class TopicMissing(DeployBroken):
    code = "topic-missing"
    hint = "Run `claimstream topics apply` first; topics are never created on the fly."


class TopicRefused(DeployBroken):
    """Raised when the broker answers a change to a topic with an error: then the topic is not as its file says."""

    code = "topic-refused"
    hint = "Correct the topic in deploy/topics.toml, then run `claimstream topics apply` again."


class RequestError(ClaimstreamError):
    """What was asked of the API cannot be answered. The answer is problem+json (RFC 9457) with code and hint."""

    owner = "person"
    status: ClassVar[int] = 400
    code = "request-refused"
    hint = "See /openapi.json of the API, or docs/api.md."


class UsageError(ClaimstreamError):
    """What a person asked for cannot be done as asked."""

    owner = "person"
    code = "usage"
    hint = "See `claimstream --help`."
