"""Makes the small tokenizers of serving-core's text tests and what transformers does with them.

    pip install transformers tokenizers
    python tools/parity/text_golden.py serving-core/src/test/resources/text

Each folder gets tokenizer.json, tokenizer_config.json, chat_template.jinja and golden.json. The
training text is in this file, so the result depends on nothing else.
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

CORPUS = """
The scheduler hands a batch to the workers, and the workers hand tokens back to the scheduler.
A request waits in the queue until there is room for its blocks; then its prefill begins.
def trace(request):\n    with request.slice("PREFILL") as slice:\n        return slice.end()
Où est la bibliothèque ? Ça coûte 3,50 € à Noël. Größe, Straße, Übermut. Привет, как дела?
你好，世界。今天天气很好。 こんにちは、元気ですか。 안녕하세요, 반갑습니다. مرحبا بالعالم 😀 👍🏽 👨‍👩‍👧
user assistant system tool hello hi thanks please what when where who why how
""".strip().split("\n") * 3

TEXTS = [
    "",
    " ",
    "hello",
    " hello world",
    "The scheduler hands tokens back.",
    "line one\n\nline two\n    indented\ttab  two  spaces   three",
    "Größe und Straße — Übermut 3,50 €",
    "Привет, как дела?",
    "你好，世界。 こんにちは 안녕하세요 مرحبا",
    "emoji 😀👍🏽 family 👨‍👩‍👧 flag 🇫🇷 end",
    "rare ꙮ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u0000 nul \u200b zero",
    "e\u0301 combining, ﬁ ligature, ％ full width",
    "think <think>aloud</think> and  on",
]

CONVERSATIONS = [
    [{"role": "user", "content": "hello"}],
    [{"role": "user", "content": "  spaces around  \n"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Où est 你好 😀?"}],
    [
        {"role": "user", "content": "\n\nnew lines first"},
        {"role": "assistant", "content": "The queue."},
        {"role": "user", "content": "why? {{ 7 * 7 }} {% if x %}"},
    ],
    [{"role": "user", "content": "code:\n```\ndef f():\n    return  1\n```"}],
    [{"role": "user", "content": ""}],
]

CHATML = (
    "{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' }}"
    "{{- m.content + '<|im_end|>' + '\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}"
)
INST = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'assistant' %}"
    "{{ ' ' + m['content'] + eos_token }}{% else %}"
    "{{ '[INST] ' + m['content'] | trim + ' [/INST]' }}{% endif %}{% endfor %}"
)
ROLES = (
    "{{ bos_token }}{% for m in messages %}{{ '<|' + m['role'] + '|>\\n' + m['content'] | trim"
    " + '<|end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)
GPT4 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def special(*names):
    return [AddedToken(name, special=True, normalized=False) for name in names]


def byte_level():
    """As Qwen: bytes spelled as characters, control tokens behind the vocabulary, <think> plain."""
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(GPT4), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    t.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=480, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    t.train_from_iterator(CORPUS, trainer)
    t.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    t.add_tokens([AddedToken(n, special=False, normalized=False) for n in ("<think>", "</think>")])
    return t, CHATML, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}


def fallback():
    """As Llama 2: spaces as U+2581, control tokens inside the vocabulary, bytes as <0x41>."""
    alphabet = sorted({c for line in CORPUS for c in line if ord(c) < 0x250} | {"\u2581"})
    t = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    t.normalizer = normalizers.Sequence(
        [normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=640,
        special_tokens=special("<unk>", "<s>", "</s>") + [f"<0x{b:02X}>" for b in range(256)],
        initial_alphabet=alphabet,
        limit_alphabet=len(alphabet),
        show_progress=False,
    )
    t.train_from_iterator(CORPUS, trainer)
    data = json.loads(t.to_str())
    data["added_tokens"] = data["added_tokens"][:3]  # the bytes are plain vocabulary
    t = Tokenizer.from_str(json.dumps(data))
    t.decoder = decoders.Sequence(
        [
            decoders.Replace("\u2581", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)]
    )
    return t, INST, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}


def unigram():
    """As the T5 family and Phi 3: pieces by likelihood, a space before the first word only."""
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFKC()])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    t.decoder = decoders.Metaspace(prepend_scheme="first")
    names = ["<unk>", "<s>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=320, unk_token="<unk>", special_tokens=special(*names), show_progress=False
    )
    t.train_from_iterator(CORPUS, trainer)
    return t, ROLES, {"bos_token": "<s>", "eos_token": "<|end|>", "unk_token": "<unk>"}


def write(folder, made):
    tokenizer, template, names = made
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "chat_template.jinja").write_text(template)
    config = dict(names, tokenizer_class="PreTrainedTokenizerFast")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")
    loaded = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, chat_template=template, clean_up_tokenization_spaces=False, **names
    )
    texts, prompts = [], []
    for text in TEXTS:
        ids = loaded.encode(text, add_special_tokens=False)
        texts.append(
            {
                "text": text,
                "ids": ids,
                "prompt": loaded.encode(text),
                "decoded": loaded.decode(ids, skip_special_tokens=True),
            }
        )
    for messages in CONVERSATIONS:
        prompts.append(
            {
                "messages": messages,
                "text": loaded.apply_chat_template(
                    messages, tokenize=False, add_generation_prompt=True
                ),
                "ids": loaded.apply_chat_template(
                    messages, tokenize=True, add_generation_prompt=True, return_dict=False
                ),
            }
        )
    golden = {"texts": texts, "prompts": prompts}
    (folder / "golden.json").write_text(json.dumps(golden, ensure_ascii=True) + "\n")
    print(folder.name, len(loaded), sum(f.stat().st_size for f in folder.iterdir()))


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    write(root / "byte-level", byte_level())
    write(root / "byte-fallback", fallback())
    write(root / "unigram", unigram())
