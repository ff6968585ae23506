"""Writes random weights in the shape of Qwen2-0.5B as GGUF, for llama.cpp's benchmarks.

    pip install gguf
    python random_gguf.py DIR                 # bf16.gguf, f16.gguf and q8_0.gguf

The same shape as serving-bench's ModelBenchmark makes for itself, so that both can be timed on it.
"""

import argparse
import pathlib

import gguf
import numpy

LAYERS, HIDDEN, HEADS, KV_HEADS, FEED_FORWARD, VOCABULARY = 24, 896, 14, 2, 4864, 151936
TYPES = {
    "bf16": gguf.GGMLQuantizationType.BF16,
    "f16": gguf.GGMLQuantizationType.F16,
    "q8_0": gguf.GGMLQuantizationType.Q8_0,
}
FILE_TYPES = {
    "bf16": gguf.LlamaFileType.MOSTLY_BF16,
    "f16": gguf.LlamaFileType.MOSTLY_F16,
    "q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
}


def shapes():
    """Name and shape of each tensor; vectors stay in f32, as llama.cpp's converter leaves them."""
    head = HIDDEN // HEADS
    yield "token_embd.weight", (VOCABULARY, HIDDEN)
    yield "output_norm.weight", (HIDDEN,)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", (HIDDEN,)
        yield block + "ffn_norm.weight", (HIDDEN,)
        yield block + "attn_q.weight", (HIDDEN, HIDDEN)
        yield block + "attn_q.bias", (HIDDEN,)
        for part in "kv":
            yield block + f"attn_{part}.weight", (KV_HEADS * head, HIDDEN)
            yield block + f"attn_{part}.bias", (KV_HEADS * head,)
        yield block + "attn_output.weight", (HIDDEN, HIDDEN)
        yield block + "ffn_gate.weight", (FEED_FORWARD, HIDDEN)
        yield block + "ffn_up.weight", (FEED_FORWARD, HIDDEN)
        yield block + "ffn_down.weight", (HIDDEN, FEED_FORWARD)


def values(name, shape, random):
    if name.endswith("norm.weight"):
        return numpy.ones(shape, numpy.float32)
    return random.standard_normal(shape, numpy.float32) * 0.02


def write(path, kind):
    random = numpy.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(32768)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(1e6)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(VOCABULARY)
    writer.add_tokenizer_model("none")
    writer.add_file_type(FILE_TYPES[kind])
    for name, shape in shapes():
        data = values(name, shape, random)
        if len(shape) == 1:
            writer.add_tensor(name, data)
        else:
            writer.add_tensor(name, gguf.quantize(data, TYPES[kind]), raw_dtype=TYPES[kind])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    directory = parser.parse_args().directory
    directory.mkdir(parents=True, exist_ok=True)
    for kind in TYPES:
        write(directory / f"{kind}.gguf", kind)
        print(directory / f"{kind}.gguf")


if __name__ == "__main__":
    main()
