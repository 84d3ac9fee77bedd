"""A file that is watched is taken once it has come to rest, however it is saved, and told to be unusable once it stays.

Nothing here waits: what an editor does is written down beforehand, second by second, and a clock is moved along it.
"""

import pytest

from scripts.verbs.saves import PATIENCE, REST, Content, saves

# What a file holds. What ends with a full stop can be used, so half a file can be as well.
OLD, NEW, NEWER = b"One.", b"One. Two.", b"One. Two. Three."
EMPTY, HALF, CUT = b"", b"On.", b"One. Tw"
GONE, LOCKED, FOLDER = "is gone", "cannot be read: Permission denied", "cannot be read: Is a directory"

RUN = 0.7  # seconds that it takes to use a file
RESTLESS = {0.9 + number / 50: b"%d." % number for number in range(105)}

Told = Content | None

# By way to save: what the file holds from which second on, and what is told of it: the content that was used, the one
# that could not be, or None where it is again the one that was used last.
WAYS: dict[str, tuple[dict[float, Content], list[Told]]] = {
    "truncate and write": ({0.9: EMPTY, 0.91: NEW}, [NEW]),
    "truncate, and write when the system has time": ({0.9: EMPTY, 1.7: NEW}, [NEW]),
    "write in pieces": ({0.9: EMPTY, 0.91: HALF, 0.93: CUT, 0.95: NEW}, [NEW]),
    "rename over": ({0.9: NEW}, [NEW]),
    "rename away and write anew": ({0.9: GONE, 0.92: EMPTY, 0.93: HALF, 0.95: NEW}, [NEW]),
    "rename away and back": ({0.9: GONE, 1.3: OLD}, []),
    "delete and create": ({0.9: GONE, 1.7: EMPTY, 1.71: HALF, 1.73: NEW}, [NEW]),
    "touch": ({0.9: OLD}, []),
    "truncate and write the same": ({0.9: EMPTY, 0.91: OLD}, []),
    "save again and again, and then no more": ({**RESTLESS, 3: NEW}, [NEW]),
    "save, and save once more": ({0.9: NEW, 5: NEWER}, [NEW, NEWER]),
    "save twice within the run of another save": ({0.9: NEW, 1.2: HALF, 1.4: NEWER}, [NEW, NEWER]),
    "save and undo within the run of another save": ({0.9: NEW, 1.2: HALF, 1.4: NEW}, [NEW]),
    "save within the run of another save, in pieces": ({0.9: NEW, 1.5: EMPTY, 1.9: NEWER}, [NEW, NEWER]),
    "save what cannot be used": ({0.9: CUT}, [CUT]),
    "save what cannot be used, and touch it": ({0.9: CUT, 5: CUT, 9: CUT}, [CUT]),
    "save what cannot be used, and the same once more": ({0.9: CUT, 5: EMPTY, 5.1: CUT}, [CUT]),
    "save what cannot be used, and something else": ({0.9: CUT, 5: EMPTY}, [CUT, EMPTY]),
    "save what cannot be used, and mend it": ({0.9: CUT, 5: NEW}, [CUT, NEW]),
    "save what cannot be used, and mend it at once": ({0.9: CUT, 1.7: NEW}, [NEW]),
    "save what cannot be used, and undo it": ({0.9: CUT, 5: OLD}, [CUT, None]),
    "save what cannot be used, and undo it at once": ({0.9: CUT, 1.7: OLD}, []),
    "save, spoil and undo it": ({0.9: NEW, 5: CUT, 9: NEW}, [NEW, CUT, None]),
    "delete": ({0.9: GONE}, [GONE]),
    "delete, and put back": ({0.9: GONE, 5: OLD}, [GONE, None]),
    "delete, and create in time": ({0.9: GONE, 5: NEW}, [GONE, NEW]),
    "lock": ({0.9: LOCKED, 5: NEW}, [LOCKED, NEW]),
    "put a folder in its place": ({0.9: GONE, 0.91: FOLDER, 5: NEW}, [FOLDER, NEW]),
}


class UnusableError(Exception):
    """A content that cannot be used."""

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self.content = content


class OverError(Exception):
    """Nothing more happens."""


class Desk:
    """A file that is saved at set seconds, by a clock that goes on where somebody waits or uses the file."""

    def __init__(self, timeline: dict[float, Content], *, wakes: bool) -> None:
        self.clock = 0.0
        self.taken: list[tuple[float, Content]] = []
        self._timeline = timeline
        self._wakes = wakes

    def look(self) -> Content:
        """What the file holds now."""
        return next((content for time, content in reversed(self._timeline.items()) if time <= self.clock), OLD)

    def wait(self, seconds: float) -> None:
        """Move the clock on, to the next thing that happens at most where the folder wakes who waits."""
        if self.clock > max(self._timeline) + 4:
            raise OverError
        until = self.clock + max(seconds, 0.001)  # a wait takes its time, however short it is
        self.clock = min([until, *(time for time in self._timeline if self._wakes and time > self.clock)])

    def take(self, content: Content) -> Content | UnusableError:
        """Use the file, which takes a while."""
        self.taken.append((self.clock, content))
        if isinstance(content, bytes) and content.endswith(b"."):
            self.clock += RUN
            return content
        return UnusableError(content)

    def told(self) -> list[object]:
        """All that is told until nothing more happens."""
        told: list[object] = []
        outcomes = saves(OLD, self.take, look=self.look, wait=self.wait, now=lambda: self.clock)
        with pytest.raises(OverError):
            for outcome in outcomes:
                told.append(outcome.content if isinstance(outcome, UnusableError) else outcome)
        return told


@pytest.mark.parametrize("wakes", [True, False], ids=["woken", "by itself"])
@pytest.mark.parametrize(("timeline", "told"), WAYS.values(), ids=WAYS)
def test_each_way_to_save_is_one_save(timeline: dict[float, Content], told: list[Told], wakes: bool) -> None:
    """What has come to rest is told, once, and nothing that lay between; also where a folder wakes nobody."""
    assert Desk(timeline, wakes=wakes).told() == told


@pytest.mark.parametrize("before", [EMPTY, CUT, GONE])
@pytest.mark.parametrize("seconds", [0.02, 0.7], ids=["at once", "later"])
def test_save_is_taken_as_soon_as_it_rests(before: Content, seconds: float) -> None:
    """What can be used is taken without patience, whatever lay there before and for how long."""
    desk = Desk({0.3: before, 0.3 + seconds: NEW}, wakes=True)
    desk.told()
    time, content = desk.taken[-1]
    assert (round(time, 3), content) == (round(0.3 + seconds + REST, 3), NEW)


def test_what_cannot_be_used_is_tried_once() -> None:
    """However often something happens around a file, the same content is not judged again."""
    desk = Desk({0.3 + number / 100: CUT for number in range(300)}, wakes=True)
    assert desk.told() == [CUT]
    assert [content for _, content in desk.taken] == [CUT]


def test_what_cannot_be_used_is_told_once_it_stays() -> None:
    """Patience begins when a file has come to rest, and ends when something else is there."""
    for seconds, told in ((PATIENCE, [NEW]), (PATIENCE + 2 * REST, [CUT, NEW])):
        assert Desk({0.3: CUT, 0.3 + seconds: NEW}, wakes=True).told() == told
