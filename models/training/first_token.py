"""Prints the seconds from the start of `./serving generate` to the first character of its answer.

Build before (`./serving --help` does), so that the first run does not.

    python models/training/first_token.py
"""

import argparse
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def seconds_to_first_token(prompt: str) -> float:
    """One run of the command; its answer is read to the end."""
    command = [str(ROOT / "serving"), "generate", "--prompt", prompt]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        first = process.stdout.read(1)
        seconds = time.monotonic() - started
        process.stdout.read()
    if process.returncode or not first:
        raise SystemExit(f"the command failed with {process.returncode}")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prompt", default="What is a slice?")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    seconds = [seconds_to_first_token(options.prompt) for _ in range(options.runs)]
    each = ", ".join(f"{s:.2f}" for s in seconds)
    print(f"first token after {statistics.median(seconds):.2f} s, median of {each}")


if __name__ == "__main__":
    main()
