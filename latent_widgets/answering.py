"""What the page of a panel may ask its Python half."""

from __future__ import annotations

from typing import Any, ClassVar

from latent_widgets.failure import explain

Content = dict[str, Any]
Answer = tuple[Content, list[bytes]]


class Answering:
    """Answers the page of a panel, beside the pictures; of an op the newest question wins.

    A panel lists in `_questions` the name of a method for each op it answers; the method takes
    the content and the buffers, both untrusted, and returns the same.
    """

    _questions: ClassVar[dict[str, str]] = {}
    # What a panel has.
    space: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        super().__init__(*args, **kwargs)
        self.on_msg(self._hear)  # type: ignore[attr-defined]

    def _hear(self, _: object, content: object, buffers: list[memoryview]) -> None:
        if not isinstance(content, dict) or content.get("op") not in self._questions:
            return
        asked: Content = content
        client, op = str(asked.get("client"))[:64], str(asked["op"])
        head = {"kind": "reply", "client": client, "op": op, "seq": asked.get("seq")}

        def reply() -> None:
            body: Content
            try:
                # Whatever an answer changes is one gesture, with what the page does beside it.
                with self.space.tape.gesture(str(asked.get("gesture") or "")[:64]):
                    body, blobs = getattr(self, self._questions[op])(asked, buffers)
            except Exception as error:  # noqa: BLE001 - shown on the page instead
                body, blobs = explain(error), []
            self.send({**head, **body}, blobs)  # type: ignore[attr-defined]

        # The space's own thread: a model is never asked by two at once.
        self.space._feed.do(f"{id(self)}/{client}/{op}", reply)  # noqa: SLF001
