"""From a transcript, wherever it came from, to its scorecard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from interviewer.errors import TranscriptError
from interviewer.grading.flags import find_flags
from interviewer.grading.judge import Judge, judge_in_full
from interviewer.grading.score import build_scorecard
from interviewer.grading.scorecard import Provenance, Scorecard
from interviewer.grading.transcripts.imported import Imported
from interviewer.rubric import Grade, HintStep, Rubric
from interviewer.scenario import DrillDocument
from interviewer.transcript import Role, Transcript

MOST_ROUTED_CHARS = 1500
_ASKING = "Give --scenario N, or `scenario` in the file."


@dataclass(frozen=True)
class Terms:
    """How one conversation is graded and what is known about it beyond its words.

    `reached` maps criteria to the costliest hint that led to them; `speaker` and `prompts` name who interviewed and
    with which wording, as far as the product did; `worded_by` maps each speaker to the turns that it worded, and
    `tokens` counts what a model used for it.
    """

    grade: Grade = "senior"
    reached: Mapping[str, HintStep] = field(default_factory=dict)
    self_ratings: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    speaker: str = ""
    prompts: tuple[str, ...] = ()
    worded_by: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    tokens: int = 0


@dataclass(frozen=True)
class Grader:
    """Grades transcripts one at a time; holds no state between them.

    `route` gives the scenario numbers that fit some words, best first, and nothing when none does; `index_manifest`
    names the index that it searches (empty before one is built).
    """

    document: DrillDocument
    rubrics: Mapping[int, Rubric]
    judge: Judge
    route: Callable[[str], Sequence[int]]
    index_manifest: str = ""

    def grade(self, transcript: Transcript, terms: Terms) -> Scorecard:
        """The scorecard of a transcript whose scenario is known.

        Raises:
            TranscriptError: there is no rubric for its scenario, or the document holds nothing of what the rubric asks.
        """
        rubric = self.rubrics.get(transcript.scenario or 0)
        if rubric is None:
            known = ", ".join(map(str, sorted(self.rubrics)))
            raise TranscriptError(
                f"scenario: there is no rubric for {transcript.scenario}.",
                where=transcript.source,
                next_step=f"There are: {known}.",
            )
        held = {bullet.id for bullet in self.document.bullets}
        if rubric.scenario.criteria and not any(one.bullet in held for one in rubric.scenario.criteria):
            what = "the drill document holds nothing of what the rubric asks for, and nothing is graded from memory."
            raise TranscriptError(
                f"scenario {transcript.scenario}: {what}",
                where=transcript.source,
                next_step="`interviewer rubric lint` says what does not go together.",
            )
        judging = judge_in_full(self.judge, transcript, rubric)
        return build_scorecard(
            judging.judgements,
            rubric,
            self.document,
            transcript,
            reached=terms.reached,
            grade=terms.grade,
            self_ratings=terms.self_ratings,
            provenance=Provenance(
                rubric=rubric.identity,
                rubric_sha256=rubric.sha256,
                judge=judging.judge,
                speaker=terms.speaker,
                corpus_sha256=self.document.sha256,
                index_manifest=self.index_manifest,
                prompts=(*terms.prompts, *judging.prompts),
                worded_by=dict(terms.worded_by),
                tokens=terms.tokens + judging.usage.tokens,
            ),
            flags=find_flags(transcript),
            warnings=(*terms.warnings, *judging.warnings),
            roles=terms.roles,
        )

    def grade_imported(
        self, imported: Imported, grade: Grade, *, given: int | None = None, ask: "AskScenario | None" = None
    ) -> Scorecard:
        """The scorecard of a transcript as it was read; says in its warnings what was guessed.

        Args:
            given: the scenario of a transcript that names none; None tells it from the interviewer's words.
            ask: asks a person where the words tell nothing.

        Raises:
            TranscriptError: its scenario is not known and cannot be told, or has no rubric.
        """
        transcript, warnings = imported.transcript, list(imported.warnings)
        if transcript.scenario is None:
            number, how = self._tell_scenario(transcript, given, ask)
            transcript = transcript.model_copy(update={"scenario": number})
            warnings.append(how)
        if imported.guessed:
            told = ", ".join(f"{name} as {role}" for name, role in imported.speakers.items())
            warnings.append(f"Who is who was guessed: {told}.")
        return self.grade(transcript, Terms(grade=grade, warnings=warnings, roles=imported.speakers))

    def find_rubric(self, transcript: Transcript, given: int | None = None) -> Rubric | None:
        """The rubric of the scenario that a transcript names, that is given, or that its words tell."""
        number = transcript.scenario or (self._route(transcript) if given is None else given)
        return self.rubrics.get(number or 0)

    def _tell_scenario(self, transcript: Transcript, given: int | None, ask: "AskScenario | None") -> tuple[int, str]:
        number = self._route(transcript) if given is None else None
        if number is not None:
            return number, f"Scenario {number} was told from the interviewer's words."
        number = ask(transcript) if ask and given is None else given
        if number is None:
            what = "does not say which scenario it is about, and the interviewer's words fit none."
            raise TranscriptError(what, where=transcript.source, next_step=_ASKING)
        return number, f"Scenario {number} was given by hand."

    def _route(self, transcript: Transcript) -> int | None:
        """By the interviewer's opening turn, else by all that the interviewer said."""
        said = [turn.text for turn in transcript.turns if turn.role == "interviewer"]
        for words in (" ".join(said[:1]), " ".join(said)):
            found = self.route(words[:MOST_ROUTED_CHARS]) if words.strip() else ()
            if found:
                return found[0]
        return None


AskScenario = Callable[[Transcript], int | None]
"""Asks a person which scenario a transcript is about; None when they do not know."""
