"""Certificates for trials: an authority of its own, and a certificate for the broker's listener to people outside.

``DIR/ca.crt``      what clients trust (CLAIMSTREAM_KAFKA_CA_FILE)
``DIR/ca.key``      what signs; keep it away from the broker
``DIR/broker.pem``  key and chain as Kafka reads them: ssl.keystore.type=PEM, ssl.keystore.location=DIR/broker.pem

For anything but trials take certificates of your own authority: Kafka reads those in the same form.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shared.errors import UsageError

BROKER_DAYS = 397  # what browsers take at most; long for a trial, short enough that renewing is not forgotten
CA_DAYS = 1825  # five years: a renewed broker certificate asks nothing of the clients
CLOCKS = timedelta(hours=1)  # a client's clock may be behind by that
CA, CA_KEY, BROKER = "ca.crt", "ca.key", "broker.pem"


def make(directory: Path, hosts: Sequence[str], *, days: int = BROKER_DAYS) -> dict[Path, bool]:
    """Each file and whether it was made now; a file that is there is never overwritten. Keys are for their owner alone.

    Raises UsageError for a host that is neither a name nor an address, and when half of an authority is there.
    """
    names = [_name(host) for host in hosts]
    certificate, key, broker = (directory / name for name in (CA, CA_KEY, BROKER))
    if broker.exists() and certificate.exists():
        return {certificate: False, broker: False}
    if certificate.exists() != key.exists():
        there, missing = (certificate, key) if certificate.exists() else (key, certificate)
        raise UsageError(
            f"{there} is there and {missing.name} is not",
            code="certificates-incomplete",
            hint=f"Put {missing.name} back, or begin in an empty folder.",
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        made = {certificate: not certificate.exists(), broker: True}
        if made[certificate]:
            _write_authority(certificate, key)
        authority = x509.load_pem_x509_certificate(certificate.read_bytes())
        signer = serialization.load_pem_private_key(key.read_bytes(), password=None)
        if not isinstance(signer, ec.EllipticCurvePrivateKey):
            raise UsageError(
                f"{key} is no key of this command's",
                code="certificates-foreign",
                hint="Begin in an empty folder.",
            )
        _write(broker, _broker(authority, signer, names, days), 0o600)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"certificates in {directory}: {error}",
            code="certificates-unwritable",
            hint="Name a folder that you may write to, with no files of another kind in it.",
        ) from None
    return made


def expiry(path: Path) -> datetime:
    """When the first certificate in a PEM file ends. Raises OSError and ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        if not host or any(character in host for character in "/: \t"):
            raise ValueError("no host name")
        return x509.DNSName(host)
    except ValueError:
        raise UsageError(f"--host {host}", hint="A host name or an IP address, without a port.") from None


def _write_authority(certificate: Path, key: Path) -> None:
    signer = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "claimstream trial authority")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signer.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS)
        .not_valid_after(now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(key, _pem(signer), 0o600)
    _write(certificate, signed.public_bytes(serialization.Encoding.PEM), 0o644)


def _broker(
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
    names: Sequence[x509.GeneralName],
    days: int,
) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "claimstream broker")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS)
        .not_valid_after(min(now + timedelta(days=days), authority.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    return b"".join(
        [_pem(key), *(one.public_bytes(serialization.Encoding.PEM) for one in (signed, authority))]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Refuses to replace what is there; a key never has wider rights, not even for a moment."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
