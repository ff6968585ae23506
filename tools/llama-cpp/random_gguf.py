"""Writes random weights in the shape of Qwen2-0.5B as GGUF, for llama.cpp's benchmarks and server.

    pip install gguf
    python random_gguf.py DIR                                  # bf16.gguf, f16.gguf and q8_0.gguf
    python random_gguf.py DIR --from target/qwen2-0.5b-random  # the very weights of that checkpoint

The same shape as serving-bench's ModelBenchmark makes for itself, so that both can be timed on it,
and a tokenizer as its RandomTokenizer's, a token a byte, so that both can be asked by the same words.
"""

import argparse
import json
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


class Random:
    """Random weights."""

    def __init__(self):
        self.random = numpy.random.default_rng(1)

    def __call__(self, name, shape):
        if name.endswith("norm.weight"):
            return numpy.ones(shape, numpy.float32)
        return self.random.standard_normal(shape, numpy.float32) * 0.02


class Checkpoint:
    """The weights of a checkpoint in one file of safetensors, in bf16."""

    PARTS = {
        "attn_norm": "input_layernorm",
        "ffn_norm": "post_attention_layernorm",
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    }

    def __init__(self, directory):
        self.bytes = numpy.memmap(directory / "model.safetensors", numpy.uint8, "r")
        length = int(self.bytes[:8].view(numpy.uint64)[0])
        self.header = json.loads(self.bytes[8 : 8 + length].tobytes())
        self.data = self.bytes[8 + length :]

    def __call__(self, name, shape):
        begin, end = self.header[self.theirs(name)]["data_offsets"]
        bits = self.data[begin:end].view(numpy.uint16).astype(numpy.uint32) << 16
        return bits.view(numpy.float32).reshape(shape)

    def theirs(self, name):
        if name == "token_embd.weight":
            return "model.embed_tokens.weight"
        if name == "output_norm.weight":
            return "model.norm.weight"
        _, layer, part, kind = name.split(".")
        return f"model.layers.{layer}.{self.PARTS[part]}.{kind}"


def tokens():
    """The bytes as byte-level tokenizers spell them, then words that only the model ever says."""
    spelt, odd = [], 0
    for byte in range(256):
        plain = 0x20 < byte < 0x7F or 0xA0 < byte != 0xAD
        spelt.append(chr(byte if plain else 0x100 + odd))
        odd += not plain
    return spelt + [f"\u0120w{i}" for i in range(256, VOCABULARY)]


def add_tokenizer(writer):
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens())
    writer.add_token_types([gguf.TokenType.NORMAL] * VOCABULARY)
    writer.add_token_merges(["\u0120 w"])  # llama.cpp wants some
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)


def write(path, kind, values):
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
    add_tokenizer(writer)
    writer.add_file_type(FILE_TYPES[kind])
    for name, shape in shapes():
        data = values(name, shape)
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
    parser.add_argument("--from", dest="checkpoint", type=pathlib.Path)
    parser.add_argument("--types", default=",".join(TYPES), help="default: %(default)s")
    args = parser.parse_args()
    directory = args.directory
    directory.mkdir(parents=True, exist_ok=True)
    for kind in args.types.split(","):
        values = Checkpoint(args.checkpoint) if args.checkpoint else Random()
        write(directory / f"{kind}.gguf", kind, values)
        print(directory / f"{kind}.gguf")


if __name__ == "__main__":
    main()
