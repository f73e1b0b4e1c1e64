"""Who may ask, and how much."""

from __future__ import annotations

import pytest

from services.store.api import rates as rates_module
from services.store.api.rates import Rates
from services.store.api.refusals import TokenMissing, TokenUnknown
from services.store.api.settings import ApiSettings, is_loopback
from services.store.api.tokens import Tokens
from shared.clock import ManualClock
from shared.errors import SettingsInvalid
from shared.settings import load

ONE, TWO = "0123456789abcdef-one", "0123456789abcdef-two"


def test_an_api_that_can_be_reached_from_outside_does_not_start_without_tokens() -> None:
    for host in ("0.0.0.0", "::", "10.1.2.3", "news.example", ""):
        with pytest.raises(SettingsInvalid, match="CLAIMSTREAM_API_TOKENS"):
            load(ApiSettings, {}, host=host)
        assert load(ApiSettings, {}, host=host, tokens=ONE).host == host
    assert load(ApiSettings, {}).accepted == ()


@pytest.mark.parametrize(("host", "is_it"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True)])
def test_loopback_is_known(host: str, is_it: bool) -> None:
    assert is_loopback(host) is is_it
    assert is_loopback("localhost")
    assert not is_loopback("127.0.0.1.example")


def test_tokens_come_from_a_file_one_a_line_or_with_commas(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("tokens") / "tokens"
    for text in (f"{ONE}\n{TWO}\n", f"{ONE},{TWO}", f" {ONE} ,\n\n {TWO}\n"):
        path.write_text(text)
        assert load(ApiSettings, {"CLAIMSTREAM_API_TOKENS_FILE": str(path)}).accepted == (ONE, TWO)


def test_a_token_that_can_be_guessed_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load(ApiSettings, {}, tokens=f"{ONE},hunter2")
    assert "hunter2" not in caught.value.message


def test_each_of_several_tokens_counts_and_nothing_else_does() -> None:
    tokens = Tokens((ONE, TWO))
    assert tokens.caller(f"Bearer {ONE}".encode()) != tokens.caller(f"bearer  {TWO} ".encode())
    assert ONE not in tokens.caller(f"Bearer {ONE}".encode())
    for header in (None, b"", b"Bearer", b"Bearer ", b"Basic eDp5", ONE.encode()):
        with pytest.raises(TokenMissing):
            tokens.caller(header)
    for header in (b"Bearer x", f"Bearer {ONE}x".encode(), f"Bearer {ONE} {TWO}".encode(), b"Bearer \xff"):
        with pytest.raises(TokenUnknown):
            tokens.caller(header)


def test_a_caller_may_ask_in_a_burst_and_then_at_the_rate() -> None:
    clock = ManualClock()
    rates = Rates(2.0, 3, clock)
    assert [rates.wait("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert rates.wait("b") == 0.0
    clock.advance(0.5)
    assert rates.wait("a") == 0.0
    assert rates.wait("a") == 0.5
    clock.advance(3600)
    assert [rates.wait("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


def test_callers_without_end_cost_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates_module, "CALLERS", 10)
    rates = Rates(1.0, 1, ManualClock())
    for number in range(1000):
        rates.wait(str(number))
    assert len(rates._buckets) == 10
