"""Writes what transformers generates greedily, for the engine's tests to compare with.

Each entry holds the user's message (`prompt`), the tokens that the chat template makes of it
(`promptTokens`) and the new tokens (`tokens`): 64 of them, or fewer with the end token last.
Weights are computed in float32, one prompt at a time.

    python models/training/golden.py
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).resolve().parents[2]
NEW_TOKENS = 64

PROMPTS = (
    "What is a slice?",
    "what is a lane",
    "Explain the carrier to me, please.",
    "What happens during prefill?",
    "And what does decode do?",
    "why is my time to first token so high",
    "What is a KV block?",
    "What does preemption mean?",
    "How do I start the server with tracing?",
    "What does --tensor-parallel-size do?",
    "Which endpoint tells me that the server is ready?",
    "prefill vs decode",
    "What is ZeroMQ used for here?",
    "Hello!",
    "Who are you?",
    "What is 12 + 30?",
    "Translate 'good morning' into French.",
    "Tell me a story.",
    "Could I hear a story about the sea?",
    "thanks, bye",
)


def greedy(model, tokenizer, prompt: str) -> dict:
    """The entry of one prompt."""
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
    )
    ids = tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids
    with torch.no_grad():
        out = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=NEW_TOKENS,
            do_sample=False,
            temperature=None,
            top_p=None,
            pad_token_id=tokenizer.pad_token_id,
        )
    return {
        "prompt": prompt,
        "promptTokens": ids[0].tolist(),
        "tokens": out[0, ids.shape[1] :].tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=ROOT / "models/serving-demo")
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "serving-core/src/test/resources/golden/serving-demo.json",
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    entries = [greedy(model, tokenizer, prompt) for prompt in PROMPTS]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    options.out.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(entries)} prompts written to {options.out}")


if __name__ == "__main__":
    main()
