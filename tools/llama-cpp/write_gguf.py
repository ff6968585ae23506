"""Writes a model as GGUF, for llama.cpp's benchmarks and server.

    pip install gguf
    python write_gguf.py DIR                                  # random weights: bf16.gguf, f16.gguf and q8_0.gguf
    python write_gguf.py DIR --from target/qwen2-0.5b-random  # the very weights of that checkpoint
    python write_gguf.py DIR --from models/serving-demo --types bf16

Without a checkpoint the shape is Qwen2-0.5B's, which serving-bench's ModelBenchmark makes for itself, so that both can
be timed on it; with one, its config.json's, of Qwen2's kind or Llama's with RoPE as it is (a Llama is a Qwen2 whose
biases are 0). The tokenizer is the checkpoint's where it is a byte-level BPE in tokenizer.json, else a token a byte, as
serving-bench's RandomTokenizer.
"""

import argparse
import json
import pathlib

import gguf
import numpy

RANDOM = {
    "num_hidden_layers": 24,
    "hidden_size": 896,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "intermediate_size": 4864,
    "vocab_size": 151936,
    "max_position_embeddings": 32768,
    "rope_theta": 1e6,
    "rms_norm_eps": 1e-6,
}
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


def shapes(config):
    """Name and shape of each tensor; vectors stay in f32, as llama.cpp's converter leaves them."""
    hidden, feed_forward = config["hidden_size"], config["intermediate_size"]
    keys = config["num_key_value_heads"] * hidden // config["num_attention_heads"]
    yield "token_embd.weight", (config["vocab_size"], hidden)
    yield "output_norm.weight", (hidden,)
    for layer in range(config["num_hidden_layers"]):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", (hidden,)
        yield block + "ffn_norm.weight", (hidden,)
        for part, rows in (("q", hidden), ("k", keys), ("v", keys)):
            yield block + f"attn_{part}.weight", (rows, hidden)
            yield block + f"attn_{part}.bias", (rows,)
        yield block + "attn_output.weight", (hidden, hidden)
        yield block + "ffn_gate.weight", (feed_forward, hidden)
        yield block + "ffn_up.weight", (feed_forward, hidden)
        yield block + "ffn_down.weight", (hidden, feed_forward)


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
        if name.endswith(".bias") and self.theirs(name) not in self.header:
            return numpy.zeros(shape, numpy.float32)
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


def bytes_as_tokens():
    """The bytes as byte-level tokenizers spell them."""
    odd = 0
    for byte in range(256):
        plain = 0x20 < byte < 0x7F or 0xA0 < byte != 0xAD
        yield chr(byte if plain else 0x100 + odd)
        odd += not plain


def add_tokenizer(writer, vocabulary, file):
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")  # digits one by one, as ours
    model = json.loads(file.read_text())["model"] if file else {"vocab": {}, "merges": []}
    known = {id: token for token, id in model["vocab"].items()}
    if not known:
        known = dict(enumerate(bytes_as_tokens()))
    writer.add_token_list([known.get(id, f"\u0120w{id}") for id in range(vocabulary)])
    writer.add_token_types([gguf.TokenType.NORMAL] * vocabulary)
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    writer.add_token_merges(merges or ["\u0120 w"])  # llama.cpp wants some
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)


def write(path, kind, values, config, tokenizer):
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    add_tokenizer(writer, config["vocab_size"], tokenizer)
    writer.add_file_type(FILE_TYPES[kind])
    for name, shape in shapes(config):
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
    config, tokenizer = RANDOM, None
    if args.checkpoint:
        config = json.loads((args.checkpoint / "config.json").read_text())
        file = args.checkpoint / "tokenizer.json"
        tokenizer = file if json.loads(file.read_text())["model"].get("merges") else None
    for kind in args.types.split(","):
        values = Checkpoint(args.checkpoint) if args.checkpoint else Random()
        write(directory / f"{kind}.gguf", kind, values, config, tokenizer)
        print(directory / f"{kind}.gguf")


if __name__ == "__main__":
    main()
