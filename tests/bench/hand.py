"""Moves a mouse as often as a real one does, without waiting for the page to answer."""

from __future__ import annotations

import json
import math
import time
from urllib.request import urlopen

import websocket

EVERY = 1 / 125  # seconds: how often an ordinary mouse reports


def sweep(port: int, url: str, place: tuple[float, float, float], seconds: float) -> None:
    """Move to and fro with the button held.

    Parameters
    ----------
    port
        Where Chromium listens for its debugging protocol.
    url
        Of the page.
    place
        Middle of the sweep across and down, and how far it goes to each side, in CSS pixels.
    seconds
        How long.
    """
    x, y, half = place
    with urlopen(f"http://localhost:{port}/json") as answer:
        pages = json.load(answer)
    target = next(page for page in pages if page["type"] == "page" and page["url"] == url)
    connection = websocket.create_connection(target["webSocketDebuggerUrl"], suppress_origin=True)
    start = time.monotonic()
    count = 0
    while (now := time.monotonic() - start) < seconds:
        count += 1
        move = {"type": "mouseMoved", "x": x + half * math.sin(now * 2), "y": y}
        message = {"id": count, "method": "Input.dispatchMouseEvent"}
        message["params"] = {**move, "button": "left", "buttons": 1}
        connection.send(json.dumps(message))
        time.sleep(max(0, count * EVERY - (time.monotonic() - start)))
    connection.close()
