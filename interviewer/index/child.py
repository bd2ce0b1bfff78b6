"""The parts of a build that run in a process of their own: a broken store can hang or kill the one that opens it.

`run(["build", FOLDER, NONCE])` fills a store from the chunks and vectors beside it, closes it and checks it;
`run(["check", FOLDER, NONCE])` only checks. The check opens a copy elsewhere, so that it sees what is on disk. Both
exit with 0, or with 1 and a sentence on stderr, and print the digest of what was checked.
"""

import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from interviewer.errors import IndexBrokenError
from interviewer.index.chroma import ChromaSearch, ChromaStore, Group, write_store
from interviewer.index.contents import OUTSIDE, Contents, group_of, load_entries, load_vectors
from interviewer.index.versions import CHROMA, hash_files
from interviewer.manifest import canonical_json

TIME_OUT_S = 120.0
SAMPLES = 50
_NEAR = 1.0 - 1e-4  # cosine of a vector to itself, as Chroma computes it

_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from interviewer.index.child import run; run(sys.argv[1:])"


def run_child(command: str, folder: Path, nonce: str, time_out_s: float = TIME_OUT_S) -> None:
    """Run `build` or `check` on a folder in a child process.

    Raises:
        IndexBrokenError: it failed, was killed (a crash inside Chroma among it), took too long, or the files are no
            longer those that were checked.
    """
    root = Path(__file__).resolve().parents[2]
    arguments = [sys.executable, "-c", _START, str(root), command, str(folder), nonce]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=time_out_s, check=False)
    except subprocess.TimeoutExpired:
        raise IndexBrokenError(f"the index {command} took longer than {time_out_s:g} s.", where=str(folder)) from None
    if done.returncode:
        last = done.stderr.strip().rsplit("\n", 1)[-1] or f"exit code {done.returncode}"
        raise IndexBrokenError(f"the index {command} failed: {last}", where=str(folder))
    if done.stdout.strip() != _digest(folder):
        raise IndexBrokenError("the index changed after it was checked.", where=str(folder))


def _digest(folder: Path) -> str:
    """One hash over all files of a folder."""
    return sha256(canonical_json(hash_files(folder)).encode()).hexdigest()


def run(arguments: Sequence[str]) -> None:
    """The child's side of `run_child`."""
    command, folder, nonce = arguments[0], Path(arguments[1]), arguments[2]
    entries = load_entries(folder)
    groups = group_entries(Contents(entries, load_vectors(folder, entries), {}))
    if command == "build":
        write_store(folder / CHROMA, groups, nonce)
    digest = _digest(folder)
    fault = find_fault(folder, groups, nonce)
    if fault:
        sys.exit(fault)
    sys.stdout.write(digest)


def group_entries(contents: Contents) -> list[Group]:
    """The collections: what the public may see, the answer key, and wordings that fit no drill."""
    groups = []
    for name in ("public", "key", OUTSIDE):
        rows = [row for row, entry in enumerate(contents.entries) if group_of(entry.chunk) == name]
        groups.append(Group(name, [contents.entries[row].chunk.id for row in rows], contents.vectors[rows]))
    return groups


def find_fault(folder: Path, groups: Sequence[Group], nonce: str) -> str:
    """What is wrong with a store, in a sentence; empty when it is sound."""
    store = ChromaStore(folder / CHROMA)
    try:
        faults = [_group_fault(store.search(group.name), group, nonce) for group in groups]
    finally:
        store.close()
    return next((fault for fault in faults if fault), "")


def _group_fault(search: ChromaSearch, group: Group, nonce: str) -> str:
    """Counts, the canary, and sampled vectors, each of which must find itself first."""
    size = len(group.ids)
    if search.count() != size + 1:
        return f"{group.name} holds {search.count()} vectors instead of {size + 1}"
    if not search.finds_canary(nonce, group.vectors.shape[1]):
        return f"the canary of {group.name} is not found"
    for row in range(0, size, max(1, size // SAMPLES)):
        found = search.nearest(group.vectors[row], 10)
        # equal texts have equal vectors, and then any of them may come first
        if len(found) != min(10, size) or found[0][1] < _NEAR:
            return f"{group.ids[row]} is not found by its own vector"
    return ""
