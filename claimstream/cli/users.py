"""``claimstream users add|ls|remove``: who may read and write what on the broker, by role."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
import sys
from pathlib import Path

from claimstream import kafka
from claimstream.access.roles import ROLES
from claimstream.access.users import User, Users
from shared.errors import UsageError
from shared.pipeline.kafka.topics import admin

# No dot: a user's consumer groups are named as it is, or go on with a dot.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
PASSWORD_BYTES = 24
SHORTEST = 16  # characters of a password that a person brings


def register(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser(
        "add", help="a user with the rights of a role; again: the role anew, the password stays"
    )
    add.add_argument(
        "name", metavar="NAME", help="letters, digits, - and _; its consumer groups are NAME or NAME.…"
    )
    add.add_argument(
        "--role",
        required=True,
        choices=ROLES,
        help="upstream submits URLs; downstream reads claims; service is what the four services need",
    )
    secret = add.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-file", metavar="FILE", help="the password is its first line; - reads standard input"
    )
    secret.add_argument(
        "--new-password", action="store_true", help="draw another password for a user that is there"
    )
    add.set_defaults(run=run_add)
    listing = actions.add_parser("ls", help="every user, its role, and whether it can sign in")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    listing.set_defaults(run=run_list)
    remove = actions.add_parser("remove", help="take a user's rights and its password away")
    remove.add_argument("name", metavar="NAME", help="as `claimstream users ls` shows it")
    remove.set_defaults(run=run_remove)


def run_add(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()
    name, given = _name(options.name, broker.prefix), _password(options.password_file)

    async def add() -> tuple[int, int, str | None]:
        async with admin(broker.options) as client:
            users = Users(client, broker.prefix, broker.topics)
            there = await users.can_sign_in(name)
            added, taken = await users.set_role(name, options.role)
            password = given
            if password is None and (options.new_password or not there):
                password = secrets.token_urlsafe(PASSWORD_BYTES)
            if password is not None:
                await users.set_password(name, password)
            return added, taken, password

    added, taken, password = asyncio.run(add())
    print(f"user {name}: {options.role}, {added} rights added, {taken} taken away")
    if password is None:
        print("password: as it was (--new-password draws another)")
    elif given is None:
        print(f"password: {password}")
        print("          shown this once; the broker keeps no copy that could be shown again")
    else:
        print("password: as given")
    if options.role != "service":
        print(f"consumer groups: {name}, or {name}.…")
    return 0


def run_list(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()

    async def listed() -> list[User]:
        async with admin(broker.options) as client:
            return await Users(client, broker.prefix, broker.topics).list()

    for user in asyncio.run(listed()):
        if options.json:
            print(json.dumps({"name": user.name, "role": user.role, "credential": user.credential}))
            continue
        note = "" if user.credential else "  has no password: `claimstream users add` it again"
        print(f"{user.name:24} {user.role or f'other, {user.rights} rights':12}{note}")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()

    async def remove() -> None:
        async with admin(broker.options) as client:
            users = Users(client, broker.prefix, broker.topics)
            if options.name not in {user.name for user in await users.list()}:
                raise UsageError(
                    f"no user {options.name}",
                    code="user-unknown",
                    hint="`claimstream users ls` lists those there are.",
                )
            await users.remove(options.name)

    asyncio.run(remove())
    print(f"user {options.name}: rights and password taken away; its connections can do nothing from now on")
    return 0


def _name(name: str, prefix: str) -> str:
    if not NAME.fullmatch(name):
        raise UsageError(f"user {name!a}", code="user-name", hint="1 to 64 letters, digits, - and _.")
    if name.lower() in (prefix.lower(), "anonymous"):
        raise UsageError(
            f"user {name}",
            code="user-name",
            hint="That name is the pipeline's own: its consumer groups would be the services'. Take another.",
        )
    return name


def _password(path: str | None) -> str | None:
    """The first line of the file or of standard input; None when there is no file."""
    if path is None:
        return None
    try:
        text = sys.stdin.readline() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: {error}", code="file-unreadable", hint="A text file whose first line is the password."
        ) from None
    password = (text.splitlines() or [""])[0]
    if len(password) < SHORTEST or not password.isascii() or not password.isprintable():
        raise UsageError(
            "the password cannot be taken",
            code="password-weak",
            hint=f"At least {SHORTEST} printable ASCII characters; without --password-file a good one is drawn.",
        )
    return password
