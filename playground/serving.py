"""How the page is served: Gradio's launch options, and the address people can type. Imports Gradio only through what it is given."""

import ipaddress
import socket
from collections.abc import MutableMapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playground.errors import PlaygroundError
from playground.routes import app_kwargs
from playground.service.port import Service
from playground.settings import Settings

if TYPE_CHECKING:
    import gradio as gr

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "100",
    "GRADIO_ANALYTICS_MAX_EVENTS": "500",
    "OMP_WAIT_POLICY": "PASSIVE",
}


def prepare(environ: MutableMapping[str, str]) -> None:
    """Before Gradio and torch are imported: nothing is sent home, torch's threads sleep while they wait (spinning starves the
    others on a small machine), a proxy is not asked for this machine, a Space is open to its visitors."""
    for name, value in QUIET.items():
        environ.setdefault(name, value)
    if "SPACE_ID" in environ:
        environ.setdefault("PLAYGROUND_HOST", "0.0.0.0")
    for name in ("NO_PROXY", "no_proxy"):
        kept = [part for part in environ.get(name, "").split(",") if part]
        environ[name] = ",".join(dict.fromkeys([*kept, "127.0.0.1", "localhost", environ.get("PLAYGROUND_HOST", "127.0.0.1")]))


def serve(demo: "gr.Blocks", service: Service, settings: Settings) -> str:
    """Starts the server in the background and returns the address people can type. Raises PlaygroundError if it cannot listen."""
    from playground.ui import page_head, page_style, page_theme

    demo.queue(default_concurrency_limit=64, max_size=256)
    try:
        _, local, _ = demo.launch(
            server_name=settings.host,
            server_port=settings.port,
            prevent_thread_lock=True,
            quiet=True,
            max_threads=128,
            run_history=False,
            enable_monitoring=False,
            show_error=False,
            state_session_capacity=200,
            ssr_mode=False,
            max_file_size="8mb",
            footer_links=["api", "settings"],
            theme=page_theme(),
            css=page_style(),
            head=page_head(),
            app_kwargs=app_kwargs(service, shared_address(settings)),
        )
    except (OSError, OverflowError) as error:
        raise PlaygroundError(
            f"Cannot listen on {settings.host} port {settings.port}: the port is taken, or not allowed here. "
            "Stop the program that uses it, or choose another: PLAYGROUND_PORT=7861 make run"
        ) from error
    return page_address(settings.host, int(local.rstrip("/").rsplit(":", 1)[1]))


def shared_address(settings: Settings) -> str:
    """Where others reach the page: the Space's name, or this machine's on the local network; "" where it listens to itself alone."""
    if settings.space:
        return f"https://{settings.space}"
    address = page_address(settings.host, settings.port)
    return "" if urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1") else address


def page_address(host: str, port: int) -> str:
    """http:// and the name to type; where `host` means all of this machine's addresses, the one the local network sees."""
    name = _lan_address() if host in ("0.0.0.0", "::", "") else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _lan_address() -> str:
    """The address this machine would send from. No packet is sent: a datagram socket only looks up its route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            found = str(probe.getsockname()[0])
        except OSError:
            found = "127.0.0.1"
    if ipaddress.ip_address(found).is_loopback:
        try:
            found = socket.gethostbyname(socket.gethostname())
        except OSError:
            found = "127.0.0.1"
    return found
