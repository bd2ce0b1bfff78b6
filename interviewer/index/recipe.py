"""What an index is made from: the files, the embedder, and the manifest that they give."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from interviewer.drills.exemplars import Exemplars, exemplar_sources, read_exemplars
from interviewer.drills.phrasings import phrasing_sources, read_phrasings
from interviewer.drills.read import read_drills
from interviewer.drills.split import STRUCTURE, CountTokens, Splitter
from interviewer.errors import DrillError
from interviewer.index.contents import Contents, Entry, gather_contents, gather_entries
from interviewer.index.ranking import DEFAULT, Ranking
from interviewer.manifest import EmbedderDigest, Manifest, digest_source
from interviewer.models.embedder import Embedder
from interviewer.scenario import DrillDocument

_PROBES = (
    "the endpoint returns 200 but the predictions are wrong",
    "pods stay in Pending because no GPU is free",
    "p99 latency doubled after the deployment",
    "the drift alert fired and labels come in two weeks",
    "the training bill tripled overnight",
    "the online store returns stale features",
    "offline metrics improved and revenue fell",
    "a renamed column broke the pipeline",
    "training and serving compute the feature differently",
    "the nightly scoring job misses its deadline",
    "the wrong version was promoted in the registry",
    "answers cite documents that do not exist",
    "roll back to the last known good version",
    "I would look at the dashboards first",
    # long ones, so that an embedder that reads less of a text than it did is noticed
    (
        "since the release on Tuesday the fraud model approves what it used to stop, every probe is green, latency is "
        "flat, nobody touched the feature pipeline as far as we know, and the business lead asks whether to turn it "
        "off tonight"
    ),
    " ".join(f"line {number} of a pasted log says that pod {number % 7} was evicted" for number in range(40)),
)


@dataclass(frozen=True)
class Recipe:
    """A drill document with the folders beside it, and who embeds and counts.

    `weights_sha256` is that of the embedder's weights, empty where it has none.
    """

    corpus: Path
    embedder: Embedder
    weights_sha256: str
    count_tokens: CountTokens
    splitter: Splitter = STRUCTURE
    ranking: Ranking = DEFAULT

    @property
    def phrasings(self) -> Path:
        return self.corpus.parent / "phrasings"

    @property
    def exemplars(self) -> Path:
        return self.corpus.parent / "exemplars"

    def manifest(self) -> Manifest:
        """The manifest of the index that belongs to the files as they are now; parses nothing.

        Raises:
            DrillError: the document cannot be read.
        """
        return Manifest(
            corpus=digest_source(self.corpus.name, self._content()),
            phrasings=phrasing_sources(self.phrasings),
            exemplars=exemplar_sources(self.exemplars),
            splitter=self.splitter.digest,
            embedder=describe_embedder(self.embedder, self.weights_sha256),
            ranking=self.ranking.digest,
        )

    def contents(self) -> Contents:
        """Everything that goes into the index.

        Raises:
            DrillError, PhrasingsError: a file has a fault.
        """
        document = read_drills(self.corpus)
        exemplars = self._exemplars(document)
        phrasings = read_phrasings(self.phrasings)
        return gather_contents(document, phrasings, exemplars, self.embedder, self.count_tokens, self.splitter)

    def entries(self) -> tuple[tuple[Entry, ...], dict[int, str]]:
        """The entries and the titles, without any vector: for search by words alone."""
        document = read_drills(self.corpus)
        exemplars = self._exemplars(document)
        phrasings = read_phrasings(self.phrasings)
        entries = gather_entries(document, phrasings, exemplars, self.count_tokens, self.splitter)
        return entries, {one.number: one.title for one in document.scenarios}

    def _exemplars(self, document: DrillDocument) -> Exemplars:
        return read_exemplars(self.exemplars, document, self.embedder.identity, self.weights_sha256)

    def _content(self) -> bytes:
        try:
            return self.corpus.read_bytes()
        except OSError as error:
            raise DrillError(
                f"cannot be read ({error.strerror}).", path=self.corpus, expected="a readable file"
            ) from error


def describe_embedder(embedder: Embedder, weights_sha256: str) -> EmbedderDigest:
    """The embedder as it behaves now: 16 probe strings are embedded, coordinates rounded to three decimals, hashed."""
    vectors = np.round(embedder.embed(_PROBES), 3) + 0.0  # + 0.0: no negative zero
    fingerprint = sha256(np.asarray(vectors, "<f4").tobytes()).hexdigest()
    return EmbedderDigest(
        identity=embedder.identity, dim=embedder.dim, weights_sha256=weights_sha256, fingerprint=fingerprint
    )
