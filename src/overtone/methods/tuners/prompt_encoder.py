"""A small network that makes the rows of a learned prompt while they learn."""

from torch import Tensor, nn

LAYERS = 2  # of the recurrent network


class PromptEncoder(nn.Module):
    """Rows x + g(x), x learned: g is a recurrent or a feed-forward network and zero at the start.

    It stands in the place of PEFT's embedding, which reads out the rows when it saves them.
    """

    def __init__(self, rows: Tensor, kind: str, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(rows), rows.shape[1])
        self.embedding.weight = nn.Parameter(rows.clone())
        self.network, self.output = NETWORKS[kind](rows.shape[1], width)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        self.to(rows.device)

    def forward(self, places: Tensor) -> Tensor:
        """The rows at those places: (batch, tokens, hidden)."""
        rows: Tensor = self.embedding(places)
        inner = self.network(rows)
        change: Tensor = self.output(inner[0] if isinstance(inner, tuple) else inner)
        return rows + change


def _recurrent(hidden: int, width: int) -> tuple[nn.Module, nn.Linear]:
    """A bidirectional LSTM and two layers over it."""
    lstm = nn.LSTM(hidden, width, LAYERS, bidirectional=True, batch_first=True)
    return lstm, nn.Linear(2 * width, hidden)


def _feed_forward(hidden: int, width: int) -> tuple[nn.Module, nn.Linear]:
    """Two layers with an activation behind each."""
    layers = nn.Sequential(nn.Linear(hidden, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
    return layers, nn.Linear(width, hidden)


NETWORKS = {"lstm": _recurrent, "mlp": _feed_forward}
