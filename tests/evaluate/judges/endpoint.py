"""A fake OpenAI-compatible endpoint on loopback, and what it was asked."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def served(reply):
    """Yield the base URL and the list of (path, key, body) asked; `reply(body)` gives (status, text or None)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers.get("Authorization"), body))
            status, text = reply(body)
            payload = {"choices": [{"message": {"content": text}}]} if status == 200 else {"error": text}
            content = json.dumps(payload).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def prompt_of(body):
    return body["messages"][0]["content"]


def between(text, mark):
    """What stands inside `<mark>` in a prompt."""
    return text.split(f"<{mark}>\n", 1)[1].split(f"\n</{mark}>", 1)[0]
