"""Agreement of a judge with labelled transcripts, and of the baselines on the same items."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.errors import BudgetError, ModelError
from interviewer.grading.baselines import NAMES, read_cuts, score_transcript
from interviewer.grading.gold import GoldItem
from interviewer.grading.groups import MIDDLING, by_share_met
from interviewer.grading.judge import Judge
from interviewer.grading.levels import assess, level_of, share
from interviewer.grading.measures import CLASSES, auc, f1, interval, kappa
from interviewer.grading.parallel import Brake, map_in_order
from interviewer.grading.sentences import split_sentences
from interviewer.models.embedder import Embedder
from interviewer.rubric import Rubric
from interviewer.scenario import DrillDocument
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement, Label, Verdict

ROUNDS = 500
SEED = 20261124
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """A gold label with what a judge said of it; `score` in [0, 1] for a judge, any size for a baseline.

    `found`: for what both call met, whether the judge's quote shares a sentence with the annotator's; else None.
    """

    transcript: str
    competency: str
    truth: Label
    label: Label
    score: float
    sure: bool
    verbatim: bool | None
    found: bool | None = None


@dataclass(frozen=True)
class Levels:
    """Level (1 to 5) of one competency of a transcript, from the labels and from the verdicts."""

    transcript: str
    truth: int
    judged: int


@dataclass(frozen=True)
class Outcome:
    """All judged items of a set, how many labels the judge left ungraded, and transcripts that it failed on."""

    items: tuple[Judged, ...]
    ungraded: int
    levels: tuple[Levels, ...]
    failed: dict[str, str] = field(default_factory=dict)


def judge_gold(judge: Judge, gold: Sequence[GoldItem], rubrics: Mapping[int, Rubric], *, workers: int = 1) -> Outcome:
    """Every gold label beside the judge's verdict, and the levels that come of both."""
    items: list[Judged] = []
    levels: list[Levels] = []
    failed: dict[str, str] = {}
    ungraded = 0
    brake = Brake()

    def judge_one(one: GoldItem) -> Sequence[Judgement] | ModelError | BudgetError:
        try:
            return brake.run(lambda: judge.judge(one.transcript, rubrics[one.transcript.scenario or 0]))
        except (ModelError, BudgetError) as error:
            return error

    for one, found in zip(gold, map_in_order(judge_one, gold, workers), strict=True):
        if isinstance(found, ModelError | BudgetError):
            failed[one.transcript.id] = str(found)
            continue
        rubric = rubrics[one.transcript.scenario or 0]
        verdicts = {verdict.criterion: verdict for verdict in found}
        ungraded += sum(verdicts[bullet].kind == "ungraded" for bullet in one.labels)
        mine = _items(one, rubric, verdicts)
        items += mine
        levels += levels_of(mine, rubric)
    return Outcome(tuple(items), ungraded, tuple(levels), failed)


def _items(gold: GoldItem, rubric: Rubric, verdicts: Mapping[str, Judgement]) -> list[Judged]:
    found = []
    for criterion in rubric.scenario.criteria:
        verdict = verdicts[criterion.bullet]
        if criterion.bullet in gold.labels and verdict.kind == "verdict":
            found.append(
                Judged(
                    transcript=gold.transcript.id,
                    competency=criterion.competency,
                    truth=gold.labels[criterion.bullet],
                    label=verdict.label,
                    score=verdict.score,
                    sure=verdict.sure,
                    verbatim=_verbatim(verdict, gold.transcript),
                    found=_found(verdict, gold),
                )
            )
    return found


def _verbatim(verdict: Verdict, transcript: Transcript) -> bool | None:
    """Whether every quote stands word for word in a candidate turn; None without quotes."""
    return all(quote.holds_in(transcript) for quote in verdict.quotes) if verdict.quotes else None


def _found(verdict: Verdict, gold: GoldItem) -> bool | None:
    quote = gold.quotes.get(verdict.criterion)
    if not quote or gold.labels[verdict.criterion] != "met" or verdict.label != "met":
        return None
    turn = gold.transcript.turns[quote.turn].text
    wanted = [one for one in split_sentences(turn, quote.turn) if one.start < quote.end and quote.start < one.end]
    return any(
        mine.turn == one.turn and mine.start < one.end and one.start < mine.end
        for mine in verdict.quotes
        for one in wanted
    )


def levels_of(items: Sequence[Judged], rubric: Rubric) -> list[Levels]:
    """Levels of each competency of one transcript by the rubric's rules."""
    found = []
    for name in dict.fromkeys(one.competency for one in items):
        mine = [one for one in items if one.competency == name]
        truth, judged = _level([one.truth for one in mine], rubric), _level([one.label for one in mine], rubric)
        found.append(Levels(mine[0].transcript, truth, judged))
    return found


def _level(labels: Sequence[Label], rubric: Rubric) -> int:
    criterion = rubric.scenario.criteria[0].model_copy(update={"weight": 1.0})
    shared = rubric.shared
    assessed = [
        assess(
            criterion,
            Verdict(criterion=criterion.bullet, label=label, score=0.0, sure=True, judge=""),
            None,
            shared.credits,
            shared.hint_caps,
        )
        for label in labels
    ]
    return level_of(share(assessed) or 0.0, shared.thresholds)


def judge_baselines(
    gold: Sequence[GoldItem],
    rubrics: Mapping[int, Rubric],
    document: DrillDocument,
    embedder: Embedder,
) -> dict[str, Outcome]:
    """The same items judged by each baseline, with thresholds fixed beforehand."""
    bullets = {bullet.id: bullet.text for bullet in document.bullets}
    cuts = read_cuts()
    found: dict[str, Outcome] = {}
    for name in NAMES:
        items: list[Judged] = []
        levels: list[Levels] = []
        for one in gold:
            rubric = rubrics[one.transcript.scenario or 0]
            criteria = [criterion for criterion in rubric.scenario.criteria if criterion.bullet in one.labels]
            texts = [bullets.get(criterion.bullet, criterion.statement) for criterion in criteria]
            scores = score_transcript(name, one.transcript, texts, embedder)
            mine = [
                Judged(
                    transcript=one.transcript.id,
                    competency=criterion.competency,
                    truth=one.labels[criterion.bullet],
                    label=cuts[name].label(score),
                    score=score,
                    sure=True,
                    verbatim=None,
                )
                for criterion, score in zip(criteria, scores, strict=True)
            ]
            items += mine
            levels += levels_of(mine, rubric)
        found[name] = Outcome(tuple(items), 0, tuple(levels))
    return found


def report(outcome: Outcome, *, rounds: int = ROUNDS) -> dict[str, Any]:
    """The figures of one judge; None where a figure is not defined. Intervals are 95 %, clustered by transcript."""
    items = outcome.items
    measures: dict[str, Callable[[Indices], float | None]] = {
        "kappa_binary": lambda rows: kappa(*_binary([items[row] for row in rows])),
        "kappa": lambda rows: kappa(*_three([items[row] for row in rows])),
        "qwk": lambda rows: kappa(*_three([items[row] for row in rows]), weights="quadratic"),
        "auc": lambda rows: auc([items[r].truth == "met" for r in rows], [items[r].score for r in rows]),
        "met_rate_bias": lambda rows: _bias([items[row] for row in rows]),
    }
    levels = outcome.levels
    every = np.arange(len(items))

    def level_qwk(rows: Indices) -> float | None:
        mine = [levels[row] for row in rows]
        return kappa([one.truth for one in mine], [one.judged for one in mine], weights="quadratic")

    clusters = [one.transcript for one in items]
    truth, judged = _three(items)
    return {
        "items": len(items),
        "transcripts": len(set(clusters)),
        "ungraded": outcome.ungraded,
        **{name: _rounded(measure(every)) if len(items) else None for name, measure in measures.items()},
        "macro_f1": _rounded(f1(truth, judged, range(len(CLASSES)))),
        "partial_f1": _rounded(f1(truth, judged, (CLASSES.index("partial"),))),
        "confident": _confident(items),
        "level_qwk": _rounded(level_qwk(np.arange(len(levels)))),
        "middling": _middling(items),
        "bias_by_group": {name: _rounded(_bias(group)) for name, group in by_share_met(items).items()},
        "quotes_found": _share([one.found for one in items]),
        "quotes_verbatim": _share([one.verbatim for one in items]),
        "intervals": {
            **{
                name: _pair(interval(measure, clusters, rounds=rounds, seed=SEED)) for name, measure in measures.items()
            },
            "level_qwk": _pair(interval(level_qwk, [one.transcript for one in levels], rounds=rounds, seed=SEED)),
        }
        if rounds and len(items)
        else {},
    }


def _binary(items: Sequence[Judged]) -> tuple[list[bool], list[bool]]:
    return [one.truth == "met" for one in items], [one.label == "met" for one in items]


def _three(items: Sequence[Judged]) -> tuple[list[int], list[int]]:
    return [CLASSES.index(one.truth) for one in items], [CLASSES.index(one.label) for one in items]


def _bias(items: Sequence[Judged]) -> float | None:
    """Share judged met less share labelled met, in [-1, 1]."""
    truth, judged = _binary(items)
    return (sum(judged) - sum(truth)) / len(items) if items else None


def _confident(items: Sequence[Judged]) -> dict[str, float | None]:
    sure = [one for one in items if one.sure]
    coverage = len(sure) / len(items) if items else None
    return {"coverage": _rounded(coverage), "kappa": _rounded(kappa(*_binary(sure)))}


def _middling(items: Sequence[Judged]) -> dict[str, float | int | None]:
    """Transcripts that were written middling and uneven on purpose; their ids say so."""
    mine = [one for one in items if one.transcript.startswith(MIDDLING)]
    return {"items": len(mine), "kappa": _rounded(kappa(*_binary(mine)))}


def _share(values: Sequence[bool | None]) -> float | None:
    known = [one for one in values if one is not None]
    return _rounded(sum(known) / len(known)) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _pair(bounds: tuple[float, float] | None) -> list[float] | None:
    return None if bounds is None else [round(bounds[0], 4), round(bounds[1], 4)]
