"""The server extension turns Nagle's algorithm off for kernel connections, and changes no more."""

from types import SimpleNamespace

from latent_widgets import server


class Connection:
    """As jupyter_server's: made for a websocket handler, then connected."""

    open_sockets: set = set()  # noqa: RUF012 - shared by all, as there

    def __init__(self, handler):
        self.websocket_handler = handler

    def connect(self):
        self.websocket_handler.log.append("connected")
        return "future"


def handler():
    log = []
    return SimpleNamespace(log=log, set_nodelay=lambda value: log.append(("nodelay", value)))


def test_nodelay_is_set_before_the_first_byte():
    settings = {"kernel_websocket_connection_class": Connection, "other": 1}
    app = SimpleNamespace(web_app=SimpleNamespace(settings=settings))
    (point,) = server._jupyter_server_extension_points()
    assert point == {"module": "latent_widgets.server"}
    server._load_jupyter_server_extension(app)
    made = settings["kernel_websocket_connection_class"]
    assert issubclass(made, Connection)
    assert made.open_sockets is Connection.open_sockets
    one = made(handler())
    assert one.connect() == "future"
    assert one.websocket_handler.log == [("nodelay", True), "connected"]
    assert settings["other"] == 1
