"""Prints the model's answers: to the questions given, or to the ten of the model card.

python models/training/ask.py "What is a slice?"
"""

import argparse
from pathlib import Path

import torch

from answering import DEMO, Answerer

TEN = (
    "I read the word slice in your docs. What is it?",
    "What happens to a request between prefill and the last token?",
    "why does the first word take so long to show up?",
    "What if an engine crashes while it is answering me?",
    "How do I start the server with tracing?",
    "is the KV cache the same as a KV block",
    "Who am I talking to?",
    "What is 17 + 25?",
    "What is the capital of Portugal?",
    "Could you tell me a story about a lighthouse?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", default=TEN)
    parser.add_argument("--model", type=Path, default=DEMO)
    parser.add_argument("--seed", type=int, help="sample with this seed instead of greedily")
    options = parser.parse_args()
    torch.set_num_threads(1)
    answerer = Answerer(options.model)
    for question in options.questions:
        answer, _ = answerer.answer(question, options.seed)
        print(f"> {question}\n{answer}\n")


if __name__ == "__main__":
    main()
