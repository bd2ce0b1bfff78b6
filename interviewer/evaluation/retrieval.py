"""Asking a retriever every query of the eval set: what came back, how long it took, and what went wrong."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from interviewer.chunk import Chunk
from interviewer.errors import InterviewerError
from interviewer.evaluation.evalset import EvalQuery
from interviewer.evaluation.spans import Alignment
from interviewer.index.found import Found
from interviewer.noun import Noun

DEPTH = 50
CONTEXT_CHUNKS, CONTEXT_TOKENS = 8, 400  # what a model is given at most
HISTORY_TURNS = 2  # of a follow-up, that are searched for along with it


class Retriever(Protocol):
    """What is evaluated."""

    def find(self, query: str, k: int = DEPTH) -> Found[Chunk]:
        """Passages of the document for some words."""
        ...


class Passage(Noun):
    """A retrieved chunk; `words` are the numbers of the words of the reference document that it covers."""

    id: str
    text: str
    tokens: int
    words: frozenset[int]


class Retrieved(Noun):
    """What a query brought.

    `scenario` is None where the retriever says that no drill is about it; `first` is the best scenario in any case;
    `passages` best first, at most `DEPTH`; `error` is empty, or what went wrong: then the rest means nothing.
    """

    query: str
    scenario: int | None = None
    first: int | None = None
    fit: float = 0.0
    passages: tuple[Passage, ...] = ()
    ms: float = 0.0
    engine: str = ""
    error: str = ""


Clock = Callable[[], float]


def retrieve(
    retriever: Retriever, queries: Iterable[EvalQuery], alignment: Alignment, clock: Clock
) -> tuple[Retrieved, ...]:
    """One answer per query, in order; `clock` gives seconds. What fails for a query is noted and the rest goes on."""
    known: dict[str, Passage] = {}
    return tuple(_retrieve_one(retriever, query, alignment, clock, known) for query in queries)


def _retrieve_one(
    retriever: Retriever, query: EvalQuery, alignment: Alignment, clock: Clock, known: dict[str, Passage]
) -> Retrieved:
    began = clock()
    try:
        found = retriever.find(search_words(query), DEPTH)
    except InterviewerError as error:
        return Retrieved(query=query.id, error=str(error))
    ms = (clock() - began) * 1000
    return Retrieved(
        query=query.id,
        scenario=found.scenario,
        first=found.ranked[0].scenario if found.ranked else None,
        fit=found.fit,
        passages=tuple(_passage(hit.chunk, alignment, known) for hit in found.hits),
        ms=ms,
        engine=found.engine,
    )


def _passage(chunk: Chunk, alignment: Alignment, known: dict[str, Passage]) -> Passage:
    if chunk.id not in known:
        words = alignment.words_of(chunk)
        known[chunk.id] = Passage.model_construct(id=chunk.id, text=chunk.text, tokens=chunk.tokens, words=words)
    return known[chunk.id]


def search_words(query: EvalQuery) -> str:
    """What is searched for: the words of the query, behind those of the turns before it."""
    before = [turn.text for turn in query.history[-HISTORY_TURNS:]]
    return " ".join([*before, query.text])


def context_of(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The first passages, as many as a model is given."""
    return tuple(_within_budget(passages))


def _within_budget(passages: Sequence[Passage]) -> Iterator[Passage]:
    tokens = 0
    for passage in passages[:CONTEXT_CHUNKS]:
        tokens += passage.tokens
        if tokens > CONTEXT_TOKENS:
            return
        yield passage
