"""An interview that a model speaks: what the product adds to its first word, and how many prompt tokens it takes.

The stub takes 300 ms for every reply and runs in a process of its own. Prompt tokens are counted with o200k_base.
"""

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import ROOT, Row, p95
from interviewer.desk import Desk
from interviewer.interview.cue import brief_of, build_cue
from interviewer.interview.late import do_now
from interviewer.interview.move import Move
from interviewer.interview.plan import Plan
from interviewer.interview.tracker import COVERAGE
from interviewer.models.language import Ask
from interviewer.models.scripted import ScriptedModel
from interviewer.models.tokens import tokens_of
from interviewer.settings import Settings
from interviewer.transcript import Transcript, Turn
from interviewer.wiring import open_parts, open_rubrics, open_trackers, open_voice
from tests.wire.server import Request, loopback, method_of

LATENCY_S = 0.3
FIRST_WORD_TARGET_MS = 30.0
SCENARIOS = (1, 3, 5, 7, 9, 11)
LONG_SCENARIO = 1
TURNS = 40
SUMMED_TURNS = 20
CACHED_PRICE = 0.1
TOKENS_TARGET = 20_000
SHARE_TARGET = 0.9
SHARE_FROM = 3
NO_POINTS = '{"points": []}'
SPOKEN = "You would start from the logs there. Which of these would you want to see side by side with it?"


def modelled_rows(data_dir: str) -> list[Row]:
    return [_first_word_row(Path(data_dir)), *_token_rows(Path(data_dir))]


# -- the first word


def _first_word_row(data_dir: Path) -> Row:
    """p95 from an answer to the first words of the reply, less p95 of the stub's own first event."""
    with _stub() as url:
        settings = Settings(data_dir=data_dir, engine="llm", base_url=url, model="openai:stub")
        # tracked between the turns, as while a candidate reads, and not into the next one's time
        desk = Desk(replace(open_parts(settings), later=do_now))
        tuple(_first_words_s(desk, SCENARIOS[0]))
        own, stubs = [], []
        for number in SCENARIOS:
            own += list(_first_words_s(desk, number))
            stubs += [_stub_first_s(url) for _ in range(6)]
    over = (p95(own) - p95(stubs)) * 1000
    middle = (statistics.median(own) - statistics.median(stubs)) * 1000
    what = (
        f"first words of a reply over the stub's own, p95 of {len(own)}, the answer read along while typed "
        f"(median {middle:.0f} ms more)"
    )
    return Row(what, f"{over:.0f} ms", f"<= {FIRST_WORD_TARGET_MS:.0f} ms", over <= FIRST_WORD_TARGET_MS)


def _first_words_s(desk: Desk, scenario: int) -> Iterator[float]:
    session = desk.start(scenario, mode="real", level="senior", minutes=60)
    tuple(session.reply())
    for number, text in enumerate(answers(scenario, 6)):
        if session.state.phase != "interview":
            return
        session.read_ahead(text)  # as the page and the terminal do while somebody types
        begun = time.perf_counter()
        pieces = iter(session.answer(text, f"turn-{number}"))
        next(pieces)
        yield time.perf_counter() - begun
        tuple(pieces)


def _stub_first_s(url: str) -> float:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    body = {"model": "stub", "stream": True, "messages": [{"role": "user", "content": "move x: Ask: What next?"}]}
    begun = time.perf_counter()
    connection.request("POST", f"{parts.path}/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    while b'"content": "You' not in response.readline():
        pass
    taken = time.perf_counter() - begun
    response.read()
    connection.close()
    return taken


@contextmanager
def _stub() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.modelled"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def _reply(request: Request) -> str:
    if not method_of(request):
        return SPOKEN
    return '{"ready": true}' if "test of the connection" in request["messages"][-1]["content"] else NO_POINTS


# -- tokens


def _token_rows(data_dir: Path) -> list[Row]:
    """Forty answers of gold candidates and as many questions, whatever the policy would have made of them."""
    model = ScriptedModel(lambda ask: NO_POINTS if ask.prompt == COVERAGE else SPOKEN)
    settings = Settings(data_dir=data_dir / "tokens", engine="offline")
    rubric = open_rubrics(settings)[LONG_SCENARIO]
    plan = Desk(open_parts(settings)).start(LONG_SCENARIO, mode="real", level="senior", minutes=120).plan
    modelled, tracker = open_voice(settings, model), open_trackers(settings, model)(rubric)
    turns = [Turn(role="interviewer", text=f"{plan.prompt} {SPOKEN}")]
    for place, answer in enumerate(answers(LONG_SCENARIO, TURNS)):
        tracker.track(turns[-1].text, answer)
        turns.append(Turn(role="candidate", text=answer))
        moves = [_probe(plan, place), _probe(plan, place + 1)]
        cue = build_cue(moves[0], plan, (), modelled.moves, modelled.wording, moves[1])
        tuple(modelled.voice.words(cue, brief_of(plan), Transcript(id="bench", turns=tuple(turns))))
        turns.append(Turn(role="interviewer", text=f"You would start there. {moves[0].question}"))
    spoken = [_tokens(ask) for ask in model.asked if ask.prompt != COVERAGE]
    followed = [_tokens(ask) for ask in model.asked if ask.prompt == COVERAGE]
    shares = [len(_prefix(one, other)) / len(other) for one, other in pairwise(spoken)]
    worst = min(shares[SHARE_FROM - 2 :])
    billed = _billed(spoken[:SUMMED_TURNS]) + _billed(followed[:SUMMED_TURNS])
    sizes = ", ".join(f"{len(spoken[turn - 1]):,} at turn {turn}" for turn in (1, SUMMED_TURNS, TURNS))
    words = statistics.mean(len(turn.text.split()) for turn in turns if turn.role == "candidate")
    return [
        Row(
            f"share of a prompt that is a prefix of the one before, worst from turn {SHARE_FROM} to {TURNS}",
            f"{worst:.3f}",
            f">= {SHARE_TARGET}",
            worst >= SHARE_TARGET,
        ),
        Row(
            f"prompt tokens of {SUMMED_TURNS} turns with coverage, repeated prefix at a tenth ({sizes}; answers of "
            f"{words:.0f} words)",
            f"{billed:,.0f}",
            f"<= {TOKENS_TARGET:,}",
            billed <= TOKENS_TARGET,
        ),
    ]


def _probe(plan: Plan, place: int) -> Move:
    """One question after the other, each turning to another part, which is the longest a move gets."""
    question = plan.probes[place % len(plan.probes)]
    return Move(kind="probe", reason="bench", question=question.text, section=question.section, lead="turn_to")


def _tokens(ask: Ask) -> list[int]:
    """The prompt as the tokens that a cache would compare, message by message."""
    return [token for message in ask.messages for token in tokens_of(f"<{message.author}>\n{message.text}\n")]


def _prefix(one: Sequence[int], other: Sequence[int]) -> Sequence[int]:
    length = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    return other[: min(len(one), len(other)) if length is None else length]


def _billed(prompts: Sequence[Sequence[int]]) -> float:
    """Tokens with those of the prefix shared with the prompt before at a tenth."""
    total = float(len(prompts[0]))
    for one, other in pairwise(prompts):
        shared = len(_prefix(one, other))
        total += len(other) - shared + CACHED_PRICE * shared
    return total


def answers(scenario: int, count: int) -> list[str]:
    """Answers that gold candidates gave to this drill, as many as asked for, none twice."""
    found: list[str] = []
    for path in sorted((ROOT / "evals" / "gold").rglob(f"*-s{scenario:02d}-*.json")):
        if "labels" not in path.name:
            turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
            found += [turn["text"] for turn in turns if turn["role"] == "candidate" and len(turn["text"].split()) > 30]
    return found[:count]


if __name__ == "__main__":
    with loopback(_reply, latency_s=LATENCY_S) as server:
        print(server.url, flush=True)
        server.closing.wait()
