"""What stays the same while systems are compared: the queries, the labels, and the document that both point into."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from interviewer.errors import QuerySetError
from interviewer.evaluation.evalset import ANSWERS, QRELS, QUERIES, SMOKE, EvalQuery, EvalSet, read_evalset
from interviewer.evaluation.places import find_places
from interviewer.evaluation.record import Component, Snippet
from interviewer.evaluation.relevance import Labels
from interviewer.evaluation.retrieval import search_words
from interviewer.evaluation.spans import Reference
from interviewer.manifest import SHORT_DIGEST
from interviewer.scenario import DrillDocument

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Bench:
    """The fixed side of an evaluation.

    Args:
        evalset: queries, labels, answers.
        document: the drill document that the labels point into.
        component: names the eval set in run records.
    """

    def __init__(self, evalset: EvalSet, document: DrillDocument, component: Component) -> None:
        self.evalset = evalset
        self.component = component
        self.queries = {query.id: query for query in evalset.queries}
        self.answers = {answer.query: answer for answer in evalset.answers if answer.query in self.queries}
        self.reference = Reference(document.source)
        self.places = find_places(document)
        self.labels = Labels(evalset, self.reference)

    def question(self, query: str) -> str:
        """What a model is asked."""
        return search_words(self.queries[query])

    def wanted(self, query: str) -> list[str]:
        """The passages that a good answer rests on."""
        return [self.places[bullet].text for bullet in self.answers[query].bullets if bullet in self.places]

    def sentences(self, query: str) -> list[str]:
        """The reference answer, sentence by sentence."""
        return [one for one in _SENTENCE.split(self.answers[query].reference) if one.strip()]

    @cached_property
    def gold(self) -> dict[str, tuple[Snippet, ...]]:
        """Query -> every passage of the sections that its reference answer rests on, in document order."""
        return {query: tuple(self._gold(query)) for query in self.answers}

    def _gold(self, query: str) -> Iterator[Snippet]:
        sections = {self.places[one].section for one in self.answers[query].bullets if one in self.places}
        for place in self.places.values():
            if place.section in sections:
                yield Snippet(id=place.bullet, text=place.text)

    @property
    def answered(self) -> tuple[str, ...]:
        """Queries for the arms with a model: those with a reference answer, and those that nothing answers."""
        return tuple(one.id for one in self.evalset.queries if one.id in self.answers or not one.answerable)

    def smoke(self) -> "Bench":
        """The same over the smoke set only."""
        return self.narrowed(self.evalset.smoke_queries())

    def narrowed(self, chosen: Sequence[EvalQuery]) -> "Bench":
        """The same over some of the queries."""
        names = {query.id for query in chosen}
        answers = tuple(one for one in self.evalset.answers if one.query in names)
        return _Narrowed(self, self.evalset._replace(queries=tuple(chosen), answers=answers))


class _Narrowed(Bench):
    """Fewer queries over the same document."""

    def __init__(self, whole: Bench, evalset: EvalSet) -> None:
        self.evalset = evalset
        self.component = whole.component
        self.queries = {query.id: query for query in evalset.queries}
        self.answers = {answer.query: answer for answer in evalset.answers}
        self.reference, self.places, self.labels = whole.reference, whole.places, whole.labels


def open_bench(folder: Path, document: DrillDocument) -> Bench:
    """The bench of an eval set on disk.

    Raises:
        QuerySetError: a file cannot be read, a row has not its form, or the labels point into another document.
    """
    evalset = read_evalset(folder)
    files = {name: sha256((folder / name).read_bytes()).hexdigest() for name in (QUERIES, QRELS, ANSWERS, SMOKE)}
    parts = {name.partition(".")[0]: digest[:SHORT_DIGEST] for name, digest in files.items()}
    if any(row.end > len(document.source) for row in evalset.qrels):
        raise QuerySetError("labels point beyond the end of the document.", where=str(folder / QRELS))
    return Bench(evalset, document, Component(name="evalset", parts=dict(parts)))
