"""Encoder-decoders: the encoder reads sources, the decoder writes targets, both padded on the right.

The decoder is fed its start token and the target without its last token; the state at each place predicts the target's
token there (Raffel et al. 2020, "T5", arXiv 1910.10683, section 2.1; Lewis et al. 2019, "BART", arXiv 1910.13461).
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from overtone.core.errors import UserError
from overtone.engine.begun import begun_cache
from overtone.engine.column import drop_new
from overtone.engine.hidden import pad, plain, reader
from overtone.engine.layout import drops
from overtone.engine.parent import LearnedKeys, LearnedRows, parent_of

Rows = Sequence[Sequence[int]]


def target_states(body: Any, rows: Rows, learned: Sequence[Sequence[bool]]) -> tuple[Tensor, Tensor, Tensor]:
    """For every learned token the state that predicts it (units, hidden), its row and its id, both (units,).

    All tokens in front of a row's first learned one are its source.
    """
    starts = [_first(wanted) for wanted in learned]
    sources = [row[:start] for row, start in zip(rows, starts, strict=True)]
    targets = [row[start:] for row, start in zip(rows, starts, strict=True)]
    hidden = decoded(body, sources, targets)
    asked = [
        (index, place, token)
        for index, (target, start) in enumerate(zip(targets, starts, strict=True))
        for place, token in enumerate(target)
        if learned[index][start + place]
    ]
    of, places, tokens = torch.tensor(asked, dtype=torch.long, device=hidden.device).view(-1, 3).unbind(1)
    return hidden[of, places], of, tokens


def decoded(body: Any, sources: Rows, targets: Rows) -> Tensor:
    """What the logits of each target's tokens are formed from: (rows, longest target, hidden)."""
    model = plain(body)
    memory, mask = read(body, sources)
    fed, fed_mask = pad([shifted(model, target) for target in targets], memory.device)
    cache = target_cache(body, len(targets))
    front = cache.get_seq_length()
    hidden: Tensor = model.get_decoder()(
        input_ids=fed,
        attention_mask=torch.cat((fed_mask.new_ones(len(fed), front), fed_mask), 1),
        past_key_values=cache if front else None,
        encoder_hidden_states=memory,
        encoder_attention_mask=mask,
        use_cache=False,
    ).last_hidden_state
    # A T5 that has one embedding for input and output scales the states in front of it.
    scaled = getattr(model.config, "scale_decoder_outputs", False)
    return hidden * model.config.hidden_size**-0.5 if scaled else hidden


def target_cache(body: Any, rows: int) -> Any:
    """The library's cache that rows of targets begin with: of a learned prefix, or empty."""
    from transformers import DynamicCache, EncoderDecoderCache

    model, parent = plain(body), parent_of(body)
    if isinstance(parent, LearnedKeys):
        return begun_cache(model, parent.kept(model), rows)
    return EncoderDecoderCache(DynamicCache(), DynamicCache())


def read(body: Any, sources: Rows) -> tuple[Tensor, Tensor]:
    """What the decoder sees of each source, behind a learned prompt where the body has one, and which of it is real.

    Both (rows, longest source with its prompt), the first with `hidden` numbers for each place. Sources that are equal,
    as those of drawn answers and of pairs are, are read once, but where each row draws dropout of its own.
    """
    every = list(map(tuple, sources))
    distinct = list(dict.fromkeys(every))
    if len(distinct) == len(every) or drops(body):
        return _read(body, every)
    memory, mask = _read(body, distinct)
    of = torch.tensor([distinct.index(source) for source in every], device=mask.device)
    return memory[of], mask[of]


def _read(body: Any, sources: Rows) -> tuple[Tensor, Tensor]:
    """Each source by itself."""
    model, parent = plain(body), parent_of(body)
    tokens, mask = pad(sources, next(model.parameters()).device)
    start = {"input_ids": tokens}
    if isinstance(parent, LearnedRows):
        embeddings = model.get_input_embeddings()(tokens)
        prompt = parent.rows.to(embeddings.dtype).expand(len(tokens), -1, -1)
        start = {"inputs_embeds": torch.cat((prompt, embeddings), 1)}
        mask = torch.cat((mask.new_ones(prompt.shape[:2]), mask), 1)
    return reader(model)(**start, attention_mask=mask).last_hidden_state, mask


def rest_unasked(body: Any, reads: bool) -> None:
    """Let only that learn which an objective can reach; one that `reads` asks the encoder alone.

    Of two new columns one goes: the decoder's is not run, or the encoder's gets no gradient through a frozen decoder.
    UserError where nothing is left of what would learn.
    """
    model = plain(body)
    drop_new(model, "decoder" if reads else "encoder")
    if not reads:
        return
    if isinstance(parent_of(body), LearnedKeys):
        raise UserError(
            "stages[0].method: a prefix stands before what the decoder writes, and the objective asks the encoder "
            "alone: choose prompt or lora, or an objective that writes"
        )
    asked = {id(weight) for weight in reader(model).parameters()}
    for weight in model.parameters():
        if id(weight) not in asked:
            weight.requires_grad_(False)


def shifted(model: Any, target: Sequence[int]) -> list[int]:
    """What the decoder is fed to predict a target: its start token, then all but the last token."""
    return [int(model.config.decoder_start_token_id), *target[:-1]]


def parted(model: Any, tokens: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """A prompt in two: the source up to and with its first end token, and what the decoder has written already."""
    end = model.config.eos_token_id
    ends = end if isinstance(end, list) else [end]
    start = next((place + 1 for place, token in enumerate(tokens) if token in ends), len(tokens))
    return tokens[:start], tokens[start:]


def projection_of(model: Any) -> nn.Module:
    """From states to logits: (positions, hidden) to (positions, vocabulary)."""
    projection: nn.Module = model.get_output_embeddings()
    bias = getattr(
        model, "final_logits_bias", None
    )  # BART keeps one beside the layer; it is zero in most models
    return projection if bias is None or not bias.any() else _Biased(projection, bias)


class _Biased(nn.Module):
    """A projection with a bias that does not learn."""

    def __init__(self, projection: nn.Module, bias: Tensor) -> None:
        super().__init__()
        self.projection, self.bias = projection, bias
        self.out_features = bias.numel()

    def forward(self, rows: Tensor) -> Tensor:
        logits: Tensor = self.projection(rows)
        return logits + self.bias


def _first(learned: Sequence[bool]) -> int:
    """The place of the first learned token, or the end."""
    return next((place for place, wanted in enumerate(learned) if wanted), len(learned))
