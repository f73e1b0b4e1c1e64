"""What `claimstream users add` refuses before it asks a broker anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Call


@pytest.mark.parametrize(
    "name", ["claimstream", "Claimstream", "ANONYMOUS", "desk.7", "a b", "", "x" * 65, "-desk", "User:desk"]
)
def test_a_name_that_could_be_somebody_else_is_refused(call: Call, name: str) -> None:
    said = call("users", "add", "--role", "upstream", "--", name)
    assert said.code == 2
    assert "hint: " in said.err or "usage" in said.err


@pytest.mark.parametrize("password", ["short", "", "längere-passwörter", "tab\tin the password"])
def test_a_password_that_is_weak_or_no_text_is_refused(call: Call, tmp_path: Path, password: str) -> None:
    file = tmp_path / "password"
    file.write_text(password + "\n")
    said = call("users", "add", "desk", "--role", "upstream", "--password-file", file)
    assert said.code == 2
    assert "password-weak" in said.err
    assert not password or password not in said.err


def test_a_password_file_that_is_not_there_is_named(call: Call, tmp_path: Path) -> None:
    said = call("users", "add", "desk", "--role", "upstream", "--password-file", tmp_path / "none")
    assert said.code == 2
    assert str(tmp_path / "none") in said.err


def test_a_role_must_be_chosen(call: Call) -> None:
    assert call("users", "add", "desk").code == 2
    assert call("users", "add", "desk", "--role", "king").code == 2
