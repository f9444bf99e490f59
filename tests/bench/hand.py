"""Moves a mouse as often as a real one does, without waiting for the page to answer."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any
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

    def move(now: float) -> dict[str, Any]:
        at = {"x": x + half * math.sin(now * 2), "y": y}
        return {"type": "mouseMoved", **at, "button": "left", "buttons": 1}

    _report(port, url, move, seconds, EVERY)


def scribble(port: int, url: str, box: tuple[float, float, float, float], seconds: float) -> None:
    """Cover an area with one stroke, to and fro and from top to bottom, the button held.

    Parameters
    ----------
    port, url
        As for `sweep`.
    box
        Left, top, width and height of the area, in CSS pixels.
    seconds
        How long.
    """
    left, top, width, height = box

    def move(now: float) -> dict[str, Any]:
        across, down = scribbled(now / seconds, seconds)
        at = {"x": left + across * width, "y": top + down * height}
        return {"type": "mouseMoved", **at, "button": "left", "buttons": 1}

    _report(port, url, move, seconds, EVERY)


def scribbled(share: float, seconds: float) -> tuple[float, float]:
    """Where such a hand is after a share of its time, in shares of width and height."""
    return 0.5 + 0.3 * math.sin(share * seconds * 4), 0.2 + 0.6 * share


def turn_wheel(port: int, url: str, place: tuple[float, float], seconds: float) -> None:
    """Turn the wheel a notch each sixtieth of a second, half of the time to each side.

    Parameters
    ----------
    port, url
        As for `sweep`.
    place
        Of the pointer, in CSS pixels.
    seconds
        How long.
    """
    x, y = place

    def turn(now: float) -> dict[str, Any]:
        down = -24 if now < seconds / 2 else 24
        return {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": down}

    _report(port, url, turn, seconds, 1 / 60)


def _report(
    port: int, url: str, event: Callable[[float], dict[str, Any]], seconds: float, every: float
) -> None:
    with urlopen(f"http://localhost:{port}/json") as answer:
        pages = json.load(answer)
    target = next(page for page in pages if page["type"] == "page" and page["url"] == url)
    connection = websocket.create_connection(target["webSocketDebuggerUrl"], suppress_origin=True)
    start = time.monotonic()
    count = 0
    while (now := time.monotonic() - start) < seconds:
        count += 1
        message = {"id": count, "method": "Input.dispatchMouseEvent", "params": event(now)}
        connection.send(json.dumps(message))
        time.sleep(max(0, count * every - (time.monotonic() - start)))
    connection.close()
