"""The network: a plain Llama decoder, small enough to train on a CPU, written as tensors go in."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

CHAT_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
EPSILON = 1e-5


@dataclass(frozen=True)
class Size:
    """The shape of the network; heads, kv_heads and intermediate are even for two ranks."""

    vocabulary: int = 2048
    hidden: int = 256
    layers: int = 4
    heads: int = 8
    kv_heads: int = 4
    intermediate: int = 704
    context: int = 512

    @property
    def head_dim(self) -> int:
        """Width of one head."""
        return self.hidden // self.heads


class Layer(nn.Module):
    """Attention and feed-forward, each behind a norm and added to what came in."""

    def __init__(self, size: Size):
        super().__init__()
        self.size = size
        kv_width = size.kv_heads * size.head_dim
        self.input_layernorm = nn.RMSNorm(size.hidden, eps=EPSILON)
        self.post_attention_layernorm = nn.RMSNorm(size.hidden, eps=EPSILON)
        self.q_proj = nn.Linear(size.hidden, size.hidden, bias=False)
        self.k_proj = nn.Linear(size.hidden, kv_width, bias=False)
        self.v_proj = nn.Linear(size.hidden, kv_width, bias=False)
        self.o_proj = nn.Linear(size.hidden, size.hidden, bias=False)
        self.gate_proj = nn.Linear(size.hidden, size.intermediate, bias=False)
        self.up_proj = nn.Linear(size.hidden, size.intermediate, bias=False)
        self.down_proj = nn.Linear(size.intermediate, size.hidden, bias=False)

    def _heads(self, x: torch.Tensor, count: int) -> torch.Tensor:
        batch, length, _ = x.shape
        return x.view(batch, length, count, self.size.head_dim).transpose(1, 2)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        """x [batch, length, hidden]; cos and sin [length, head_dim]."""
        size, h = self.size, self.input_layernorm(x)
        q = rotate(self._heads(self.q_proj(h), size.heads), cos, sin)
        k = rotate(self._heads(self.k_proj(h), size.kv_heads), cos, sin)
        v = self._heads(self.v_proj(h), size.kv_heads)
        repeat = size.heads // size.kv_heads
        k, v = (t.repeat_interleave(repeat, 1) for t in (k, v))
        x = x + self.o_proj(attend(q, k, v).transpose(1, 2).flatten(2))
        h = self.post_attention_layernorm(x)
        return x + self.down_proj(F.silu(self.gate_proj(h)) * self.up_proj(h))


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Causal attention, spelt out: at these lengths it is faster than the fused one on a CPU."""
    length, width = q.shape[-2:]
    future = torch.ones(length, length, dtype=torch.bool).triu(1)
    scores = (q * width**-0.5) @ k.transpose(-2, -1)
    return F.softmax(scores.masked_fill(future, -torch.inf), -1) @ v


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary position embedding in the half-split layout that transformers uses."""
    first, second = x.chunk(2, -1)
    return x * cos.to(x.dtype) + torch.cat((-second, first), -1) * sin.to(x.dtype)


class Llama(nn.Module):
    """The decoder without its head: hidden states [batch, length, hidden] of token ids."""

    def __init__(self, size: Size):
        super().__init__()
        self.size = size
        self.embed_tokens = nn.Embedding(size.vocabulary, size.hidden)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.norm = nn.RMSNorm(size.hidden, eps=EPSILON)
        self._initialize()
        frequency = 10_000 ** (-torch.arange(0, size.head_dim, 2) / size.head_dim)
        angle = torch.outer(torch.arange(size.context), frequency).repeat(1, 2)
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)

    def _initialize(self) -> None:
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        for layer in self.layers:
            for name, weight in layer.named_parameters():
                if weight.ndim == 2:
                    nn.init.normal_(weight, std=0.6 * weight.shape[1] ** -0.5)
                if name.startswith(("o_proj", "down_proj")):
                    weight.data *= (2 * self.size.layers) ** -0.5

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x, length = self.embed_tokens(ids), ids.shape[1]
        for layer in self.layers:
            x = layer(x, self.cos[:length], self.sin[:length])
        return self.norm(x)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Scores over the vocabulary; the head is the embedding."""
        return hidden @ self.embed_tokens.weight.T


def _published_name(name: str) -> str:
    for part in ("q_proj", "k_proj", "v_proj", "o_proj"):
        name = name.replace(f".{part}.", f".self_attn.{part}.")
    for part in ("gate_proj", "up_proj", "down_proj"):
        name = name.replace(f".{part}.", f".mlp.{part}.")
    return f"model.{name}"


def load_weights(network: Llama, directory: Path) -> None:
    """Reads model.safetensors of a directory that `publish` wrote."""
    stored = load_file(directory / "model.safetensors")
    with torch.no_grad():
        for name, weight in network.named_parameters():
            weight.copy_(stored[_published_name(name)])


def publish(network: Llama, tokenizer, directory: Path) -> None:
    """Writes the model in Hugging Face's layout, weights in bf16."""
    directory.mkdir(parents=True, exist_ok=True)
    tensors = {
        _published_name(name): weight.detach().to(torch.bfloat16).contiguous()
        for name, weight in network.named_parameters()
    }
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(directory / "tokenizer.json"))
    end = tokenizer.token_to_id("<|im_end|>")
    _write_json(directory / "config.json", _config(network.size, end))
    _write_json(
        directory / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>",
            "model_max_length": network.size.context,
            "chat_template": CHAT_TEMPLATE,
        },
    )
    _write_json(
        directory / "generation_config.json",
        {"eos_token_id": end, "do_sample": True, "temperature": 0.7, "top_p": 0.9},
    )


def _config(size: Size, end: int) -> dict:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": size.hidden,
        "num_hidden_layers": size.layers,
        "num_attention_heads": size.heads,
        "num_key_value_heads": size.kv_heads,
        "head_dim": size.head_dim,
        "intermediate_size": size.intermediate,
        "vocab_size": size.vocabulary,
        "max_position_embeddings": size.context,
        "rms_norm_eps": EPSILON,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
        "hidden_act": "silu",
        "torch_dtype": "bfloat16",
        "bos_token_id": None,
        "eos_token_id": end,
        "attention_bias": False,
        "mlp_bias": False,
    }


def _write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
