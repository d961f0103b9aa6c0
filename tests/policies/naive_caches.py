"""The same rules once more, as literally and as slowly as they are stated; for comparison only.

A prompt is a tuple of (text, tokens) parts here: prefixes are slices, nothing is hashed.
"""

from __future__ import annotations

from collections import deque


class NaiveBreakpoints:
    """Entries at marks; the longest live entry within any mark's window is read."""

    def __init__(self, *, ttl, minimum, most, window, refreshed, readable_after):  # noqa: PLR0913 - knobs
        self.default_ttl, self.minimum, self.most = ttl, minimum, most
        self.window, self.refreshed, self.readable_after = window, refreshed, readable_after
        self.entries = {}

    def serve(self, now, prompt, marks):
        """Return (read, uncached, written by lifetime) for marks at (depth, lifetime or None)."""
        marks = [(depth, ttl or self.default_ttl) for depth, ttl in marks][-self.most :]
        alive = [
            depth
            for depth in range(1, len(prompt) + 1)
            if self.lives(prompt[:depth], now)
            and any(mark - self.window < depth <= mark for mark, _ in marks)
        ]
        hit = max(alive, default=0)
        useful = [(d, ttl) for d, ttl in marks if tokens(prompt[:d]) >= self.minimum]
        written, done = {}, hit
        for depth, ttl in useful:
            if depth > hit:
                size = tokens(prompt[done:depth])
                written[ttl] = written.get(ttl, 0) + size
                done = depth
        self.touch(now, prompt, hit, useful)
        written = {ttl: size for ttl, size in written.items() if size}
        return tokens(prompt[:hit]), tokens(prompt[done:]), written

    def lives(self, prefix, now):
        entry = self.entries.get(prefix)
        return entry is not None and entry["readable"] <= now <= entry["expires"]

    def touch(self, now, prompt, hit, marks):
        for depth in {hit, *(d for d, _ in marks if d < hit)} - {0}:
            entry = self.entries.get(prompt[:depth])
            if self.refreshed and entry is not None and entry["expires"] >= now:
                entry["expires"] = now + entry["ttl"]
        for depth, ttl in marks:
            if depth > hit:
                self.write(now, prompt[:depth], ttl)

    def write(self, now, prefix, ttl):
        entry = self.entries.get(prefix)
        if entry is None or entry["expires"] < now:
            readable = now + self.readable_after
            self.entries[prefix] = {"readable": readable, "expires": now + ttl, "ttl": ttl}
        elif self.refreshed:
            entry["expires"] = max(entry["expires"], now + ttl)


class NaiveIncrements:
    """Every prefix kept with its last use and its birth; usable with all shorter ones."""

    def __init__(self, *, minimum, step, idle, age, readable_after):
        self.minimum, self.step, self.idle = minimum, step, idle
        self.age, self.readable_after = age, readable_after
        self.kept = {}

    def serve(self, now, prompt):
        """Return the tokens read."""
        usable = 0
        while usable < len(prompt) and self.can_read(prompt[: usable + 1], now):
            usable += 1
        for depth in range(1, len(prompt) + 1):
            if tokens(prompt) >= self.minimum:
                born, _ = self.kept.get(prompt[:depth], (now, now))
                born = born if self.lives(prompt[:depth], now) else now
                self.kept[prompt[:depth]] = (born, now)
        read = tokens(prompt[:usable]) // self.step * self.step
        return read if read >= self.minimum else 0

    def lives(self, prefix, now):
        if prefix not in self.kept:
            return False
        born, used = self.kept[prefix]
        return now <= used + self.idle and (self.age is None or now <= born + self.age)

    def can_read(self, prefix, now):
        return self.lives(prefix, now) and self.kept[prefix][0] + self.readable_after <= now


class NaivePool:
    """Every block an object in one free queue."""

    def __init__(self, blocks, size):
        self.size = size
        self.queue = deque(range(blocks))
        self.content = {}
        self.holders = {}

    def serve(self, prompt):
        """Return the tokens read; None when the request is refused."""
        total = tokens(prompt)
        needed = -(-total // self.size)
        if needed > len(self.queue):
            return None
        names = [content(prompt, number, self.size) for number in range(total // self.size)]
        hits = []
        for name in names[: max(total - 1, 0) // self.size]:
            if not self.holders.get(name):
                break
            hits.append(self.holders[name][-1])
        for block in hits:
            self.queue.remove(block)
        fresh = [self.take() for _ in range(needed - len(hits))]
        blocks = hits + fresh
        for block, name in zip(blocks[len(hits) :], names[len(hits) :], strict=False):
            self.content[block] = name
            self.holders.setdefault(name, []).append(block)
        self.queue.extendleft(blocks[len(names) :])
        self.queue.extend(reversed(blocks[: len(names)]))
        return len(hits) * self.size

    def take(self):
        block = self.queue.popleft()
        name = self.content.pop(block, None)
        if name is not None:
            self.holders[name].remove(block)
        return block


def content(prompt, number, size):
    """Return what decides a block: the prompt up to the part with the block's last token."""
    end = (number + 1) * size
    depth = next(d for d in range(1, len(prompt) + 1) if tokens(prompt[:d]) >= end)
    return prompt[:depth], number


def tokens(parts):
    return sum(size for _, size in parts)
