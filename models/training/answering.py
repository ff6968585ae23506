"""Loads a published model with transformers, unchanged, and lets it answer."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

MODELS = Path(__file__).resolve().parents[1]
DEMO = MODELS / "serving-demo"


class Answerer:
    """A model and its tokenizer; answers are greedy unless a seed is given."""

    def __init__(self, directory: Path = DEMO):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
        self.context = self.model.config.max_position_embeddings

    def prompt(self, question: str) -> torch.Tensor:
        """Token ids [1, length] of a question through the chat template."""
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": question}], tokenize=False, add_generation_prompt=True
        )
        return self.tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids

    def answer(self, question: str, seed: int | None = None) -> tuple[str, bool]:
        """(answer, whether it ended by itself); with a seed it is sampled as the model advises."""
        ids = self.prompt(question)
        if seed is not None:
            torch.manual_seed(seed)
        choice = (
            {} if seed is not None else {"do_sample": False, "temperature": None, "top_p": None}
        )
        with torch.no_grad():
            out = self.model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=self.context - ids.shape[1],
                pad_token_id=self.tokenizer.pad_token_id,
                **choice,
            )[0, ids.shape[1] :]
        ended = out[-1].item() == self.tokenizer.eos_token_id
        return self.tokenizer.decode(out, skip_special_tokens=True).strip(), ended
