"""Trains `playground/weights/masked`: a LoRA adapter and a masked-word head, tied to the embeddings, on MiniLM.

python -m playground.training.masked                 (run again: goes on where it stopped)
python -m playground.training.masked --evaluate      (figures and model card only)
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy
from transformers import AutoModelForMaskedLM, AutoTokenizer

from playground.training import blanks, minilm
from playground.training.blanks import COMMON_SHARE, MASK, OTHER_SHARE, Masker, Probe
from playground.training.cards import write_masked_card
from playground.training.minilm import Batch, Tuner

TOKENS_PER_BATCH, MAX_LENGTH, EMBEDDING_DROPOUT = 1024, 128, 0.1
LONG_SHARE, SHORT_SHARE = 0.06, 0.055  # of the contexts' pieces and of the pairs' sentences, drawn anew each epoch
QUICK = 4  # batches of held-out text that are looked at after an epoch
CLS, SEP, MASK_ID = 101, 102, 103  # the base never saw a [MASK] (its vector is a fifth as long as others): it reads one as it reads [SEP]
SHIFT, SPREAD, SHARPNESS = 3.0, 0.5, 0.8  # of the head at its beginning
UNIFORM, BEST, BIAS = 0.15, 5, "base_model.model.cls.predictions.bias"
SEEN = ("The capital of France is [MASK].", "I had a cup of [MASK] for breakfast.", "The [MASK] barked all night.",
        "She plays the [MASK] in an orchestra.", "He went to the [MASK] to buy some bread.", "I am [MASK] than my brother.")  # fmt: skip


def bare(base: Path, mask_from: int | None = None, **more: float) -> Any:
    """The base with a fresh head, whose output weights are the embeddings; [MASK] with the vector of `mask_from`, its own where None."""
    torch.manual_seed(0)
    model = AutoModelForMaskedLM.from_pretrained(base, dtype=torch.float32, **more)
    if mask_from is not None:
        with torch.no_grad():
            rows = model.get_input_embeddings().weight
            rows[MASK_ID] = rows[mask_from]
    return model


def fresh(folder: Path, base: Path) -> Any:
    """The model as an app loads it: base from `base`, adapter and head from `folder` merged in, float32."""
    return PeftModel.from_pretrained(bare(base, SEP), str(folder)).merge_and_unload().float().eval()


def coded(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    return list(tokenizer(list(texts), truncation=True, max_length=MAX_LENGTH)["input_ids"]) if texts else []


def counts_of(rows: Sequence[Sequence[int]], special: Sequence[int]) -> Counter[int]:
    """How often each token occurs, special ones left out."""
    counts = Counter(token for row in rows for token in row)
    for token in special:
        del counts[token]
    return counts


def log_chances(counts: Counter[int], size: int) -> torch.Tensor:
    """(size,) the logarithm of each token's share, half an occurrence added to each."""
    seen = torch.tensor([counts[token] + 0.5 for token in range(size)])
    return (seen / seen.sum()).log()


def logits_of(model: Any, batch: Batch) -> torch.Tensor:
    """(masked tokens, vocabulary): the head where something is masked, and only there."""
    whole = getattr(getattr(model, "base_model", None), "model", model)
    last = whole.bert(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    logits: torch.Tensor = whole.cls(last[batch["wanted"] > 0]).float()
    return logits


def loss_of(model: Any, batch: Batch) -> torch.Tensor:
    return cross_entropy(logits_of(model, batch), batch["wanted"][batch["wanted"] > 0])


def batches(rows: Sequence[dict[str, list[int]]], rng: random.Random) -> list[Batch]:
    groups = minilm.buckets([len(row["input_ids"]) for row in rows], TOKENS_PER_BATCH, rng)
    return [minilm.collate([rows[i] for i in group]) for group in groups]


def perplexity(losses: float, count: int) -> float:
    return math.exp(losses / count)


def measured(model: Any, held: Sequence[Batch], device: str) -> dict[str, float]:
    """Perplexity of the masked tokens of `held`, and how often the right one is first or among the five best."""
    losses = first = five = count = 0.0
    for batch in held:
        with torch.inference_mode():
            logits = logits_of(model, {key: value.to(device) for key, value in batch.items()})
        wanted = batch["wanted"][batch["wanted"] > 0].to(device)
        best = logits.topk(BEST).indices == wanted[:, None]
        losses += cross_entropy(logits, wanted, reduction="sum").item()
        first, five, count = first + best[:, 0].sum().item(), five + best.sum().item(), count + len(wanted)
    return {"perplexity": perplexity(losses, int(count)), "first": first / count, "among_five": five / count, "masked": int(count)}


def best_words(model: Any, tokenizer: Any, texts: Sequence[str], device: str) -> list[list[tuple[str, float]]]:
    """For each text with one [MASK] the five likeliest tokens there, with their probabilities."""
    out = []
    for text in texts:
        ids = torch.tensor([tokenizer(text)["input_ids"]], device=device)
        with torch.inference_mode():
            chances = model(input_ids=ids).logits.float()[ids == tokenizer.mask_token_id][0].softmax(-1).topk(BEST)
        names = tokenizer.convert_ids_to_tokens(chances.indices.tolist())
        out.append(list(zip(names, chances.values.tolist(), strict=True)))
    return out


def asked(model: Any, tokenizer: Any, probes: Sequence[Probe], device: str) -> list[bool]:
    """Which probes have a right word among the five best."""
    found = best_words(model, tokenizer, [text for text, _ in probes], device)
    return [any(word in right for word, _ in best) for best, (_, right) in zip(found, probes, strict=True)]


class Text:
    """The English at hand as token ids: `long` pieces and `short` sentences to train on, `held` rows to measure on."""

    def __init__(self, data: Path, tokenizer: Any) -> None:
        sets = [blanks.split(some) for some in blanks.english(data)]
        self.long, self.short = (coded(tokenizer, trained) for trained, _ in sets)
        self.counts = counts_of([*self.long, *self.short], tokenizer.all_special_ids)
        self.masker = Masker(self.counts, tokenizer.convert_tokens_to_ids(MASK), tokenizer.all_special_ids)
        vocabulary = tokenizer.get_vocab().items()
        self.whole_words = sorted(i for word, i in vocabulary if len(word) > 1 and word.isalpha() and word.isascii())
        rng = random.Random(5)
        rows = coded(tokenizer, [text for _, held in sets for text in held])
        self.held = batches([self.masker.row(ids, self.masker.hidden(ids, rng, UNIFORM)) for ids in rows], rng)

    def epoch(self, epoch: int) -> list[Batch]:
        """A draw of pieces and sentences, other tokens masked each time."""
        rng = random.Random(epoch)
        drawn = ((self.long, LONG_SHARE), (self.short, SHORT_SHARE))
        rows = [ids for some, share in drawn for ids in rng.sample(some, int(share * len(some)))]
        return batches([self.masker.row(ids, self.masker.hidden(ids, rng)) for ids in rows], rng)


def evened(bias: torch.Tensor, common: set[int]) -> torch.Tensor:
    """`bias` for text in which every token is as likely to be masked: common ones were masked less often, so the run saw too few."""
    out = bias.detach().clone()
    out[sorted(common)] += math.log(OTHER_SHARE / COMMON_SHARE)
    return out


def word_states(bert: Any, ids: Sequence[int]) -> torch.Tensor:
    """(words, width): what the encoder makes of each word alone between [CLS] and [SEP], the mean of the three."""
    rows = torch.tensor([[CLS, token, SEP] for token in ids])
    with torch.inference_mode():
        return torch.cat([bert(input_ids=some).last_hidden_state.mean(1) for some in torch.split(rows, 1024)]).float()


def begin_head(whole: Any, ids: Sequence[int], batch: Batch) -> None:
    """The head's transform so that a token's logit begins as the likeness of the masked place's state and of the token's word alone.

    Least squares: the matrix by which the embeddings come nearest those states. GELU is nearly linear around SHIFT, and the layer norm
    takes the shift out again. `batch`: some masked text, for the mean state and its spread.
    """
    states = word_states(whole.bert, ids)
    states = states / states.norm(dim=-1, keepdim=True)
    rows = whole.get_input_embeddings().weight.detach()[list(ids)]
    matrix = torch.linalg.lstsq(rows, states - states.mean(0)).solution
    with torch.inference_mode():
        last = whole.bert(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state[batch["wanted"] > 0]
    mean, spread = last.mean(0), ((last - last.mean(0)) @ matrix.T).std()
    part = whole.cls.predictions.transform
    with torch.no_grad():
        part.dense.weight.copy_(matrix * (SPREAD / spread))
        part.dense.bias.copy_(SHIFT - part.dense.weight @ mean)
        part.LayerNorm.weight.fill_(SHARPNESS)


def adapted(base: Path, rank: int, text: "Text") -> PeftModel:
    """LoRA on the encoder, the head's transform trained whole, its bias beginning at the tokens' log shares."""
    whole = bare(base, SEP, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0).eval()
    begin_head(whole, text.whole_words, text.held[0])
    whole.bert.embeddings.dropout.p = EMBEDDING_DROPOUT
    with torch.no_grad():
        whole.cls.predictions.bias.copy_(log_chances(text.counts, whole.config.vocab_size))
    model = minilm.adapted(whole, rank, None, ["transform"])
    whole.cls.predictions.bias.requires_grad_()
    return model


def train(args: argparse.Namespace, tokenizer: Any, device: str, text: Text) -> dict[str, Any]:
    """Trains to the end, publishing the averaged weights after every epoch; what the card says about the run."""
    model = adapted(args.base, args.rank, text)
    tuner = Tuner(model, device, args.rate)
    if args.state.exists():
        tuner.resume(args.state)

    def after_epoch(epoch: int) -> None:
        tuner.model.eval()
        with tuner.averaged():
            bias = tuner.master.base_model.model.cls.predictions.bias
            minilm.publish(tuner.master, args.weights, {BIAS: evened(bias, text.masker.common)})
            right = asked(tuner.master, tokenizer, blanks.probes(), device)
            print(f"epoch {epoch}: {measured(tuner.model, text.held[:QUICK], device)}, probes {sum(right)} of {len(right)}", flush=True)
        tuner.model.train()

    minilm.fit(tuner, args.epochs, text.epoch, loss_of, args.state, after_epoch, args.stop_after)
    return minilm.run_facts(tuner, args)


def evaluate(args: argparse.Namespace, tokenizer: Any, device: str, run: dict[str, Any], text: Text) -> None:
    """Loads what is published, measures it beside the two baselines, and writes figures and card beside it."""
    model = fresh(args.weights, args.base).to(device)
    wanted = torch.cat([batch["wanted"][batch["wanted"] > 0] for batch in text.held])
    shares = log_chances(text.counts, model.config.vocab_size)
    right = asked(model, tokenizer, blanks.probes(), device)
    figures: dict[str, Any] = {
        "test": measured(model, text.held, device),
        "untrained": measured(bare(args.base, SEP).eval().to(device), text.held, device),
        "unigram": {"perplexity": perplexity(-shares[wanted].sum().item(), len(wanted)),
                    "first": (wanted == shares.argmax()).float().mean().item(),
                    "among_five": torch.isin(wanted, shares.topk(BEST).indices).float().mean().item(), "masked": len(wanted)},
        "probes": {"rows": len(right), "right": sum(right) / len(right)},
        "text": {"long": len(text.long), "short": len(text.short)},
        "untrained_probes": sum(asked(bare(args.base, SEP).eval().to(device), tokenizer, blanks.probes(), device)) / len(right),
    }  # fmt: skip
    missed = [probe for (probe, _), hit in zip(blanks.probes(), right, strict=True) if not hit]
    texts = [*SEEN, *missed]
    found = best_words(model, tokenizer, texts, device)
    seen = {text: ", ".join(f"{word} {chance:.3f}" for word, chance in best) for text, best in zip(texts, found, strict=True)}
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False), flush=True)
    (args.weights / "playground.json").write_text(json.dumps({"embedded_as": {str(MASK_ID): SEP}}, indent=1) + "\n", "utf-8")
    write_masked_card(args.weights, figures, {t: seen[t] for t in SEEN}, {t: seen[t] for t in missed}, run)


def main() -> None:
    args, device = minilm.read_arguments(__doc__, "masked", 4, 32, 1.5e-3)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    text = Text(args.data, tokenizer)
    run = minilm.last_run(args.weights) if args.evaluate else train(args, tokenizer, device, text)
    if not args.stop_after:
        evaluate(args, tokenizer, device, run, text)


if __name__ == "__main__":
    main()
