"""What the preloaded shim is to do, and what it has counted: the other end of struct State."""

import mmap
import struct

WRITE, SYNC, RENAME, ANSWER, OPEN = range(1, 6)
KIND_NAMES = {WRITE: "write", SYNC: "sync", RENAME: "rename", ANSWER: "answer", OPEN: "open"}
KILL_BEFORE, KILL_AFTER = -1, -2
FIELDS = ("kind", "step", "act", "fired", "clock", "lasting")


class Orders:
    def __init__(self, path):
        self.path = path
        size = 8 * (len(FIELDS) + 6)
        with open(path, "wb") as file:
            file.write(bytes(size))
        path.chmod(0o666)
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), size)
        self.hits = 0

    def _put(self, place, value):
        self.map[8 * place:8 * place + 8] = struct.pack("<q", value)

    def _get(self, place):
        return struct.unpack("<q", self.map[8 * place:8 * place + 8])[0]

    def clear(self):
        """Nothing is to happen; counting begins anew. The clock stays as it is. `hits` keeps how
        often something did since the last `give`."""
        self.hits += self.fired
        for name in ("act", "kind", "step", "fired", "lasting"):
            self._put(FIELDS.index(name), 0)
        for kind in KIND_NAMES:
            self._put(len(FIELDS) + kind, 0)

    def give(self, kind, step, act, lasting=False):
        self.clear()
        self.hits = 0
        self._put(FIELDS.index("kind"), kind)
        self._put(FIELDS.index("step"), step)
        self._put(FIELDS.index("lasting"), int(lasting))
        self._put(FIELDS.index("act"), act)

    @property
    def fired(self):
        return self._get(FIELDS.index("fired"))

    def count(self, kind):
        return self._get(len(FIELDS) + kind)

    def set_clock(self, seconds):
        """How far the programs' clock is from the machine's."""
        self._put(FIELDS.index("clock"), seconds)
