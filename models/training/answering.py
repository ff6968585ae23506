"""Loads a published model with transformers, unchanged, and lets it answer."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

MODELS = Path(__file__).resolve().parents[1]
DEMO = MODELS / "serving-demo"
BATCH = 16


class Answerer:
    """A model and its tokenizer; answers are greedy unless a seed is given."""

    def __init__(self, directory: Path = DEMO):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
        self.context = self.model.config.max_position_embeddings

    def prompt(self, question: str) -> list[int]:
        """Token ids of a question through the chat template."""
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": question}], tokenize=False, add_generation_prompt=True
        )
        return self.tokenizer(text, add_special_tokens=False).input_ids

    def answer(self, question: str, seed: int | None = None) -> tuple[str, bool]:
        """(answer, whether it ended by itself); with a seed it is sampled as the model advises."""
        if seed is not None:
            torch.manual_seed(seed)
        return self._generate([self.prompt(question)], sampled=seed is not None)[0]

    def answers(self, questions: list[str]) -> list[str]:
        """Greedy answers to many questions, computed a batch of like lengths at a time."""
        prompts = [self.prompt(question) for question in questions]
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        found = [""] * len(prompts)
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            generated = self._generate([prompts[i] for i in chosen], sampled=False)
            for i, (answer, _) in zip(chosen, generated, strict=True):
                found[i] = answer
        return found

    def _generate(self, prompts: list[list[int]], sampled: bool) -> list[tuple[str, bool]]:
        longest = max(map(len, prompts))
        pad, end = self.tokenizer.pad_token_id, self.tokenizer.eos_token_id
        ids = torch.tensor([[pad] * (longest - len(p)) + p for p in prompts])
        choice = {} if sampled else {"do_sample": False, "temperature": None, "top_p": None}
        with torch.no_grad():
            rows = self.model.generate(
                ids,
                attention_mask=(ids != pad).long(),
                max_new_tokens=self.context - longest,
                pad_token_id=pad,
                **choice,
            )[:, longest:]
        return [
            (self.tokenizer.decode(row, skip_special_tokens=True).strip(), end in row.tolist())
            for row in rows
        ]
