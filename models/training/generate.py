"""Writes the training corpus: one conversation a line, as JSON lists of [role, text].

The same seed and count give the same file. evaluate.py uses another seed for its held-out text.

    python models/training/generate.py --out build/corpus.jsonl
"""

import argparse
import json
from pathlib import Path

from corpus.conversations import Conversations


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("build/corpus.jsonl"))
    parser.add_argument("--count", type=int, default=160_000, help="number of conversations")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    source = Conversations(options.seed)
    with options.out.open("w", encoding="utf-8") as out:
        for _ in range(options.count):
            out.write(json.dumps(source.conversation(), ensure_ascii=False) + "\n")
    print(f"{options.count} conversations written to {options.out}")


if __name__ == "__main__":
    main()
