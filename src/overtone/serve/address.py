"""Where a server listens: loopback by default, and never on a public address without a key."""

import socket
from ipaddress import ip_address

from overtone.core.errors import UserError

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
WILDCARDS = frozenset({"0.0.0.0", "::", ""})


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost counts as public."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed_hosts(host: str) -> frozenset[str] | None:
    """Host names a request may carry for a server on this address; None where any may (a wildcard address).

    Loopback names alone stop DNS rebinding: a foreign page whose name points here keeps its own name.
    """
    return None if host in WILDCARDS else LOOPBACK_NAMES | {host.lower()}


def check_address(host: str, has_key: bool) -> None:
    """UserError where others could reach the address and no key guards it."""
    if not is_loopback(host) and not has_key:
        raise UserError(
            f"refusing to serve on {host or 'all addresses'} without a key: anyone who reaches it could use "
            "the models. Set a key in OVERTONE_API_KEY, or serve on 127.0.0.1."
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address (port 0: any free one); UserError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"cannot listen on {host}:{port} ({reason}): choose another port or address"
        ) from None
    return listener


def base_url(host: str, port: int) -> str:
    """The address as clients write it."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
