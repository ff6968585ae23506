"""Small random checkpoints, and what `transformers` computes on them: the golden values of ParityTest.

    python make_parity.py ../../serving-core/src/test/resources/parity

Needs torch, transformers (5.x) and safetensors; the versions that made the checked-in files are in
each golden.json. Python is needed only to make them anew, never to build or test the server.

One set of weights per architecture, in the stored form that no other set has (bf16, f16, f32, bf16 in
shards), and several configurations over each. Traps that this script steps around:

* Greedy tokens of a random model are often nearly tied, and then any other order of additions picks
  another token. Seeds are tried until the smallest margin over all cases is clear of rounding.
* A model whose logits hardly vary agrees with anything: weights are scaled so that the logits of a
  position have a standard deviation of about 2.
* A model that repeats one token proves little: at least 12 different ones are asked of 64.
* Norm weights of exactly 1 and biases of exactly 0 hide a missing norm or bias: all are random.
* Random weights are rounded to the stored type before the golden values are computed.
* Dynamic rope depends on the length of the call, so a full pass over a long text differs from the
  cached steps that a server makes. The golden values are those of cached steps; for every other
  kind the full pass is asserted to agree.
"""

import copy
import json
import logging
import pathlib
import shutil
import sys
import tempfile

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
logging.disable(logging.WARNING)
transformers.utils.logging.disable_progress_bar()

VOCABULARY = 384
PROMPT = 40
STEPS = 64
MARGIN = 0.004

COMMON = dict(
    hidden_size=96,
    intermediate_size=192,
    num_hidden_layers=3,
    vocab_size=VOCABULARY,
    max_position_embeddings=256,
    hidden_act="silu",
    rms_norm_eps=1e-5,
    rope_theta=10000.0,
    tie_word_embeddings=False,
    bos_token_id=None,
    eos_token_id=2,
    transformers_version="4.46.0",
)
LLAMA = dict(
    COMMON,
    architectures=["LlamaForCausalLM"],
    model_type="llama",
    num_attention_heads=6,
    num_key_value_heads=2,
    attention_bias=False,
    mlp_bias=False,
    torch_dtype="bfloat16",
)
LLAMA3 = dict(
    rope_type="llama3",
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=64)
QWEN2 = dict(
    COMMON,
    architectures=["Qwen2ForCausalLM"],
    model_type="qwen2",
    num_attention_heads=6,
    num_key_value_heads=2,
    rope_theta=1000000.0,
    rms_norm_eps=1e-6,
    tie_word_embeddings=True,
    use_sliding_window=False,
    sliding_window=16,
    max_window_layers=1,
    torch_dtype="float16",
)
QWEN3 = dict(
    COMMON,
    architectures=["Qwen3ForCausalLM"],
    model_type="qwen3",
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=32,
    rope_theta=1000000.0,
    rms_norm_eps=1e-6,
    attention_bias=False,
    use_sliding_window=False,
    tie_word_embeddings=True,
    torch_dtype="float32",
)
MISTRAL = dict(
    COMMON,
    architectures=["MistralForCausalLM"],
    model_type="mistral",
    num_attention_heads=6,
    num_key_value_heads=6,
    sliding_window=24,
    torch_dtype="bfloat16",
)

# weights -> (base configuration, stored type, shards, {case: changes})
SETS = {
    "llama": (
        LLAMA,
        torch.bfloat16,
        1,
        {
            "llama-plain": {},
            "llama-biased": dict(attention_bias=True, mlp_bias=True),
            "llama-linear": dict(rope_scaling=dict(type="linear", factor=3.0)),
            "llama-dynamic": dict(
                max_position_embeddings=64, rope_scaling=dict(type="dynamic", factor=2.0)
            ),
            "llama-llama3": dict(rope_theta=500000.0, rope_scaling=LLAMA3),
            "llama-yarn": dict(rope_scaling=YARN),
            "llama-yarn-mscale": dict(
                rope_scaling=dict(
                    YARN, mscale=0.8, mscale_all_dim=0.5, beta_fast=8, beta_slow=2, truncate=False
                )
            ),
        },
    ),
    "qwen2": (
        QWEN2,
        torch.float16,
        1,
        {"qwen2": {}, "qwen2-window": dict(use_sliding_window=True)},
    ),
    "qwen3": (QWEN3, torch.float32, 1, {"qwen3": {}}),
    "mistral": (
        MISTRAL,
        torch.bfloat16,
        3,
        {"mistral-window": {}, "mistral-full": dict(sliding_window=None)},
    ),
}


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")


def make_weights(config, dtype, seed):
    """All tensors that any case needs; biases are there for the cases that read them."""
    with tempfile.TemporaryDirectory() as d:
        full = dict(config)
        if config["model_type"] == "llama":
            full.update(attention_bias=True, mlp_bias=True)
        write_json(pathlib.Path(d) / "config.json", full)
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(d), dtype=torch.float32)
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, p in model.named_parameters():
        noise = torch.randn(p.shape, generator=generator)
        if "norm" in name:
            value = 1 + 0.2 * noise
        elif name.endswith("bias"):
            value = 0.3 * noise
        elif "embed" in name or "lm_head" in name:
            value = noise * 2 / config["hidden_size"] ** 0.5
        else:
            value = noise * 2 / p.shape[1] ** 0.5
        state[name] = value.to(dtype).contiguous()
    return state


def save_weights(state, directory, shards):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    if shards == 1:
        save_file(state, directory / "model.safetensors", metadata={"format": "pt"})
        return
    where = {}
    for i in range(shards):
        part = {k: v for j, (k, v) in enumerate(state.items()) if j % shards == i}
        name = f"model-{i + 1:05d}-of-{shards:05d}.safetensors"
        save_file(part, directory / name, metadata={"format": "pt"})
        where.update({k: name for k in part})
    total = sum(v.numel() * v.element_size() for v in state.values())
    index = dict(metadata=dict(total_size=total), weight_map=dict(sorted(where.items())))
    write_json(directory / "model.safetensors.index.json", index)


def load(weights, config):
    with tempfile.TemporaryDirectory() as d:
        for f in weights.iterdir():
            shutil.copy(f, d)
        write_json(pathlib.Path(d) / "config.json", config)
        model = AutoModelForCausalLM.from_pretrained(
            d, dtype=torch.float32, attn_implementation="eager"
        )
        return model.eval()


@torch.no_grad()
def cached_steps(model, prompt):
    """Logits at every position of the prompt and of the greedy answer, by cached steps."""
    out = model(torch.tensor([prompt]), use_cache=True)
    logits, tokens = [out.logits[0]], []
    for _ in range(STEPS):
        tokens.append(int(logits[-1][-1].argmax()))
        out = model(
            torch.tensor([[tokens[-1]]]), past_key_values=out.past_key_values, use_cache=True
        )
        logits.append(out.logits[0])
    return torch.cat(logits)[:-1].float().contiguous(), tokens


def golden(weights, config):
    generator = torch.Generator().manual_seed(11)
    prompt = torch.randint(3, VOCABULARY, (PROMPT,), generator=generator).tolist()
    model = load(weights, config)
    logits, tokens = cached_steps(model, prompt)
    if (config.get("rope_scaling") or {}).get("type") != "dynamic":
        with torch.no_grad():
            full = load(weights, config)(torch.tensor([prompt + tokens])).logits[0, :-1]
        assert (full - logits).abs().max() < 1e-4, (full - logits).abs().max()
    top = logits[PROMPT - 1 :].topk(2, -1).values
    return dict(
        prompt=prompt,
        logits=logits,
        tokens=tokens,
        margin=float((top[:, 0] - top[:, 1]).min()),
        deviation=float(logits.std(-1).mean()),
        v5=json.loads(model.config.to_json_string()),
    )


def good(case):
    return case["margin"] > MARGIN and len(set(case["tokens"])) >= 12


def save_case(directory, weights, config, g):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    write_json(directory / "config.json", config)
    # The same in the words of transformers 5: rope_parameters, dtype.
    write_json(directory / "config-v5.json", g["v5"])
    save_file({"logits": g["logits"]}, directory / "logits.safetensors")
    meta = dict(
        weights=weights,
        prompt=g["prompt"],
        greedy=g["tokens"],
        smallest_margin=round(g["margin"], 5),
        logit_deviation=round(g["deviation"], 3),
        transformers=transformers.__version__,
        torch=torch.__version__.split("+")[0],
    )
    (directory / "golden.json").write_text(json.dumps(meta) + "\n")


def make_set(out, name, base, dtype, shards, cases):
    for seed in range(1, 200):
        save_weights(make_weights(base, dtype, seed), out / "weights" / name, shards)
        results = {}
        for case, changes in cases.items():
            config = dict(copy.deepcopy(base), **changes)
            results[case] = (config, golden(out / "weights" / name, config))
            if not good(results[case][1]):
                break
        else:
            for case, (config, g) in results.items():
                save_case(out / "cases" / case, name, config, g)
                print(case, "seed", seed, "margin %.4f" % g["margin"], "deviation %.2f" % g["deviation"],
                      "distinct", len(set(g["tokens"])), flush=True)
            return
    raise SystemExit(f"{name}: no seed gives clear margins in all cases")


def main():
    out = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or SETS:
        make_set(out, name, *SETS[name])


if __name__ == "__main__":
    main()
