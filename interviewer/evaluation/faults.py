"""Faults on purpose, and innocent changes beside them: each is a real change of a real component.

What can be changed is in `CHANGES`; which of it is a fault, and how far it goes, stands in `evals/faults/*.toml`.
"""

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from interviewer.drills.exemplars import exemplar_sources
from interviewer.drills.phrasings import phrasing_sources
from interviewer.drills.read import read_drills
from interviewer.drills.split import Splitter
from interviewer.drills.windows import window_splitter
from interviewer.errors import QuerySetError
from interviewer.evaluation.extractive import ExtractiveModel
from interviewer.evaluation.point_judge import EmbeddedPointJudge
from interviewer.evaluation.setup import Setup
from interviewer.manifest import SHORT_DIGEST, Parameter, SplitterDigest
from interviewer.models.altered import FirstWords, Rounded
from interviewer.models.cached import CachedEmbedder
from interviewer.models.hashing import HashingEmbedder
from interviewer.noun import Noun
from interviewer.scenario import Bullet

Values = Mapping[str, Any]


class Fault(Noun):
    """A change of one component (see `evals/faults/`): `draws` are alternatives, each a name and the values it may
    have."""

    name: str
    title: str
    component: str
    change: str
    innocent: bool
    draws: tuple[dict[str, tuple[Parameter, ...]], ...]

    def draw(self, random: np.random.Generator) -> dict[str, Parameter]:
        """Values for one run."""
        chosen = self.draws[int(random.integers(len(self.draws)))]
        return {name: values[int(random.integers(len(values)))] for name, values in chosen.items()}


def read_faults(folder: Path) -> dict[str, Fault]:
    """Name -> fault, from every `NAME.toml` of a folder.

    Raises:
        QuerySetError: a file does not parse, has not the form, or names a change that there is not.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            fault = Fault(name=path.stem, **tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, ValidationError, TypeError) as error:
            raise QuerySetError(f"is no fault ({error}).", where=str(path)) from None
        if fault.change not in CHANGES:
            known = f"There are: {', '.join(sorted(CHANGES))}."
            raise QuerySetError(f"there is no change {fault.change!r}.", where=str(path), next_step=known)
        found[fault.name] = fault
    return found


@dataclass(frozen=True)
class Site:
    """Where changed files are put."""

    folder: Path

    def corpus(self, setup: Setup, text: str) -> Path:
        """The document with another text, and everything beside it as it was."""
        beside = (*phrasing_sources(setup.recipe.phrasings), *exemplar_sources(setup.recipe.exemplars))
        mark = sha256((text + "".join(one.sha256 for one in beside)).encode()).hexdigest()[:SHORT_DIGEST]
        folder = self.folder / f"corpus-{mark}" / "corpus"
        path = folder / setup.corpus.name
        if not path.exists():
            for name in ("phrasings", "exemplars"):
                if (setup.corpus.parent / name).is_dir():
                    shutil.copytree(setup.corpus.parent / name, folder / name, dirs_exist_ok=True)
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return path


Change = Callable[[Setup, Values, np.random.Generator, Site], Setup]


def apply(fault: Fault, values: Values, setup: Setup, random: np.random.Generator, site: Site) -> Setup:
    """The setup with the change made to it."""
    return CHANGES[fault.change](setup, values, random, site)


def _foreign_embedder(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    foreign = CachedEmbedder(HashingEmbedder(int(values["dim"])))
    return replace(setup, embedder=foreign, index=replace(setup.index, embedder=setup.embedder))


def _first_words(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    return replace(setup, embedder=CachedEmbedder(FirstWords(setup.embedder, int(values["words"]))))


def _windows(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    size = int(values["size"])
    return replace(setup, splitter=window_splitter(size, size))


def _older_corpus(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    """The index was built when the last bullets of some sections had not been written yet."""
    document = read_drills(setup.corpus)
    gone: list[Bullet] = []
    for scenario in document.scenarios:
        for section in scenario.sections:
            if len(section.bullets) > 1 and random.random() < values["share"]:
                gone += section.bullets[len(section.bullets) // 2 :]
    text = document.source
    for bullet in sorted(gone, key=lambda one: -one.start):
        text = text[: text.rfind("\n", 0, bullet.start)] + text[bullet.end :]
    return replace(setup, index=replace(setup.index, corpus=site.corpus(setup, text)))


def _ranking(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    return replace(setup, retriever=replace(setup.retriever, **values))


def _prompt(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    return replace(setup, prompt=setup.prompt.replace(str(values["find"]), str(values["put"])))


def _model(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    if not isinstance(setup.model, ExtractiveModel):
        raise TypeError("only the model that ships can be weakened")
    if "hashing" in values:
        return replace(setup, model=replace(setup.model, embedder=CachedEmbedder(HashingEmbedder(values["hashing"]))))
    return replace(setup, model=replace(setup.model, **values))


def _judge(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    if not isinstance(setup.judge, EmbeddedPointJudge):
        raise TypeError("only the judge that ships can be moved")
    shift = float(values["shift"])
    moved = replace(setup.judge, met=setup.judge.met + shift, partial=setup.judge.partial + shift)
    return replace(setup, judge=moved)


def _rehash(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    text = setup.corpus.read_bytes().decode() + "\n" * int(values["build"])
    again = replace(setup.index, build=int(values["build"]))
    return replace(setup, corpus=site.corpus(setup, text), index=again, prompt=setup.prompt.rstrip() + "\n\n")


def _reorder(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    inner, seed = setup.splitter, int(values["seed"])
    digest = SplitterDigest(identity=inner.digest.identity, parameters={**inner.digest.parameters, "order": seed})

    def split(*arguments: Any) -> Any:
        chunks = inner.split(*arguments)
        return tuple(chunks[row] for row in np.random.default_rng(seed).permutation(len(chunks)))

    return replace(setup, splitter=Splitter(digest, split))


def _reformat(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    text = setup.corpus.read_bytes().decode()
    text = re.sub(r"^  • ", f"  {values['bullet']} ", text, flags=re.MULTILINE)
    return replace(setup, corpus=site.corpus(setup, text.replace("\n\n", "\n\n\n").replace("\n", str(values["ends"]))))


def _requantise(setup: Setup, values: Values, random: np.random.Generator, site: Site) -> Setup:
    return replace(setup, embedder=CachedEmbedder(Rounded(setup.embedder, int(values["levels"]))))


CHANGES: dict[str, Change] = {
    "foreign_embedder": _foreign_embedder,
    "first_words": _first_words,
    "windows": _windows,
    "older_corpus": _older_corpus,
    "ranking": _ranking,
    "prompt": _prompt,
    "model": _model,
    "judge": _judge,
    "rehash": _rehash,
    "reorder": _reorder,
    "reformat": _reformat,
    "requantise": _requantise,
}
