"""Makes a trained model the shipped one: files, model card with its figures, golden tokens.

python models/training/ship.py --model build/serving-demo
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from string import Template

from answering import DEMO

HERE = Path(__file__).parent
FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)


def printed_by(script: str, *arguments: str) -> str:
    """What a script of this folder prints."""
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=Path("build/serving-demo"))
    parser.add_argument("--count", default="160000", help="see evaluate.py")
    options = parser.parse_args()
    DEMO.mkdir(exist_ok=True)
    for name in FILES if options.model.resolve() != DEMO else ():
        shutil.copyfile(options.model / name, DEMO / name)
    print(printed_by("golden.py"))
    figures = printed_by("evaluate.py", "--count", options.count)
    answers = printed_by("ask.py")
    card = Template((HERE / "card.md").read_text(encoding="utf-8"))
    (DEMO / "README.md").write_text(
        card.substitute(figures=figures, answers=answers) + "\n", encoding="utf-8"
    )
    print(figures)


if __name__ == "__main__":
    main()
