"""Token counts with OpenAI's o200k_base; the only door to tiktoken.

tiktoken would download the table at first use, keeps it in a folder named by the environment, and deletes a file there
that it does not trust. So the encoding is built in memory from the shipped table: no folder, no environment, no
network. The pattern and the special tokens' absence are those of tiktoken's `o200k_base` (MIT); a test compares.
"""

import lzma
import re
from base64 import b64decode
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from interviewer.shipped import read_verified

if TYPE_CHECKING:
    from tiktoken import Encoding

ENCODING = "o200k_base"
TABLE = Path(__file__).parent / "assets/tiktoken/o200k_base.tiktoken.xz"
TABLE_SHA256 = "525e9ef7ef1926dfc41c2fd03529afc9822289ed48c4ae4927cf061c92dab0e9"
PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
# tiktoken's pattern overflows its stack on a long enough run of blanks (seen at 1 MB), and merging a long run of one
# character is slow. Counting such a run in pieces is off by a token or so per piece.
_LONG_RUN = re.compile(r"\S{4000}|\s{4000}")
_loading = Lock()


def count_tokens(text: str) -> int:
    """Number of o200k_base tokens (0 for an empty text); exact for OpenAI's newer models, an estimate for others.

    Text such as `<|endoftext|>` counts as the plain text that it is.

    Raises:
        ShippedDataError: the shipped table is missing or its hash differs from the pinned one.
    """
    return len(tokens_of(text))


def tokens_of(text: str) -> list[int]:
    """The tokens themselves; raises as `count_tokens`."""
    if not text:
        return []
    with _loading:
        encoding = open_encoding(TABLE)
    return [token for piece in _pieces(text) for token in encoding.encode_ordinary(piece)]


@cache
def open_encoding(table: Path) -> "Encoding":
    """The encoding from a table packed with xz, verified against the pinned hash; read once per process."""
    lines = lzma.decompress(read_verified(table, TABLE_SHA256)).splitlines()
    from tiktoken import Encoding

    ranks = {b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    return Encoding(ENCODING, pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})


def _pieces(text: str) -> list[str]:
    cuts = [0, *(match.end() for match in _LONG_RUN.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]
