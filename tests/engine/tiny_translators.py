"""Tiny random Marian and T5, saved as the hub keeps theirs: config, safetensors and each one's own kind of tokenizer files."""

import io
import json
from pathlib import Path

ENGLISH = ["The cat sleeps on the table.", "Hello, how are you?", "translate English to French: The house is small and the dog is big."] * 4
FRENCH = ["Le chat dort sur la table.", "Bonjour, comment allez-vous ?", "La maison est petite et le chien est grand."] * 4


def make_tiny_marian(folder: Path) -> Path:
    """source.spm, target.spm and vocab.json, whose pieces lack every letter that is not in the sentences above."""
    import sentencepiece
    import torch
    import transformers

    for name, lines, size in (("source", ENGLISH, 60), ("target", FRENCH, 60)):
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=model, vocab_size=size, hard_vocab_limit=False, minloglevel=2
        )
        (folder / f"{name}.spm").write_bytes(model.getvalue())
    pieces = ["</s>", "<unk>"]
    for name in ("source", "target"):
        spm = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
        pieces += [spm.id_to_piece(i) for i in range(spm.get_piece_size()) if not spm.is_control(i) and not spm.is_unknown(i)]
    pieces = [*dict.fromkeys(pieces), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(pieces)}), "utf-8")
    torch.manual_seed(0)
    pad = len(pieces) - 1
    config = transformers.MarianConfig(
        vocab_size=len(pieces), d_model=32, encoder_layers=2, decoder_layers=3, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=37, decoder_ffn_dim=37, pad_token_id=pad, decoder_start_token_id=pad, eos_token_id=0, forced_eos_token_id=0,
        max_position_embeddings=64, init_std=0.5,
    )  # fmt: skip
    model_ = transformers.MarianMTModel(config)
    model_.generation_config.bad_words_ids = [[pad]]
    model_.save_pretrained(folder)
    return folder


def make_tiny_t5(folder: Path) -> Path:
    """tokenizer.json with T5's normal form of spaces and its end token; more rows in the output than pieces, as T5 has."""
    import tokenizers
    import torch
    import transformers
    from tokenizers import decoders, models, pre_tokenizers, processors, trainers

    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=90, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>")
    tokenizer.train_from_iterator(ENGLISH + FRENCH, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = transformers.T5Config(
        vocab_size=tokenizer.get_vocab_size() + 6, d_model=32, d_kv=8, d_ff=37, num_layers=3, num_decoder_layers=3, num_heads=4,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    model = transformers.T5ForConditionalGeneration(config)
    with torch.no_grad():
        for block in (model.encoder.block[0], model.decoder.block[0]):
            block.layer[0].SelfAttention.relative_attention_bias.weight.normal_(std=2.0)
    model.save_pretrained(folder)
    return folder
