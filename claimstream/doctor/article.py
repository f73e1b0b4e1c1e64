"""One synthetic article from submission to claim: the proof that all services run and speak with each other."""

from __future__ import annotations

from claimstream.canary import push_canary
from claimstream.doctor.findings import Finding
from claimstream.kafka import Broker


async def article(broker: Broker, seconds: float) -> list[Finding]:
    """A canary, whose claims reach nobody. ``seconds`` is how long its outcome is waited for."""
    answer = await push_canary(broker, seconds)
    if answer.outcome is None:
        hint = (
            "Some service does not run or cannot keep up: `claimstream status` shows where records wait, and its "
            "/ready why. --wait gives it longer."
        )
        return [Finding("article", False, f"no outcome within {seconds:g} s", "article-lost", hint)]
    fate = answer.outcome.fate.value
    claims = "1 claim" if answer.outcome.claims == 1 else f"{answer.outcome.claims or 0} claims"
    text = f"{fate}, {claims}, {answer.seconds:.1f} s from submission to answer"
    if answer.alive:
        return [Finding("article", True, text)]
    hint = answer.outcome.hint or "The services' logs say what they did with it."
    return [Finding("article", False, text, answer.outcome.code or "article-without-claims", hint)]
