"""What may make a decoder quicker, tried one decode at a time between pictures."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator

import torch
from torch import Tensor

from latent_widgets.backends.race import VISIBLE, Clock, race
from latent_widgets.backends.ways import Choice, Shape, channels_last, may_be_quicker_in_bfloat16
from latent_widgets.models.frozen import FrozenModel

Steps = Generator[None, None, None]

# On a CPU a decode as short as this has nothing to gain that anybody would see.
_SHORT = 0.004
# And during one as long as this a hand that begins to move would wait too long.
_LONG = 1.0
_EXAMPLES = 3
_OFTEN = 3
_MOST_RECORDED = 4


class Trials:
    """Keeps the quickest choice so far for one model.

    Parameters
    ----------
    model
        What decodes.
    image_shape
        (C, H, W) of its pictures.
    clock
        Seconds; on a GPU it waits for the work to be done.
    """

    def __init__(self, model: FrozenModel, image_shape: Shape, clock: Clock) -> None:
        self.model = model
        self.choice = Choice(model)
        """How to decode now."""
        self.tried: dict[str, str] = {}
        """For each thing that was tried how it ended."""
        self._image_shape = image_shape
        self._clock = clock
        self._seen: deque[Tensor] = deque(maxlen=_EXAMPLES)
        self._counts: Counter[int] = Counter()
        self._asked: set[int] = set()
        self._steps: Steps | None = None

    def see(self, rows: Tensor) -> None:
        """Remember latents that somebody wanted to see: they are what choices are tried on.

        Parameters
        ----------
        rows
            (n, d) on the device.
        """
        self._counts[len(rows)] += 1
        # Copies: another thread may add to it meanwhile.
        if len(rows) == 1 and not any(torch.equal(rows, seen) for seen in tuple(self._seen)):
            self._seen.append(rows)

    def step(self) -> bool:
        """Decode once or twice, if there is still something to try.

        Returns
        -------
        bool
            Whether there may be more to try now.
        """
        if self._steps is None:
            self._steps = self._next()
            if self._steps is None:
                return False
        with torch.inference_mode():
            try:
                next(self._steps)
            except StopIteration:
                self._steps = None
            except Exception as error:  # noqa: BLE001 - raised again where somebody looks
                self.give_up("stopped", error)
        return True

    def give_up(self, what: str, error: Exception) -> None:
        """Go back to the plain way.

        Parameters
        ----------
        what
            The entry of `tried` that tells of it.
        error
            Why.
        """
        self.choice, self._steps = Choice(self.model), None
        self._asked |= set(self._counts) | {1}
        self.tried[what] = sentence(error)

    def _next(self) -> Steps | None:
        if 1 not in self._asked:
            if len(self._seen) < _EXAMPLES:
                return None
            self._asked.add(1)
            return self._all()
        # Strips: where a graph helps one picture it may help several.
        for n in tuple(self._counts) if self.choice.graphs else ():
            if self._counts[n] >= _OFTEN and n not in self._asked:
                self._asked.add(n)
                if len(self.choice.graphs) < _MOST_RECORDED:
                    examples = [z.repeat(n, 1) for z in self._seen]
                    return self._try(f"graph of {n}", self._record(examples[0]), examples)
        return None

    def _all(self) -> Steps:
        examples, kind = list(self._seen), self.model.device.type
        first = self.choice.decode(examples[0], self._image_shape)
        yield
        start = self._clock()
        again = self.choice.decode(examples[0], self._image_shape)
        seconds = self._clock() - start
        if float((again - first).abs().max()) > VISIBLE:
            self.tried["all"] = "the decoder is random, so nothing can be compared"
            return
        if kind == "cpu" and seconds < _SHORT:
            self.tried["all"] = f"{seconds * 1000:.1f} ms a picture is quick enough"
            return
        if kind == "cpu" and seconds > _LONG:
            self.tried["all"] = f"{seconds:.1f} s a picture leave no time to try"
            return
        yield
        twin = channels_last(self.model)
        if twin is not None:
            yield
            yield from self._try("channels-last", lambda: self.choice.on(twin), examples)
        if may_be_quicker_in_bfloat16(self.model.device):
            yield from self._try("bfloat16", self.choice.halved, examples)
        if kind == "cuda":
            yield from self._try("graph", self._record(examples[0]), examples)

    def _record(self, example: Tensor) -> Callable[[], Choice]:
        return lambda: self.choice.recorded(example, self._image_shape)

    def _try(self, name: str, make: Callable[[], Choice], examples: list[Tensor]) -> Steps:
        try:
            rival = make()
        except Exception as error:  # noqa: BLE001 - whatever a model does that cannot be recorded
            self.tried[name] = f"failed: {sentence(error)}"
            return
        own, shape = self.choice, self._image_shape
        verdict = yield from race(
            lambda z: own.decode(z, shape), lambda z: rival.decode(z, shape), examples, self._clock
        )
        self.tried[name] = verdict.why
        if verdict.won:
            self.choice = rival


def sentence(error: Exception) -> str:
    """Give the first line of what an exception says.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    str
        Its name where it says nothing.
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0]
