"""The models that are measured: Llama shapes with random weights, and a tokenizer that says ids as words."""

from dataclasses import dataclass
from pathlib import Path

END = 2  # id of the token that ends an answer; 0 pads, 1 begins


@dataclass(frozen=True)
class Shape:
    """Sizes of a Llama with tied embeddings."""

    name: str
    hidden: int
    layers: int
    heads: int
    key_heads: int
    inner: int
    vocabulary: int

    @property
    def layer_weights(self) -> int:
        """Weights of one layer's matrices."""
        keys = self.hidden // self.heads * self.key_heads
        return 2 * self.hidden * (self.hidden + keys) + 3 * self.hidden * self.inner


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("tiny", 64, 4, 4, 2, 128, 512),  # for trying the benchmark out, never for figures
        Shape("tiny-half", 64, 2, 4, 2, 128, 512),
        Shape("15M", 320, 8, 5, 1, 960, 16_384),
        Shape("15M-half", 320, 4, 5, 1, 960, 16_384),  # a student of the one above: half of its depth
        Shape("135M", 576, 30, 9, 3, 1_536, 49_152),
        Shape("1B", 2_048, 16, 32, 8, 8_192, 128_256),
    )
}


def word(token: int) -> str:
    """The word that stands for a token id."""
    return f"<{token}>"


def write_model(shape: Shape, folder: Path, seed: int = 0) -> Path:
    """Write the model and its tokenizer, unless they are there.

    The weights are wider than the library's own start, so that a wrong mask or position shows in the loss.
    """
    if (folder / "tokenizer.json").exists():
        return folder
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_heads,
        intermediate_size=shape.inner,
        vocab_size=shape.vocabulary,
        initializer_range=0.05,
        max_position_embeddings=8_192,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=END,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    _write_tokenizer(shape, folder)
    return folder


def _write_tokenizer(shape: Shape, folder: Path) -> None:
    """One word a token and nothing added, so that text and ids say exactly the same."""
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(
        WordLevel({word(token): token for token in range(shape.vocabulary)}, unk_token=word(0))
    )
    tokenizer.pre_tokenizer = Split(Regex(r"<\d+>"), "isolated")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=word(0),
        bos_token=word(1),
        eos_token=word(END),
        unk_token=word(0),
    ).save_pretrained(folder)
