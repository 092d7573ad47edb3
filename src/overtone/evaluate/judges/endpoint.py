"""A judge behind any OpenAI-compatible endpoint."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from overtone.core.errors import UserError
from overtone.evaluate.judges.ask import Hear, unheard

TRIES = 4
AT_ONCE = 4  # prompts that wait for a reply together
LATER = {408, 425, 429, 500, 502, 503, 504}  # answers of a server that may do better in a moment
REFUSED = {401, 403, 404}  # answers that no other prompt would change


@dataclass(frozen=True)
class Endpoint:
    """Asks a model for chat completions, at temperature 0. `key` is sent where there is one."""

    base_url: str
    model: str
    key: str | None = None
    max_tokens: int = 300
    timeout_seconds: float = 60.0
    wait: Callable[[float], None] = time.sleep

    def __call__(self, prompts: Sequence[str], hear: Hear = unheard) -> list[str | None]:
        """A reply for each prompt, None where the endpoint refuses that one; `hear` is told each as it comes.

        UserError where the endpoint cannot be reached, does not know key or model, or gives up.
        """

        def told(prompt: str) -> str | None:
            reply = self._reply(prompt)
            hear(prompt, reply)
            return reply

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(told, prompts))

    def _reply(self, prompt: str) -> str | None:
        trouble = ""
        for attempt in range(TRIES):
            if attempt:
                self.wait(2.0 ** (attempt - 1))
            try:
                return self._text(self._post(prompt))
            except urllib.error.HTTPError as error:
                trouble = f"{error.code} {error.reason}"
                if error.code in REFUSED:
                    break
                if error.code not in LATER:
                    return None
            except OSError as error:  # no connection, or none in time
                trouble = str(getattr(error, "reason", error))
        raise UserError(
            f"the judge '{self.model}' at {self.base_url} gives no reply ({trouble}); see to base_url, model and key, "
            "then give the same command again: what is measured already is kept."
        )

    def _post(self, prompt: str) -> Any:
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "max_tokens": self.max_tokens,
        }
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        url = f"{self.base_url.rstrip('/')}/chat/completions"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=self.timeout_seconds) as reply:
            return json.load(reply)

    def _text(self, reply: Any) -> str | None:
        """The text of a reply; UserError where the reply has another shape."""
        try:
            text = reply["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError):
            raise UserError(
                f"{self.base_url} does not answer as an OpenAI-compatible endpoint does."
            ) from None
        return None if text is None else str(text)
