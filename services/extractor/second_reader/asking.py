"""The questions of an article, asked at once: within the time-out, the budget and the circuit, and never failing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence

from services.extractor import metrics
from services.extractor.second_reader.anchors import NotUsable
from services.extractor.second_reader.answers import Answer, Unanswered, answer_of
from services.extractor.second_reader.circuit import Budget, Circuit
from services.extractor.second_reader.corrections import Correction, correction
from services.extractor.second_reader.prompt import request
from services.extractor.second_reader.questions import Question
from shared.clock import Clock
from shared.telemetry import logger

log = logger("second_reader")
Send = Callable[[bytes], Awaitable[bytes]]
FENCE_BYTES = 16  # of chance: a page would have to guess them to end the data


class SecondReader:
    """``send`` takes a request's body and gives the answer's, or raises
    :class:`~services.extractor.second_reader.answers.Unanswered`.

    ``seconds``: until an article goes on without it. A question that gets no turn in the first half of them is not
    asked, so that each that is asked has at least the other half; otherwise a queue of ours would look like an endpoint
    that is slow. ``parallel``: calls at a time, ``calls``: of an hour, both of this process.
    """

    def __init__(
        self, send: Send, *, model: str, seconds: float, parallel: int, calls: int, clock: Clock
    ) -> None:
        self.model = model
        self._send = send
        self._seconds = seconds
        self._turns = asyncio.Semaphore(parallel)
        self._budget = Budget(calls, clock)
        self._circuit = Circuit(clock)
        self._clock = clock

    async def corrections(self, questions: Sequence[Question]) -> tuple[Correction, ...]:
        """What the answers change, of those that came in time and can be taken. Raises nothing."""
        until = asyncio.get_running_loop().time() + self._seconds
        found = await asyncio.gather(*(self._counted(question, until) for question in questions))
        return tuple(one for one in found if one is not None)

    async def _counted(self, question: Question, until: float) -> Correction | None:
        found = None
        try:
            found = correction(question, await self._answer(question, until))
            outcome = "agreed" if found is None else "taken"
        except (Unanswered, NotUsable) as error:
            outcome = error.code
        except Exception:
            log.exception("a question to the second reader failed")
            outcome = "failed"
        metrics.reader_questions.labels(outcome).inc()
        return found

    async def _answer(self, question: Question, until: float) -> Answer:
        try:
            async with asyncio.timeout_at(until - self._seconds / 2):
                await self._turns.acquire()
        except TimeoutError:
            raise Unanswered("busy") from None
        try:
            if not self._circuit.allows():
                raise Unanswered("circuit-open")
            if not self._budget.take():
                self._circuit.forgotten()
                raise Unanswered("over-budget")
            return await self._judged(question, until)
        finally:
            self._turns.release()

    async def _judged(self, question: Question, until: float) -> Answer:
        """Ask, and tell the circuit how it went."""
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout_at(until):
                body = await self._send(request(question, self.model, secrets.token_hex(FENCE_BYTES)))
            answer = answer_of(body)
        except (Unanswered, TimeoutError) as error:
            failure = error if isinstance(error, Unanswered) else Unanswered("timeout")
            self._tell_circuit(failure)
            raise failure from None
        except BaseException:
            self._circuit.forgotten()
            raise
        finally:
            metrics.reader_seconds.observe(self._clock.monotonic() - began)
        self._tell_circuit(None)
        return answer

    def _tell_circuit(self, failure: Unanswered | None) -> None:
        """A person hears of it once when it opens and once when it closes."""
        was_open = self._circuit.is_open
        if failure is not None and failure.blames_endpoint:
            self._circuit.failed(failure.retry_after)
        else:
            self._circuit.succeeded()
        is_open = self._circuit.is_open
        metrics.reader_circuit_open.set(is_open)
        if is_open and not was_open:
            log.warning("the second reader is not asked for a while", code=failure.code if failure else "")
        elif was_open and not is_open:
            log.info("the second reader is asked again")
