"""An opt-in extension of the Jupyter server: small answers are sent at once.

A stock server leaves Nagle's algorithm on for kernel websockets, so a small answer waits until
the browser has acknowledged the one before, up to about 40 ms. Enable it with

    jupyter server extension enable latent_widgets.server
"""

from __future__ import annotations

from typing import Any

__all__: list[str] = []


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "latent_widgets.server"}]


def _load_jupyter_server_extension(server: Any) -> None:  # noqa: ANN401 - a ServerApp
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = _undelayed(
        settings["kernel_websocket_connection_class"]
    )


def _undelayed(connection: type[Any]) -> type[Any]:
    """Subclass the server's kernel connection, whichever it uses."""

    class Undelayed(connection):  # type: ignore[misc]
        """Sets TCP_NODELAY once the websocket is open."""

        def connect(self) -> Any:  # noqa: ANN401 - as the class it extends
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Undelayed
