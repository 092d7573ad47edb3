"""The values of a chunk as one safetensors file: whole or absent, and checked when first read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overtone.engine.remember.write import write_whole

if TYPE_CHECKING:
    from torch import Tensor

# What identifies a piece of work in a recipe: token ids, and whatever else the work reads, as whole numbers.
Row = Sequence[int]


@dataclass(frozen=True)
class Values:
    """What was computed for some rows. The result of row r is `values[places[r]]`: (len(places[r]), ...).

    Rows that begin alike may name the same places, so that what they share is kept once.
    """

    values: "Tensor"  # (places, ...)
    places: Sequence[Sequence[int]]

    def of(self, row: int) -> "Tensor":
        """The result of a row: a view where its places are a range, else a copy."""
        places = self.places[row]
        if isinstance(places, range):
            return self.values[places.start : places.stop]
        return self.values[list(places)]

    def cpu(self) -> "Values":
        """The same values in main memory, without a graph."""
        return Values(self.values.detach().cpu(), self.places)

    @staticmethod
    def one_each(results: "Sequence[Tensor]") -> "Values":
        """From a result for each row, each (n, ...), that share nothing."""
        import torch

        ends = torch.tensor([len(result) for result in results]).cumsum(0).tolist()
        ranges = [range(end - len(result), end) for end, result in zip(ends, results, strict=True)]
        return Values(torch.cat(list(results)), ranges)


@dataclass(frozen=True)
class Kept:
    """Values as they were kept: the digest of each row, and the seconds that computing all of them took."""

    values: Values
    rows: Sequence[bytes]
    seconds: float


class Damaged(Exception):
    """A file of values that does not hold what was written."""


def write_values(path: Path, kept: Kept) -> str:
    """Write a chunk's values whole or not at all; returns their checksum.

    OSError where there is no room or no right to write.
    """
    import torch
    from safetensors.torch import save

    places = kept.values.places
    tensors = {
        "values": kept.values.values.detach().cpu().contiguous(),  # (places, ...)
        "places": torch.tensor([place for row in places for place in row], dtype=torch.int32),
        "lengths": torch.tensor([len(row) for row in places], dtype=torch.int32),  # (rows,)
        "rows": torch.frombuffer(bytearray(b"".join(kept.rows)), dtype=torch.uint8),  # (rows * digest,)
    }
    checksum = _checksum(tensors)
    write_whole(path, save(tensors, metadata={"checksum": checksum, "seconds": str(kept.seconds)}))
    return checksum


def read_values(path: Path) -> Kept | None:
    """A chunk's memory-mapped values; None without a file, Damaged where its bytes were changed."""
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in sorted(file.keys())}
    except FileNotFoundError:  # evicted an instant ago
        return None
    except (SafetensorError, OSError) as error:
        raise Damaged(str(error)) from error
    if metadata.get("checksum") != _checksum(tensors):
        raise Damaged("its checksum differs")
    ends = tensors["lengths"].cumsum(0).tolist()
    places = [_places(tensors["places"][start:end].tolist()) for start, end in pairwise([0, *ends])]
    rows = _bytes(tensors["rows"]).tobytes()
    size = len(rows) // max(1, len(places))
    digests = [rows[start : start + size] for start in range(0, len(rows), size)]
    return Kept(Values(tensors["values"], places), digests, float(metadata["seconds"]))


def _places(listed: list[int]) -> Sequence[int]:
    """The same places, as a range where they are neighbours."""
    neighbours = range(listed[0], listed[0] + len(listed)) if listed else range(0)
    return neighbours if listed == list(neighbours) else listed


def _checksum(tensors: "dict[str, Tensor]") -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)} ".encode())
        digest.update(_bytes(tensor))
    return digest.hexdigest()


def _bytes(tensor: "Tensor") -> Any:
    import torch

    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data
