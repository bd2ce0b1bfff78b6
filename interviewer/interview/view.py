"""What the policy sees of a conversation: the facts that its rules ask for, derived once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from interviewer.interview.coverage import Coverage
from interviewer.interview.intents import Intent, read_intent
from interviewer.interview.move import Move, MoveKind
from interviewer.interview.plan import Plan, Question, Target
from interviewer.interview.terms import sentences, terms, words
from interviewer.rubric import CompetencyId
from interviewer.transcript import Transcript

_ASTRAY_WORDS = 8
_ASTRAY_SHARE = 0.04


@dataclass(frozen=True)
class View:
    """Transcript, plan and coverage, and what follows from them."""

    transcript: Transcript
    plan: Plan
    coverage: Coverage

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        return tuple(said.move for said in self.coverage.moves)

    @property
    def last(self) -> Move | None:
        return self.moves[-1] if self.moves else None

    @cached_property
    def current(self) -> Move:
        """The question that is open."""
        return next(move for move in reversed(self.moves) if move.asks)

    @cached_property
    def since_question(self) -> tuple[Move, ...]:
        """Moves made after the open question."""
        latest = max(place for place, move in enumerate(self.moves) if move.asks)
        return self.moves[latest + 1 :]

    @cached_property
    def text(self) -> str:
        """The candidate's words that are to be answered; empty when a hint was asked for by command."""
        turns = self.transcript.turns
        return turns[-1].text if turns and turns[-1].role == "candidate" else ""

    @cached_property
    def intent(self) -> Intent:
        return read_intent(self.text, self.plan.intents)

    @cached_property
    def candidate_turns(self) -> int:
        return len(self.transcript.candidate_turns)

    @cached_property
    def asked(self) -> frozenset[str]:
        """Ids of follow-ups and probes that were put to the candidate, and of probes that ask nearly the same."""
        ids = {one for move in self.moves for one in (move.question_id, move.instead_of) if one}
        alike = {aim for move in self.moves if move.kind == "probe" for aim in move.targets}
        return frozenset(ids | alike)

    @cached_property
    def questions_asked(self) -> int:
        return sum(move.kind in ("ask_follow_up", "probe") for move in self.moves)

    @property
    def seconds_left(self) -> float:
        return self.plan.minutes * 60.0 - self.coverage.elapsed_s

    @property
    def time_is_nearly_up(self) -> bool:
        """Within the last tenth, two minutes at most."""
        return self.seconds_left <= min(120.0, self.plan.minutes * 6.0)

    @property
    def is_budget_spent(self) -> bool:
        return self.questions_asked >= self.plan.question_budget

    def count(self, kind: MoveKind, variant: str = "") -> int:
        return sum(move.kind == kind and (not variant or move.variant == variant) for move in self.moves)

    def asked_in(self, stage: CompetencyId) -> int:
        return sum(move.kind in ("ask_follow_up", "probe") and move.competency == stage for move in self.moves)

    def open_targets(self, criteria: Sequence[str]) -> tuple[Target, ...]:
        """Those of the criteria that are not met, in the plan's order."""
        wanted = set(criteria) - self.coverage.met
        return tuple(target for target in self.plan.targets if target.criterion in wanted)

    def share(self, stage: CompetencyId) -> float:
        """Share in [0, 1] of the stage's weight that has been earned; 1 where the stage has no criteria."""
        mine = [target for target in self.plan.targets if target.competency == stage]
        credit = {"met": 1.0, "partial": self.plan.partial_credit}
        earned = sum(credit.get(self.coverage.entry(one.criterion).status, 0.0) * one.weight for one in mine)
        return earned / sum(one.weight for one in mine) if mine else 1.0

    @cached_property
    def is_astray(self) -> bool:
        """A message of some length with hardly a word of the field and nothing that counts as evidence."""
        if self.intent != "answer" or len(words(self.text)) < _ASTRAY_WORDS:
            return False
        latest = len(self.transcript.turns) - 1
        if any(latest in entry.turns for entry in self.coverage.entries):
            return False
        said = terms(self.text)
        hits = sum(term in self.plan.vocabulary for term in said)
        return hits == 0 or hits < _ASTRAY_SHARE * len(said)

    def is_answered(self, question: Question) -> bool:
        """A probe: its criterion is met. A follow-up: half of its criteria are, or the candidate's words show it."""
        if question.section != "followup":
            return question.id in self.coverage.met
        met = sum(target in self.coverage.met for target in question.targets)
        if question.targets and 2 * met >= len(question.targets):
            return True
        return any(_shows(piece, question.answered_by) for piece in self._pieces)

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        """Neighbouring sentences of the candidate, two by two, in lower case."""
        pieces = []
        for _, turn in self.transcript.candidate_turns:
            said = [sentence.lower() for sentence in sentences(turn.text)]
            pieces += [f"{one} {other}" for one, other in zip(said, [*said[1:], ""], strict=True)]
        return tuple(pieces)


def _shows(piece: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a word (or phrase) beginning of every group stands in the piece; never where there are no groups."""
    return bool(groups) and all(
        any(re.search(rf"\b{re.escape(beginning)}", piece) for beginning in group) for group in groups
    )
