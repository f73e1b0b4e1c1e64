"""``claimstream certificates make DIR --host NAME``: certificates for a trial of the listener for people outside."""

from __future__ import annotations

import argparse
from pathlib import Path

from claimstream.access import certificates


def register(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    make = actions.add_parser(
        "make", help="an authority and a broker's certificate; keeps the files that are there"
    )
    make.add_argument("directory", metavar="DIR", type=Path, help="where ca.crt, ca.key and broker.pem go")
    make.add_argument(
        "--host",
        action="append",
        required=True,
        metavar="NAME",
        help="what clients call the broker, a name or an address; as often as it has names",
    )
    make.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    for path, made in certificates.make(options.directory, options.host).items():
        until = f"{certificates.expiry(path):%Y-%m-%d}" if path.suffix == ".crt" else ""
        note = (
            f"clients trust this, until {until}"
            if until
            else f"key and chain, {certificates.BROKER_DAYS} days"
        )
        print(f"{'made' if made else 'kept':5} {path}  {note if made else 'delete it to have another one'}")
    print(f"broker: ssl.keystore.type=PEM ssl.keystore.location={options.directory / certificates.BROKER}")
    print(
        f"client: CLAIMSTREAM_KAFKA_SECURITY=SASL_SSL CLAIMSTREAM_KAFKA_CA_FILE={options.directory / certificates.CA}"
    )
    return 0
