"""Maintainer's script: the tuned encoder's weights (tools/judge_encoder.py) as the int8 ONNX file that ships.

    PYTHONPATH=$PWD /tmp/train/bin/python tools/export_judge.py /tmp/judge/weights.npz /tmp/judge/encoder_int8.onnx

Needs torch, onnx and onnxruntime in that environment. Then: `tools/train_judge.py --encoder ... --heads ...`.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from judge_data import open_tokenizer, read_examples, read_texts
from judge_encoder import States
from onnxruntime.quantization.shape_inference import quant_pre_process
from rowwise_int8 import channel_peaks, quantize

OPSET = 17
CALIBRATED_ON = 48


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    with np.load(given.weights) as arrays:
        state = {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files}
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    model = States(layers)
    model.load_state_dict(state)
    model.eval()
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
