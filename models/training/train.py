"""Trains the network on a corpus and publishes it in Hugging Face's layout.

Each process computes batches of its own on one thread, and gradients are averaged every step; on a
busy machine this wastes far less than threads that wait for each other in every product.
Every --save-minutes it writes build/run/state.pt, from which --resume goes on, and publishes what
it has to --out. The run is a function of seed, corpus, steps and number of processes.

    python models/training/train.py --corpus build/corpus.jsonl --tokenizer build/tokenizer.json
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F
from tokenizers import Tokenizer

from batches import Encoder, collate, encode_corpus, plan
from network import Llama, Size, load_weights, publish
from optimizer import MuonAndAdam

WARM_UP_STEPS = 30
HELD_BACK = 400


def scale_at(step: int, done: float, constant: float) -> float:
    """The learning rate's factor: a short rise, constant for a share of the run, then to zero."""
    fall = 1.0 if done < constant else (1 - done) / (1 - constant)
    return min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.0, fall)


def loss_of(network: Llama, batch) -> torch.Tensor:
    """Weighted mean cross-entropy; rows without weight are never scored."""
    inputs, targets, weights = batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = network(inputs)
        scored = weights > 0
        logits = network.logits(hidden[scored])
    losses = F.cross_entropy(logits.float(), targets[scored], reduction="none")
    return (losses * weights[scored]).sum() / weights[scored].sum()


class Trainer:
    """The loop of one process and what it has to remember; rank 0 also saves and logs."""

    def __init__(self, options: argparse.Namespace, items: list, rank: int):
        self.options = options
        self.rank = rank
        torch.set_num_threads(1)
        torch.manual_seed(options.seed)
        self.tokenizer = Tokenizer.from_file(str(options.tokenizer))
        self.network = Llama(Size(vocabulary=self.tokenizer.get_vocab_size()))
        if options.start_from:
            load_weights(self.network, options.start_from)
        self.optimizer = MuonAndAdam(self.network, options.muon_rate, options.adam_rate)
        self.items, self.held_back = items[:-HELD_BACK], items[-HELD_BACK:]
        self.lengths = [len(ids) for ids, _ in self.items]
        self.step = 0
        self.epoch, self.batches, self.passed = -1, [], 0
        if options.resume:
            self._restore()

    def run(self) -> None:
        """Trains until the last step and publishes the result."""
        started = saved = time.monotonic()
        window, tokens = [], 0
        while (done := self._done(time.monotonic() - started)) < 1:
            batch = self._next_batch()
            loss = loss_of(self.network, batch)
            loss.backward()
            self._average_gradients()
            self.optimizer.step(scale_at(self.step, done, self.options.constant))
            self.step += 1
            if self.rank > 0:
                continue
            window.append(loss.item())
            tokens += batch[0].numel() * self.options.processes
            now = time.monotonic()
            if self.step % 100 == 0:
                self._log(window, tokens, now - started)
                window = []
            if now - saved > self.options.save_minutes * 60:
                self._save()
                saved = now
        if self.rank == 0:
            self._save()

    def _done(self, seconds: float) -> float:
        """The share of the run that is behind, by steps or, if it has a time, by the clock."""
        share = self.step / self.options.steps
        if not self.options.minutes:
            return share
        clock = torch.tensor(seconds / 60 / self.options.minutes)
        if self.options.processes > 1:
            dist.broadcast(clock, 0)
        return max(share, clock.item())

    def _average_gradients(self) -> None:
        if self.options.processes == 1:
            return
        gradients = [weight.grad for weight in self.network.parameters()]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.options.processes
        parts = flat.split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def _next_batch(self):
        number = self.step * self.options.processes + self.rank
        while number - self.passed >= len(self.batches):
            self.passed += len(self.batches)
            self.epoch += 1
            seed = self.options.seed + self.epoch
            self.batches = plan(self.lengths, self.options.batch_tokens, seed)
        chosen = self.batches[number - self.passed]
        random = np.random.default_rng((self.options.seed, number))
        return collate([self.items[index] for index in chosen], random)

    def _log(self, window, tokens: int, seconds: float) -> None:
        held_back = self._held_back_loss() if self.step % 500 == 0 else float("nan")
        print(
            f"step {self.step} tokens {tokens / 1e6:.2f}M {tokens / seconds:.0f}/s "
            f"{seconds / 60:.1f} min loss {sum(window) / len(window):.4f} "
            f"held back {held_back:.4f}",
            flush=True,
        )

    def _held_back_loss(self) -> float:
        with torch.no_grad():
            losses = [
                loss_of(self.network, collate(self.held_back[at : at + 40])).item()
                for at in range(0, HELD_BACK, 40)
            ]
        return sum(losses) / len(losses)

    def _save(self) -> None:
        run = self.options.run
        run.mkdir(parents=True, exist_ok=True)
        state = {"step": self.step, "network": self.network.state_dict()}
        torch.save({**state, "optimizer": self.optimizer.state()}, run / "state.new")
        (run / "state.new").replace(run / "state.pt")
        publish(self.network, self.tokenizer, self.options.out)
        print(f"saved at step {self.step}", flush=True)

    def _restore(self) -> None:
        state = torch.load(self.options.run / "state.pt", weights_only=True)
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.optimizer.restore(state["optimizer"])


def encoded(options: argparse.Namespace) -> list:
    """The corpus as token ids, computed once for all processes."""
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    return encode_corpus(options.corpus, Encoder(tokenizer, Size().context), options.seed)


def work(rank: int, options: argparse.Namespace, items: list, meeting: str) -> None:
    """One of several processes; they meet by a file and talk over the loopback interface."""
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    dist.init_process_group(
        "gloo", init_method=f"file://{meeting}/store", rank=rank, world_size=options.processes
    )
    Trainer(options, items, rank).run()
    dist.destroy_process_group()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("build/corpus.jsonl"))
    parser.add_argument("--tokenizer", type=Path, default=Path("build/tokenizer.json"))
    parser.add_argument("--run", type=Path, default=Path("build/run"), help="state to resume from")
    parser.add_argument("--out", type=Path, default=Path("build/serving-demo"))
    parser.add_argument("--start-from", type=Path, help="a published model to go on from")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--minutes", type=float, help="end by the clock, if steps take too long")
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--adam-rate", type=float, default=3e-3)
    parser.add_argument("--constant", type=float, default=0.4, help="share of steps at full rate")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    items = encoded(options)
    if options.processes == 1:
        Trainer(options, items, 0).run()
        return
    with tempfile.TemporaryDirectory() as meeting:
        given = options, items, meeting
        mp.start_processes(work, given, nprocs=options.processes, start_method="fork")


if __name__ == "__main__":
    main()
