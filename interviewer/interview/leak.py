"""Nothing of the answer key leaves: what the interviewer is about to say is held against it."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from interviewer.interview.move import Move
from interviewer.interview.terms import is_content, sentences, stem, terms, words
from interviewer.models.embedder import Embedder, Vectors
from interviewer.transcript import Transcript

SHINGLE = 8
_LATELY = 2
_REPEATED = 0.75
SIMILAR = 0.72
"""Cosine from which a sentence says the same as a key bullet (see the test: probes stay below, paraphrases do not)."""


class LeakGuard:
    """Holds utterances against the key of one scenario.

    Two checks: a run of `SHINGLE` words of a key text (all of it where it is shorter, two content words at least), and,
    with an embedder, a sentence whose cosine to a key text reaches `similar`. Words that are public, and words that the
    candidate said, may be said.

    Args:
        key: the key texts, such as the bullets of the scenario.
        public: what everybody may hear: title, prompt, listed follow-ups.
        canaries: strings that stand in prompts with the key and nowhere else; found backwards and in base64 as well.
    """

    def __init__(
        self,
        key: Sequence[str],
        public: Sequence[str],
        embedder: Embedder | None = None,
        similar: float = SIMILAR,
        canaries: Sequence[str] = (),
    ) -> None:
        self._key = tuple(key)
        self._canaries = frozenset(disguise for canary in canaries for disguise in _disguises(canary))
        self._key_shingles = {
            text: (size, _shingles(stems, size))
            for text, stems in ((text, _stems(text)) for text in self._key if _tells(text))
            if (size := min(SHINGLE, len(stems))) >= 2
        }
        self._public = frozenset(
            shingle for text in public for size in range(2, SHINGLE + 1) for shingle in _shingles(_stems(text), size)
        )
        self._public_sentences = frozenset(sentence for text in public for sentence in sentences(text))
        self._embedder, self._similar = embedder, similar

    def prepare(self) -> None:
        """Embed the key now, so that no turn has to wait for it."""
        _ = self._vectors

    def find_leak(self, text: str, transcript: Transcript) -> str:
        """Why the text may not be said, naming the key text; empty when it may."""
        if self._canaries and any(one in _squeezed(text) for one in self._canaries):
            return "repeats a canary of a prompt with the key"
        return self._find_shingle(text, transcript) or self._find_similar(text, transcript)

    def _find_shingle(self, text: str, transcript: Transcript) -> str:
        said = _stems(text)
        for key, (size, shingles) in self._key_shingles.items():
            shared = (shingles & _shingles(said, size)) - self._public
            if shared:  # hardly ever: only then is it worth going through all that the candidate said
                heard = " / ".join(turn.text for _, turn in transcript.candidate_turns)
                shared -= _shingles(_stems(heard), size)
            if shared:
                return f"repeats “{' '.join(min(shared))}” of the key “{key}”"
        return ""

    @cached_property
    def _vectors(self) -> Vectors | None:
        """The embedded key, made when first needed."""
        return self._embedder.embed(self._key) if self._embedder and self._key else None

    def _find_similar(self, text: str, transcript: Transcript) -> str:
        lately = " / ".join(turn.text for _, turn in transcript.candidate_turns[-_LATELY:])
        heard = frozenset(terms(lately))
        told = [one for one in sentences(text) if self._is_own(one) and not _is_repeated(one, heard)]
        if self._embedder is None or self._vectors is None or not told:
            return ""
        cosines = self._embedder.embed(told) @ self._vectors.T
        place, key = np.unravel_index(int(cosines.argmax()), cosines.shape)
        best = float(cosines[place, key])
        return f"“{told[place]}” says the key “{self._key[key]}” ({best:.2f})" if best >= self._similar else ""

    def _is_own(self, sentence: str) -> bool:
        """Neither public nor a quotation of the candidate."""
        return sentence not in self._public_sentences and "“" not in sentence


def is_exempt(move: Move) -> bool:
    """A reveal gives one point away, by its name and price; the brief is the document's own prompt."""
    return move.kind in ("reveal", "brief") or (move.kind == "repeat" and "prompt" in move.slots)


def _disguises(canary: str) -> Iterator[str]:
    plain = _squeezed(canary)
    yield plain
    yield plain[::-1]
    # base64 looks different at each of three offsets, and its ends depend on what stands beside it
    for shift in range(3):
        encoded = b64encode(b" " * shift + canary.encode()).decode()
        yield _squeezed(encoded[4 if shift else 0 : -4])


def _squeezed(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _is_repeated(sentence: str, heard: frozenset[str]) -> bool:
    """Whether a sentence says hardly anything that the candidate has not just said in these words."""
    said = terms(sentence)
    return bool(said) and sum(term in heard for term in said) >= _REPEATED * len(said)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def _shingles(tokens: Sequence[str], size: int) -> set[tuple[str, ...]]:
    """Runs of `size` tokens."""
    return {tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1)}


def _tells(key: str) -> bool:
    return sum(is_content(word) for word in words(key)) >= 2
