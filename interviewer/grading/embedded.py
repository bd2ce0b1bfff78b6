"""The judge without a language model: windows of the answer against wordings that people used, deterministic.

Design and figures: design/031-embedded-judge.md.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from interviewer.grading.bank import Bank, Examples, TextVectors, read_assets
from interviewer.grading.cues import judge_by_cues
from interviewer.grading.features import FEATURES, Material, Windows, build_windows, describe
from interviewer.grading.fits import FIT_FEATURES, Row, Wordings, describe_fits
from interviewer.grading.flags import set_aside
from interviewer.grading.logistic import Logistic, read_logistic
from interviewer.grading.sentences import Sentence, candidate_sentences, quote_of
from interviewer.grading.tuned import TunedReader
from interviewer.grading.words import FUNCTION_WORDS, content_stems, words
from interviewer.models.embedder import Embedder
from interviewer.rubric import Criterion, Rubric
from interviewer.scenario import DrillDocument
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement, Ungraded, Verdict

IDENTITY = "embedded@2"
ALL_FEATURES = (*FEATURES, *FIT_FEATURES)
_FEWEST_WORDS = 5
_FEWEST_STEMS = 2
_THIN = 8.0
_LANGUAGE_WORDS = 40
_ENGLISH_SHARE = 0.12


class EmbeddedJudge:
    """Judges by similarity to known wordings; see `Judge`.

    Args:
        embedder: the one that the shipped bank was made with.
        document: the drill document whose bullets the rubric's criteria stand for.

    Raises:
        ShippedDataError: the shipped model is missing, damaged or was made for another embedder.
    """

    identity = IDENTITY

    def __init__(self, embedder: Embedder, document: DrillDocument) -> None:
        self._embedder = embedder
        self._bullets = {bullet.id: bullet.text for bullet in document.bullets}
        self._sections = {bullet.id: bullet.section for bullet in document.bullets}
        assets = read_assets(embedder)
        self._bank: Bank = assets.bank
        self._texts: TextVectors = assets.texts
        self._tuned_bank: Bank = assets.tuned_bank
        self._reader: TunedReader = assets.reader
        self._learnt: Logistic = read_logistic(assets.model["learnt"], ALL_FEATURES)
        self._authored: Logistic = read_logistic(assets.model["authored"], ALL_FEATURES)
        self._idf: Mapping[str, float] = assets.model["idf"]
        self._rarest = max(self._idf.values())
        self._materials: dict[Criterion, Material] = {}

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        windows = self.windows(transcript, rubric)
        reason = _why_not(transcript)
        if reason:
            return tuple(Ungraded(criterion=one.bullet, reason=reason, judge=IDENTITY) for one in rubric.criteria)
        if not windows.windows:
            return tuple(
                Verdict(criterion=one.bullet, label="not_met", score=0.0, sure=True, judge=IDENTITY)
                for one in rubric.criteria
            )
        found: list[Judgement] = []
        for group in (rubric.scenario.criteria, rubric.shared.criteria):
            found += self._judge_group([one for one in group if one.cues is None], windows, transcript)
        sentences = [one.sentences[0] for one in windows.windows if len(one.sentences) == 1]
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

    def windows(self, transcript: Transcript, rubric: Rubric) -> Windows:
        """What may count as evidence: candidate sentences less what is set aside."""
        sentences = candidate_sentences(transcript)
        recitable = [one.statement for one in rubric.criteria]
        recitable += [self._bullets[one.bullet] for one in rubric.criteria if one.bullet in self._bullets]
        aside = set_aside(sentences, transcript, recitable)
        kept = [one for place, one in enumerate(sentences) if place not in aside]
        return build_windows(kept, self._embedder.embed([one.text for one in kept]))

    def material(self, criterion: Criterion, leave_out: str) -> Material:
        """What is known of a criterion, less what comes from the transcript `leave_out`."""
        if self._bank.knows(leave_out):
            return self._make_material(criterion, leave_out)
        if criterion not in self._materials:
            self._materials[criterion] = self._make_material(criterion, leave_out)
        return self._materials[criterion]

    def _make_material(self, criterion: Criterion, leave_out: str) -> Material:
        bullet = self._bullets.get(criterion.bullet, criterion.statement)
        own = self._texts.of(criterion.accepted or (criterion.statement,))
        return Material(
            criterion=criterion.bullet,
            examples=self._bank.examples(criterion, bullet, self._texts, leave_out),
            bullet=self._texts.of([bullet])[0],
            statement=self._texts.of([criterion.statement])[0],
            own=own,
            idf={stem: self._idf.get(stem, self._rarest) for stem in content_stems(bullet)},
        )

    def describe(self, windows: Windows, criteria: Sequence[Criterion], leave_out: str) -> list[tuple[Row, int]]:
        """Per criterion the numbers (in the order of `ALL_FEATURES`) and the index of the window to quote."""
        materials = [self.material(criterion, leave_out) for criterion in criteria]
        vectors = self._reader.window_vectors([one.sentences for one in windows.windows])
        fits = self._reader.fits(vectors, [(one.bullet, self._texts_of(one)) for one in criteria])
        # "That is all." is no evidence, whatever its neighbours are about
        fits[[len(stems) < _FEWEST_STEMS for stems in windows.stems]] -= _THIN
        wordings: list[Wordings] = [self._tuned_bank.wordings(one.bullet, leave_out) for one in criteria]
        pairs = zip(describe(windows, materials), describe_fits(vectors, fits, wordings), strict=True)
        return [(np.concatenate([said, fit]), best) for (said, _), (fit, best) in pairs]

    def _texts_of(self, criterion: Criterion) -> tuple[str, ...]:
        bullet = self._bullets.get(criterion.bullet, criterion.statement)
        return (self._sections.get(criterion.bullet, ""), bullet, criterion.statement, *criterion.accepted)

    def _judge_group(self, criteria: Sequence[Criterion], windows: Windows, transcript: Transcript) -> list[Judgement]:
        found: list[Judgement] = []
        if not criteria:
            return found
        for criterion, (row, best) in zip(criteria, self.describe(windows, criteria, transcript.id), strict=True):
            model = self._learnt if self._bank.covers(criterion.bullet) else self._authored
            score = model.probability(row)
            label = model.label(score)
            sure = model.is_sure(score)
            nearest = quote_of(windows.windows[best].sentences, transcript)
            found.append(
                Verdict(
                    criterion=criterion.bullet,
                    label=label,
                    score=round(score, 4),
                    sure=sure,
                    quotes=() if label == "not_met" else (nearest,),
                    nearest=None if sure else nearest,
                    judge=IDENTITY,
                )
            )
        return found


def authored_only(material: Material) -> Material:
    """The same criterion as if nobody's wordings were known: what a new rubric starts with."""
    examples = Examples(
        met=material.own, partial=material.own[:0], near=np.zeros_like(material.own[:0]), prior=0.0, learnt=False
    )
    return Material(material.criterion, examples, material.bullet, material.statement, material.own, material.idf)


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
