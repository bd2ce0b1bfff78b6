"""Dynamic int8 for a transformer's ONNX graph in which a vector never depends on its batch companions.

onnxruntime's own dynamic quantisation takes one scale for a whole activation tensor, so padding and companions change
a vector (cosine down to .94 between a batch of one and a batch of 32 on MiniLM). Here each token (row) has its own
scale. Weights have one scale per output channel, embedding tables one per row. `smooth` moves outliers of activation
channels into the weights beforehand (Xiao et al., SmoothQuant, arXiv 2211.10438).

The limits keep 2 * (2 * LIMIT + 1) * LIMIT below 2**15: x86 processors without VNNI add pairs of products in 16 bits
and would saturate. So the integer sums are exact, and the same, on every machine.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LIMIT = 90
SMOOTHING = 0.6

Array = NDArray[np.float32]


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def _weights(model: onnx.ModelProto) -> dict[str, Array]:
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def _is_dense(node: onnx.NodeProto, weights: Mapping[str, Array]) -> bool:
    return node.op_type == "MatMul" and node.input[1] in weights


def _is_table(node: onnx.NodeProto, weights: Mapping[str, Array]) -> bool:
    return node.op_type == "Gather" and weights.get(node.input[0], np.zeros(0)).ndim == 2


def channel_peaks(model: onnx.ModelProto, feeds: Iterable[Mapping[str, NDArray[np.int64]]]) -> dict[str, Array]:
    """Largest magnitude of each channel of each tensor that is multiplied by weights, over calibration texts."""
    weights = _weights(model)
    names = sorted({node.input[0] for node in model.graph.node if _is_dense(node, weights)})
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = _session(probe)
    peaks: dict[str, Array] = {}
    for feed in feeds:
        for name, values in zip(names, session.run(names, dict(feed)), strict=True):
            peak = np.abs(values).reshape(-1, values.shape[-1]).max(0)
            peaks[name] = np.maximum(peaks.get(name, 0), peak)
    return peaks


class _Rewriter:
    """Collects the new nodes and constants of one graph."""

    def __init__(self, model: onnx.ModelProto, peaks: Mapping[str, Array]) -> None:
        self.weights = _weights(model)
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.replaced: set[str] = set()
        self.quantized: set[str] = set()
        self.smooth = {name: self._smoothing(model, name, peak) for name, peak in peaks.items()}
        self.limit = self.constant("q_limit", np.float32(LIMIT))
        self.tiny = self.constant("q_tiny", np.float32(1e-12))
        self.zero = self.constant("q_zero", np.uint8(LIMIT + 1))
        # Cast truncates: half a step more makes it round.
        self.offset = self.constant("q_offset", np.float32(LIMIT + 1.5))

    def constant(self, name: str, value: object) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def _smoothing(self, model: onnx.ModelProto, name: str, peak: Array) -> Array:
        users = [node for node in model.graph.node if _is_dense(node, self.weights) and node.input[0] == name]
        strength = np.max([np.abs(self.weights[node.input[1]]).max(1) for node in users], axis=0)
        factor = np.maximum(peak, 1e-3) ** SMOOTHING / np.maximum(strength, 1e-5) ** (1 - SMOOTHING)
        return np.asarray(factor / np.exp(np.log(factor).mean()), np.float32)

    def quantize_rows(self, name: str) -> tuple[str, str]:
        """Names of the uint8 rows of an activation and of their scales, made once per activation."""
        rows, scale = f"{name}_u8", f"{name}_scale"
        if name in self.quantized:
            return rows, scale
        self.quantized.add(name)
        smoothed = self.add("Mul", [name, self.constant(f"{name}_smooth", 1 / self.smooth[name])], f"{name}_smoothed")
        magnitude = self.add("Abs", [smoothed], f"{name}_abs")
        peak = self.add("ReduceMax", [magnitude], f"{name}_max", axes=[-1], keepdims=1)
        peak = self.add("Add", [peak, self.tiny], f"{name}_peak")
        self.add("Div", [peak, self.limit], scale)
        inverse = self.add("Div", [self.limit, peak], f"{name}_inverse")
        steps = self.add("Mul", [smoothed, inverse], f"{name}_steps")
        shifted = self.add("Add", [steps, self.offset], f"{name}_shifted")
        self.add("Cast", [shifted], rows, to=TensorProto.UINT8)
        return rows, scale

    def dense(self, node: onnx.NodeProto) -> None:
        activation, weight = node.input
        rows, scale = self.quantize_rows(activation)
        values, steps = _to_int8(self.weights[weight] * self.smooth[activation][:, None], axis=0)
        self.replaced.add(weight)
        out = node.output[0]
        sums = self.add("MatMulInteger", [rows, self.constant(f"{weight}_i8", values), self.zero], f"{out}_sums")
        exact = self.add("Cast", [sums], f"{out}_exact", to=TensorProto.FLOAT)
        scaled = self.add("Mul", [exact, scale], f"{out}_scaled")
        self.add("Mul", [scaled, self.constant(f"{weight}_scale", steps[0])], out)

    def table(self, node: onnx.NodeProto) -> None:
        name, indices = node.input
        values, steps = _to_int8(self.weights[name], axis=1)
        self.replaced.add(name)
        out = node.output[0]
        rows = self.add("Gather", [self.constant(f"{name}_i8", values), indices], f"{out}_i8")
        exact = self.add("Cast", [rows], f"{out}_exact", to=TensorProto.FLOAT)
        scale = self.add("Gather", [self.constant(f"{name}_scale", steps), indices], f"{out}_scale")
        self.add("Mul", [exact, scale], out)


def _to_int8(weight: Array, axis: int) -> tuple[NDArray[np.int8], Array]:
    steps = np.maximum(np.abs(weight).max(axis, keepdims=True) / LIMIT, 1e-12).astype(np.float32)
    return np.clip(np.round(weight / steps), -LIMIT, LIMIT).astype(np.int8), steps


def quantize(model: onnx.ModelProto, peaks: Mapping[str, Array]) -> onnx.ModelProto:
    """The graph with dense layers and embedding tables in int8; `peaks` from `channel_peaks` of the same graph."""
    rewriter = _Rewriter(model, peaks)
    for node in model.graph.node:
        if _is_dense(node, rewriter.weights):
            rewriter.dense(node)
        elif _is_table(node, rewriter.weights):
            rewriter.table(node)
        else:
            rewriter.nodes.append(node)
    kept = [tensor for tensor in model.graph.initializer if tensor.name not in rewriter.replaced]
    graph = helper.make_graph(
        rewriter.nodes, model.graph.name, model.graph.input, model.graph.output, [*kept, *rewriter.constants]
    )
    result = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(result)
    return result
