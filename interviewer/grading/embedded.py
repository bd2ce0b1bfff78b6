"""The judge without a language model: windows of the answer against wordings that people used, deterministic.

Design and figures: design/031-embedded-judge.md.
"""

from collections.abc import Sequence

import numpy as np

from interviewer.grading.bank import IDENTITY, read_assets
from interviewer.grading.cues import judge_by_cues
from interviewer.grading.fits import FIT_FEATURES, Row, describe_fits
from interviewer.grading.flags import set_aside
from interviewer.grading.logistic import Logistic, read_logistic
from interviewer.grading.sentences import Sentence, candidate_sentences, quote_of
from interviewer.grading.shared_words import WORD_FEATURES, SharedWords, Shares, describe_words
from interviewer.grading.tuned import Texts
from interviewer.grading.unseen import (
    SPACE_FEATURES,
    Material,
    describe_unseen,
    make_material,
    texts_to_embed,
    window_vectors,
)
from interviewer.grading.windows import Window, build_windows
from interviewer.grading.words import FUNCTION_WORDS, read_idf, words
from interviewer.models.embedder import Embedder
from interviewer.rubric import Criterion, Rubric
from interviewer.scenario import DrillDocument
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement, Ungraded, Verdict

LEARNT_FEATURES = (*FIT_FEATURES, *WORD_FEATURES)
AUTHORED_FEATURES = (*LEARNT_FEATURES, *SPACE_FEATURES)
_FEWEST_WORDS = 5
_FEWEST_STEMS = 2
_THIN = 8.0
_LANGUAGE_WORDS = 40
_ENGLISH_SHARE = 0.12


class EmbeddedJudge:
    """Judges by a small encoder of its own and by wordings that people used; see `Judge`.

    Args:
        embedder: reads criteria that training never saw, and windows for them.
        document: the drill document whose bullets the rubric's criteria stand for.

    Raises:
        ShippedDataError: the shipped model is missing or damaged.
    """

    identity = IDENTITY

    def __init__(self, embedder: Embedder, document: DrillDocument) -> None:
        self._embedder = embedder
        self._bullets = {bullet.id: bullet.text for bullet in document.bullets}
        self._sections = {bullet.id: bullet.section for bullet in document.bullets}
        assets = read_assets()
        self._bank, self._reader = assets.bank, assets.reader
        self._learnt: Logistic = read_logistic(assets.model["learnt"], LEARNT_FEATURES)
        self._authored: Logistic = read_logistic(assets.model["authored"], AUTHORED_FEATURES)
        self._words = SharedWords(read_idf())
        self._materials: dict[Texts, Material] = {}

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        windows = self.windows(transcript, rubric)
        reason = _why_not(transcript)
        if reason:
            return tuple(Ungraded(criterion=one.bullet, reason=reason, judge=IDENTITY) for one in rubric.criteria)
        if not windows:
            return tuple(
                Verdict(criterion=one.bullet, label="not_met", score=0.0, sure=True, judge=IDENTITY)
                for one in rubric.criteria
            )
        found: list[Judgement] = []
        for group in (rubric.scenario.criteria, rubric.shared.criteria):
            found += self._judge_group([one for one in group if one.cues is None], windows, transcript)
        sentences = [one.sentences[0] for one in windows if len(one.sentences) == 1]
        for criterion in rubric.criteria:
            if criterion.cues:
                found.append(judge_by_cues(criterion, criterion.cues, sentences, transcript, IDENTITY))
        order = {criterion.bullet: place for place, criterion in enumerate(rubric.criteria)}
        return tuple(sorted(found, key=lambda one: order[one.criterion]))

    def knows(self, transcript: str) -> bool:
        """Whether a transcript of that id was in the training."""
        return self._bank.knows(transcript)

    def phrasing_scores(self, criterion: Criterion, texts: Sequence[str]) -> list[float]:
        """How well each text, read alone, fits a criterion (logits of the tuned encoder)."""
        lone = [(Sentence(turn=place, start=0, end=len(text), text=text),) for place, text in enumerate(texts)]
        fits = self._reader.fits(self._reader.window_vectors(lone), [(criterion.bullet, self._texts_of(criterion))])
        return [float(one) for one in fits[:, 0]]

    def windows(self, transcript: Transcript, rubric: Rubric) -> tuple[Window, ...]:
        """What may count as evidence: candidate sentences less what is set aside."""
        sentences = candidate_sentences(transcript)
        recitable = [one.statement for one in rubric.criteria]
        recitable += [self._bullets[one.bullet] for one in rubric.criteria if one.bullet in self._bullets]
        aside = set_aside(sentences, transcript, recitable)
        return build_windows([one for place, one in enumerate(sentences) if place not in aside])

    def describe(
        self, windows: Sequence[Window], criteria: Sequence[Criterion], leave_out: str
    ) -> list[tuple[Row, int]]:
        """Per criterion the numbers and the index of the window to quote.

        The numbers are `LEARNT_FEATURES` where training knew the criterion, else `AUTHORED_FEATURES`.

        All criteria of a section of talk are described together, since what fits a rival better fits this one less.
        What people said in the transcript `leave_out` is not among the wordings.
        """
        vectors = self._reader.window_vectors([one.sentences for one in windows])
        texts = [self._texts_of(one) for one in criteria]
        fits = self._reader.fits(vectors, [(one.bullet, known) for one, known in zip(criteria, texts, strict=True)])
        # "That is all." is no evidence, whatever its neighbours are about
        fits[[len(one.stems) < _FEWEST_STEMS for one in windows]] -= _THIN
        covered = [self._bank.covers(one.bullet) for one in criteria]
        wordings = [
            self._bank.wordings(one.bullet, leave_out) if known else self._reader.wordings(text)
            for one, known, text in zip(criteria, covered, texts, strict=True)
        ]
        fitted = describe_fits(vectors, fits, wordings)
        shares = self._words.shares(windows, texts)
        found = [
            (np.concatenate([fit, said]), best)
            for (fit, best), said in zip(fitted, describe_words(windows, shares), strict=True)
        ]
        if not all(covered):
            unseen = self._describe_unseen(windows, texts, shares)
            for place, ((fit, best), (row, said)) in enumerate(zip(fitted, unseen, strict=True)):
                if not covered[place]:
                    found[place] = (np.concatenate([fit, said, row]), best)
        return found

    def _describe_unseen(
        self, windows: Sequence[Window], texts: Sequence[Texts], shares: Sequence[Shares]
    ) -> list[tuple[Row, Row]]:
        """Per criterion the numbers in the retrieval encoder's space, and the words of the window that ranks first."""
        for one in texts:
            if one not in self._materials:
                self._materials[one] = make_material(one, self._embedder.embed(texts_to_embed(one)))
        sentences = [one.sentences[0] for one in windows if len(one.sentences) == 1]
        embedded = dict(zip(sentences, self._embedder.embed([one.text for one in sentences]), strict=True))
        vectors = window_vectors(windows, embedded)
        ranked = describe_unseen(vectors, [self._materials[one] for one in texts], shares)
        said = describe_words(windows, shares, [best for _, best in ranked])
        return [(row, words) for (row, _), words in zip(ranked, said, strict=True)]

    def _texts_of(self, criterion: Criterion) -> Texts:
        return Texts(
            section=self._sections.get(criterion.bullet, ""),
            bullet=self._bullets.get(criterion.bullet, criterion.statement),
            statement=criterion.statement,
            accepted=criterion.accepted,
            near_misses=criterion.near_misses,
        )

    def _judge_group(
        self, criteria: Sequence[Criterion], windows: Sequence[Window], transcript: Transcript
    ) -> list[Judgement]:
        found: list[Judgement] = []
        if not criteria:
            return found
        for criterion, (row, best) in zip(criteria, self.describe(windows, criteria, transcript.id), strict=True):
            model = self._learnt if self._bank.covers(criterion.bullet) else self._authored
            chances = model.chances(row)
            label, sure = model.label(chances), model.is_sure(chances)
            nearest = quote_of(windows[best].sentences, transcript)
            found.append(
                Verdict(
                    criterion=criterion.bullet,
                    label=label,
                    score=round(chances.met, 4),
                    sure=sure,
                    quotes=() if label == "not_met" else (nearest,),
                    nearest=None if sure else nearest,
                    judge=IDENTITY,
                )
            )
        return found


def _why_not(transcript: Transcript) -> str:
    """Why nothing can be judged; empty where it can."""
    said = [word for _, turn in transcript.candidate_turns for word in words(turn.text)]
    text = "".join(turn.text for _, turn in transcript.candidate_turns)
    letters = sum(letter.isalpha() for letter in text)
    if letters and sum(letter.isascii() and letter.isalpha() for letter in text) < 0.6 * letters:
        return "The answers are not in Latin letters; the embedded judge reads English only."
    if len(said) < _FEWEST_WORDS:
        return "The candidate said next to nothing."
    english = sum(word in FUNCTION_WORDS for word in said)
    if len(said) >= _LANGUAGE_WORDS and english < _ENGLISH_SHARE * len(said):
        return "The answers do not read like English; the embedded judge reads English only."
    return ""
