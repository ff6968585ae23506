"""Trains the byte-level BPE tokenizer on a corpus and writes tokenizer.json.

python models/training/train_tokenizer.py --corpus build/corpus.jsonl --out build/tokenizer.json
"""

import argparse
import json
from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def texts(corpus: Path, conversations: int):
    """The texts of the first conversations, each distinct one only once."""
    seen = set()
    with corpus.open(encoding="utf-8") as lines:
        for line in islice(lines, conversations):
            for _, text in json.loads(line):
                if text not in seen:
                    seen.add(text)
                    yield text


def train(corpus: Path, vocabulary: int, conversations: int) -> Tokenizer:
    """Digits stand alone, and every byte is a token, so that no text is unknown."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts(corpus, conversations), trainer)
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("build/corpus.jsonl"))
    parser.add_argument("--out", type=Path, default=Path("build/tokenizer.json"))
    parser.add_argument("--vocabulary", type=int, default=2048)
    parser.add_argument("--conversations", type=int, default=30_000, help="how many to read")
    options = parser.parse_args()
    tokenizer = train(options.corpus, options.vocabulary, options.conversations)
    tokenizer.save(str(options.out))
    print(f"{tokenizer.get_vocab_size()} tokens written to {options.out}")


if __name__ == "__main__":
    main()
