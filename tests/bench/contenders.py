"""The usual ways to hang a decoded picture on a slider, and ours; all use the same decoder."""

from __future__ import annotations

from dataclasses import dataclass

COMMON = """
import numpy as np, torch
import latent_widgets as lw
space = lw.LatentSpace("{space}")
low, high = (float(side[0]) for side in space.data.spread())
def decode(value):
    z = space.home.copy(); z[0] = value
    return lw.codec.to_uint8(space.decode(z))[0].squeeze()
"""
MATPLOTLIB = """
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
@interact(value=FloatSlider(min=low, max=high, step=(high - low) / 200))
def show(value):
    plt.figure(figsize=(3, 3)); plt.imshow(decode(value), cmap="gray"); plt.axis("off"); plt.show()
"""
IMAGE = """
import io
from ipywidgets import FloatSlider, Image, VBox
from PIL import Image as Picture
image, slider = Image(format="png", width=224), FloatSlider(min=low, max=high, step=(high-low)/200)
def show(change):
    png = io.BytesIO(); Picture.fromarray(decode(change["new"])).save(png, "png")
    image.value = png.getvalue()
slider.observe(show, "value"); show({"new": 0.0})
VBox([slider, image])
"""
RFB = """
from IPython.display import display
from ipywidgets import FloatSlider
from jupyter_rfb import RemoteFrameBuffer
slider = FloatSlider(min=low, max=high, step=(high-low)/200)
class View(RemoteFrameBuffer):
    def get_frame(self): return decode(slider.value)
view = View(css_width="224px", css_height="224px")
slider.observe(lambda _: view.request_draw(), "value")
display(slider); view
"""
OURS = """
from ipywidgets import VBox
space.engine = "{engine}"
VBox([lw.LatentSliders(space), lw.LatentViewer(space)])
"""
EXPLORER = """
space.engine = "{engine}"
lw.LatentExplorer(space)
"""
ECHO = """
import anywidget
class Echo(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      el.textContent = "echo"; el.className = "echo";
      window.trip = () => new Promise((done) => {
        const start = performance.now();
        const heard = () => { model.off("msg:custom", heard); done(performance.now() - start); };
        model.on("msg:custom", heard);
        model.send({}, undefined, [new Float32Array(16)]);
      });
    } }'''
    def __init__(self):
        super().__init__()
        self.on_msg(lambda _, content, buffers: self.send({}, [bytes(784)]))
Echo()
"""


@dataclass(frozen=True)
class Contender:
    """One way to show a decoded picture."""

    name: str
    cell: str
    handle: str
    picture: str


def _ours(name: str, cell: str, engine: str) -> Contender:
    sliders, viewer = ".lw-sliders input[type=range]", ".lw-viewer canvas"
    return Contender(f"{name}, {engine}", cell.replace("{engine}", engine), sliders, viewer)


CONTENDERS = [
    Contender("interact + matplotlib", MATPLOTLIB, ".noUi-handle", ".widget-output img"),
    Contender("observe + Image", IMAGE, ".noUi-handle", ".jupyter-widgets img"),
    Contender("jupyter_rfb", RFB, ".noUi-handle", "img.renderview-view"),
    _ours("sliders + viewer", OURS, "kernel"),
    _ours("sliders + viewer", OURS, "browser"),
    _ours("explorer", EXPLORER, "browser"),
]
