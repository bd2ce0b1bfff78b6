"""The judge that is a language model: a call for each competency, and nothing is believed that code can check.

Design: design/040-language-judge.md.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from interviewer.errors import (
    BadResponse,
    ModelBadResponseError,
    ModelError,
    ModelRefusedError,
    ModelRequestTooLargeError,
    ModelTruncatedError,
)
from interviewer.grading.findings import Finding, check_complete, findings_on
from interviewer.grading.judge import Judging
from interviewer.grading.judge_prompt import JudgePrompt
from interviewer.grading.shown import Reading, read_for_judging
from interviewer.grading.verified import verify
from interviewer.grading.votes import combine, score_of
from interviewer.models.language import (
    GRADE_DEADLINES,
    Ask,
    Deadlines,
    LanguageModel,
    Message,
    Usage,
    assistant,
    system,
    user,
)
from interviewer.models.structured import ask_object
from interviewer.rubric import Competency, Criterion, Rubric
from interviewer.transcript import Quote, Transcript
from interviewer.verdict import Judgement, Ungraded, Verdict

PASSES_TEMPERATURE = 0.7
"""Several passes at temperature 0 would be one pass paid several times."""
_TOKENS_PER_FINDING = 250
_TOKENS_PER_ANSWER = 400
# What is expected of an answer, for estimates: as seen with verdicts that quote a sentence each.
_EXPECTED_PER_FINDING = 80
_EXPECTED_PER_ANSWER = 10
# Answers that say something about this request; the other kinds say that the endpoint itself is not as it should be.
_UNUSABLE: tuple[BadResponse, ...] = ("not_json", "duplicate_key", "two_objects", "schema")
_NOTHING_SAID = "The candidate said next to nothing."


@dataclass(frozen=True)
class _Task:
    """One competency of one transcript, once."""

    names: tuple[str, ...]
    messages: tuple[Message, ...]
    reading: Reading


class LanguageJudge:
    """Judges each competency by a call of its own, with sight of its criteria alone; see `Judge`.

    A verdict other than not_met stands on a quote that code found in a candidate's turn; where the model gives none,
    twice, or cannot answer, the criterion is ungraded with the reason. Safe to share among threads.

    Args:
        nonce: gives a fresh token nobody can guess, for the marks around the transcript.
        passes: how often each competency is judged; the median counts.
        workers: most calls at a time, over all transcripts that are being judged.

    Raises:
        ModelError: from `judge`, where the endpoint fails rather than the answer: not reachable, too slow, no access,
            no quota.
    """

    def __init__(
        self,
        model: LanguageModel,
        prompt: JudgePrompt,
        nonce: Callable[[], str],
        *,
        passes: int = 1,
        workers: int = 4,
        deadlines: Deadlines = GRADE_DEADLINES,
    ) -> None:
        self.identity = f"{model.identity}+{prompt.judge}"
        self._model, self._prompt, self._nonce, self._passes = model, prompt, nonce, passes
        self._deadlines = deadlines
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="judge")

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        return self.judge_in_full(transcript, rubric).judgements

    def judge_in_full(self, transcript: Transcript, rubric: Rubric) -> Judging:
        """As `judge`, with prompts and tokens."""
        reading = read_for_judging(transcript, rubric, self._prompt.key_texts(rubric))
        if not reading.left:
            return self._without_calls(reading, rubric)
        tasks = [
            self._task(competency, criteria, reading, rubric)
            for competency, criteria in criteria_by_competency(rubric)
            for _ in range(self._passes)
        ]
        outcomes = self._gather([self._pool.submit(self._judge_once, task) for task in tasks])
        passes: dict[str, list[Judgement]] = {}
        usage = Usage()
        for judgements, used in outcomes:
            usage += used
            for one in judgements:
                passes.setdefault(one.criterion, []).append(one)
        return Judging(
            judgements=tuple(combine(passes[one.bullet]) for one in rubric.criteria),
            judge=self.identity,
            prompts=self._prompt.identities,
            usage=usage,
        )

    def estimate(self, transcript: Transcript, rubric: Rubric, count_tokens: Callable[[str], int]) -> Usage:
        """What judging will take: prompt tokens as counted, 80 completion tokens per criterion, no second asking."""
        reading = read_for_judging(transcript, rubric, self._prompt.key_texts(rubric))
        if not reading.left:
            return Usage()
        total = Usage()
        for competency, criteria in criteria_by_competency(rubric):
            task = self._task(competency, criteria, reading, rubric)
            total += Usage(
                prompt=sum(count_tokens(one.text) for one in task.messages),
                completion=_EXPECTED_PER_FINDING * len(criteria) + _EXPECTED_PER_ANSWER,
                calls=1,
            )
        return Usage(
            prompt=total.prompt * self._passes,
            completion=total.completion * self._passes,
            calls=total.calls * self._passes,
        )

    def _task(self, competency: Competency, criteria: Sequence[Criterion], reading: Reading, rubric: Rubric) -> _Task:
        key = self._prompt.render_key(competency, criteria, rubric)
        shown = self._prompt.render_transcript(reading.turns, criteria, self._nonce())
        return _Task(tuple(one.bullet for one in criteria), (system(key), user(shown)), reading)

    def _gather(self, futures: "Sequence[Future[_Outcome]]") -> "list[_Outcome]":
        try:
            return [future.result() for future in futures]
        finally:
            # after a failure there is no use in asking on; what runs is left to end
            for future in futures:
                future.cancel()

    def _judge_once(self, task: _Task) -> "_Outcome":
        try:
            findings, usage = self._ask(task.messages, task.names)
        except ModelError as error:
            return self._give_up(task.names, error), Usage()
        verified = verify(findings, task.reading.ground)
        judgements = [self._verdict(one, quotes) for one, quotes in verified.held.values()]
        if verified.faulty:
            again, more = self._ask_again(task, findings, verified.faulty)
            judgements += again
            usage += more
        return judgements, usage

    def _ask_again(self, task: _Task, findings: Sequence[Finding], faulty: Sequence[tuple[Finding, str]]) -> "_Outcome":
        names = tuple(one.criterion for one, _ in faulty)
        given = findings_on(task.names)(findings=tuple(findings)).model_dump_json()
        messages = (*task.messages, assistant(given), user(self._prompt.render_reask(faulty)))
        try:
            second, usage = self._ask(messages, names)
        except ModelError as error:
            return self._give_up(names, error), Usage()
        verified = verify(second, task.reading.ground)
        judgements: list[Judgement] = [self._verdict(one, quotes) for one, quotes in verified.held.values()]
        for one, why in verified.faulty:
            reason = f"The model said {one.verdict}, but no quote of its counts as evidence: {why}"
            judgements.append(Ungraded(criterion=one.criterion, reason=reason, judge=self.identity))
        return judgements, usage

    def _ask(self, messages: tuple[Message, ...], names: tuple[str, ...]) -> tuple[tuple[Finding, ...], Usage]:
        ask = Ask(
            prompt="+".join(self._prompt.identities if len(messages) > 2 else self._prompt.identities[:2]),
            messages=messages,
            max_tokens=_TOKENS_PER_FINDING * len(names) + _TOKENS_PER_ANSWER,
            deadlines=self._deadlines,
            temperature=PASSES_TEMPERATURE if self._passes > 1 else 0.0,
        )
        found, usage = ask_object(self._model, ask, findings_on(names), check_complete(names))
        return found.findings, usage

    def _verdict(self, finding: Finding, quotes: tuple[Quote, ...]) -> Judgement:
        return Verdict(
            criterion=finding.criterion,
            label=finding.verdict,
            score=score_of([finding.verdict]),
            sure=True,
            quotes=quotes,
            judge=self.identity,
        )

    def _give_up(self, names: Sequence[str], error: ModelError) -> list[Judgement]:
        """Criteria that the model would not or could not answer.

        Raises:
            ModelError: the one given, where it is the endpoint that fails.
        """
        about_this_request = isinstance(error, ModelRefusedError | ModelTruncatedError | ModelRequestTooLargeError)
        if not about_this_request and not (isinstance(error, ModelBadResponseError) and error.kind in _UNUSABLE):
            raise error
        reason = f"The model gave no verdict. {error.what} {error.next_step}".rstrip()
        return [Ungraded(criterion=name, reason=reason, judge=self.identity) for name in names]

    def _without_calls(self, reading: Reading, rubric: Rubric) -> Judging:
        """Nothing to judge: not met where everything said is no evidence, ungraded where nothing was said."""
        judgements: list[Judgement] = []
        for one in rubric.criteria:
            if reading.said:
                judgements.append(
                    Verdict(criterion=one.bullet, label="not_met", score=0.0, sure=True, judge=self.identity)
                )
            else:
                judgements.append(Ungraded(criterion=one.bullet, reason=_NOTHING_SAID, judge=self.identity))
        return Judging(judgements=tuple(judgements), judge=self.identity, prompts=self._prompt.identities)


_Outcome = tuple[list[Judgement], Usage]


def criteria_by_competency(rubric: Rubric) -> list[tuple[Competency, tuple[Criterion, ...]]]:
    """Competencies that have criteria, in the rubric's order, with these."""
    pairs = [
        (competency, tuple(one for one in rubric.criteria if one.competency == competency.id))
        for competency in rubric.shared.competencies
    ]
    return [(competency, criteria) for competency, criteria in pairs if criteria]
