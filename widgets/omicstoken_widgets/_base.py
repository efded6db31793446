"""What every screen has: a question on top, controls, a result, words, and the same in Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import ipywidgets as iw
from markupsafe import Markup, escape

from omicstoken_kernel import jobs
from omicstoken_kernel.errors import NotEmbedded, OmicsTokenError
from omicstoken_kernel.logs import get_logger
from omicstoken_widgets._background import follow, in_background, in_turns, warm_up
from omicstoken_widgets._stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from omicstoken_kernel.store.jobs import Job
    from omicstoken_kernel.workbench import Workbench

__all__ = ["WAITS", "JobBar", "Screen", "html", "labelled", "row"]

#: Said of whatever writes to the workspace: SQLite has one writer at a time.
WAITS = "this waits for others who write to the workspace, a minute at most."

_Result = TypeVar("_Result")
_Tone = Literal["note", "warn", "fail", "done"]

_log = get_logger(__name__)


@cache
def _sheet() -> Markup:
    """Return the screens' style sheet as an element."""
    css = Path(__file__).parent.joinpath("static", "screens.css").read_text(encoding="utf-8")
    return Markup("<style>{}</style>").format(Markup(css))


def html(text: str | Markup, *, classes: str = "") -> iw.HTML:
    """Return text as an element; plain text is escaped, whatever it holds."""
    widget = iw.HTML(str(escape(text)))
    for name in classes.split():
        widget.add_class(name)
    return widget


def _button(label: str, on_click: Callable[[], object], *, primary: bool) -> iw.Button:
    """Return a button as wide as its words."""
    made = iw.Button(
        description=label,
        button_style="primary" if primary else "",
        layout=iw.Layout(width="auto"),
    )
    made.on_click(lambda _button: on_click())
    return made


def _spoken(text: str | Markup, tone: _Tone) -> Markup:
    return Markup('<p class="ot-{}" role="status">{}</p>').format(tone, text)


def row(*children: iw.Widget) -> iw.Box:
    """Return controls side by side, on more lines where the window is narrow."""
    made = iw.Box(children)
    made.add_class("ot-row")
    return made


def labelled(label: str, control: iw.Widget) -> iw.Widget:
    """Return a control with its label before it, both wide enough for their words."""
    control.description = label
    control.style.description_width = "initial"
    return control


class JobBar(iw.HBox):
    """The progress of a job: a bar, how far it is and how long it takes, and a way to stop it."""

    def __init__(self, on_cancel: Callable[[], object]) -> None:
        self._bar = iw.FloatProgress(min=0, max=1, layout=iw.Layout(width="220px"))
        self._words = html("")
        self._cancel = _button("Cancel", on_cancel, primary=False)
        super().__init__([self._bar, self._words, self._cancel])
        self.add_class("ot-job")

    def show(self, job: Job) -> None:
        """Show how far a job is."""
        self._bar.value = job.progress
        words = job.message or {"waiting": "starting", "running": "working"}.get(job.state, "")
        self._words.value = str(escape("stopping" if job.state == "cancelling" else words))


class Screen(iw.VBox):
    """A screen: one question, and everything to answer it.

    Parameters
    ----------
    wb
        The workspace.
    question
        What the screen answers, in one line.
    stage
        Where what is clicked opens; None means below this screen.
    """

    #: What the screen is about, in a word or two; the title of its tab.
    subject = ""

    def __init__(self, wb: Workbench, question: str, *, stage: Stage | None = None) -> None:
        self.wb = wb
        self._question = html(Markup("{}<h2>{}</h2>").format(_sheet(), question))
        self._said = html("", classes="ot-said")
        self._ways = row()
        self._running = iw.VBox([])
        self._python = html("")
        self.body = iw.VBox([])
        self.say("")
        self.stage = stage or Stage(wb)
        own = [] if stage else [self.stage]
        super().__init__(
            [self._question, self.body, self._running, self._said, self._ways, self._python, *own],
            layout=iw.Layout(width="100%"),
        )
        self.add_class("ot-screen")
        warm_up()

    def button(self, label: str, act: Callable[[], object], *, primary: bool = False) -> iw.Button:
        """Return a button as wide as its words; what goes wrong is put into words below."""

        def press() -> None:
            if self._failed:
                # What failed before is no word about this.
                self.say("")
            self.guarded(act)

        return _button(label, press, primary=primary)

    def say(self, text: str | Markup, tone: _Tone = "note", *ways: iw.Widget) -> None:
        """Say something under the result, with buttons that lead on; empty text takes it away."""
        self._failed = bool(text) and tone == "fail"
        self._said.value = str(_spoken(text, tone)) if text else ""
        self._ways.children = ways
        for shown, there in ((self._said, text), (self._ways, ways)):
            shown.layout.display = None if there else "none"

    def __repr__(self) -> str:
        # ipywidgets' own repr serialises every trait.
        return f"{type(self).__name__}({self.subject!r})"

    def same_in_python(self, *lines: str) -> None:
        """Show what does the same in Python."""
        code = "\n".join(lines)
        self._python.value = str(
            Markup(
                '<details class="ot-code"><summary>The same in Python</summary>'
                "<pre>{}</pre></details>"
            ).format(code)
        )

    def fail(self, error: Exception) -> None:
        """Put an error into words, with its next step."""
        if isinstance(error, NotEmbedded) and error.run_ids:
            self.say(error.message, "fail", self.make_vectors(error.run_ids, error.model))
            return
        if isinstance(error, OmicsTokenError):
            self.say(f"{error.message} {error.hint}".strip(), "fail")
            return
        _log.error("screen_failed", screen=type(self).__name__, exc_info=error)
        self.say(
            f"This did not work, and the fault is ours: {type(error).__name__}: {error}", "fail"
        )

    def load(self) -> None:
        """Show the answer; done again when what it lacked has been made."""

    def make_vectors(self, run_ids: Sequence[str], model: str | None = None) -> iw.Button:
        """Return a button that makes the vectors these runs lack, and then shows the answer."""
        arguments = {"run_ids": list(run_ids), "model": model}
        subject = run_ids[0] if len(run_ids) == 1 else None

        def make() -> None:
            self.say("The vectors are made, then the answer is shown; this screen stays usable.")
            self.run_job("embed", arguments, lambda _job: self.load(), subject=subject)

        return self.button("Make the vectors", make, primary=True)

    def work(
        self, words: str, work: Callable[[], _Result], done: Callable[[_Result], None]
    ) -> None:
        """Do something that takes a moment, beside the event loop."""
        self.say(words)

        def finished(result: _Result) -> None:
            self.say("")
            self.guarded(lambda: done(result))

        in_background(work, finished, self.fail)

    def in_turns(self, steps: Iterator[None]) -> None:
        """Do something on the event loop that takes long, step by step; others have turns too."""
        in_turns(steps, self.fail)

    def run_job(
        self,
        kind: str,
        arguments: dict[str, Any],
        done: Callable[[Job], None],
        *,
        subject: str | None = None,
    ) -> None:
        """Run a job in a child process and show its progress until it ends.

        One that does the same already, started before the kernel was or from another screen, is
        followed in its place.
        """
        ctx, starting = self.wb.context, html(f"Starting; {WAITS}", classes="ot-muted")
        self._running.children = [*self._running.children, starting]

        def begin() -> Job:
            # Not on the event loop: who writes waits for the other writers, for a minute at most.
            there = jobs.unfinished(ctx, kind, arguments)
            return there or jobs.start(ctx, kind, arguments, subject=subject)

        def begun(job: Job) -> None:
            self._away(starting)
            self.take_up(job, done)

        def failed(error: Exception) -> None:
            self._away(starting)
            self.fail(error)

        in_background(begin, begun, failed)

    def take_up(self, job: Job, done: Callable[[Job], None]) -> None:
        """Show the progress of a job, whoever began it, and what became of it with a way on."""
        ctx = self.wb.context

        def again() -> None:
            self.say("")
            self.run_job(job.kind, job.arguments, done, subject=job.subject)

        cancel = lambda: in_background(  # noqa: E731 - shorter than a name
            lambda: jobs.cancel(ctx, job.id), lambda _job: None, self.fail
        )
        shown = JobBar(cancel)
        self._running.children = [*self._running.children, shown]

        def ended(final: Job) -> None:
            self._away(shown)
            if final.state == "done":
                self.guarded(lambda: done(final))
            elif final.state == "cancelled":
                self._offer_again("Stopped. What was finished is kept.", "warn", again)
            else:
                self._offer_again(final.reason or "It failed without a reason.", "fail", again)

        def failed(error: Exception) -> None:
            self._away(shown)
            self.fail(error)

        follow(ctx, job.id, shown.show, ended, failed)

    def _offer_again(self, said: str, tone: _Tone, again: Callable[[], object]) -> None:
        """Say how a job ended, with a button that goes on with it; it stays until it is answered.

        Not by :meth:`say`: several jobs may have failed, and each keeps its own words.
        """
        self.say("")

        def press() -> None:
            self._away(offer)
            again()

        go_on = self.button("Go on with it" if tone == "warn" else "Try again", press)
        leave = self.button("Leave it", lambda: self._away(offer))
        ways = row(go_on, *(self.instead() or (leave,)))
        offer = iw.VBox([html(_spoken(said, tone), classes="ot-said"), ways])
        self._running.children = [*self._running.children, offer]

    def instead(self) -> tuple[iw.Widget, ...]:
        """Return what else can be done about a job that did not finish than going on with it."""
        return ()

    def guarded(self, act: Callable[[], object]) -> None:
        """Do something on the event loop; what goes wrong is put into words."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - an edge: a screen says what happened
            self.fail(error)

    def _away(self, shown: iw.Widget) -> None:
        self._running.children = [child for child in self._running.children if child is not shown]
