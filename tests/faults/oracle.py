#!/usr/bin/env python3
"""Counts serials where they must be, asking the database file and nothing of the product.

As a program: oracle.py DATABASE COUNT, when serials 1 to COUNT were sent; prints what is wrong."""

import re
import sqlite3
import sys

SERIAL = re.compile(rb"^X-Serial: (\d+)\r?$", re.M)


def as_lines(raw):
    return raw.replace(b"\r\n", b"\n")


def trace_removed(raw):
    """Without what Postfix puts in front."""
    return raw[raw.index(b"Authentication-Results:"):] if b"Authentication-Results:" in raw else raw


class Oracle:
    def __init__(self, database):
        self.db = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)

    def close(self):
        self.db.close()

    def _serials_of_raws(self):
        serials, bodies = {}, {}
        pieces = {}
        for raw, seq, piece in self.db.execute("SELECT raw, seq, bytes FROM raw_piece ORDER BY raw, seq"):
            pieces.setdefault(raw, []).append(piece)
        for raw, size in self.db.execute("SELECT id, size FROM raw"):
            body = b"".join(pieces.get(raw, []))
            found = SERIAL.search(body)
            serials[raw] = int(found[1]) if found and len(body) == size else None
            bodies[raw] = body
        return serials, bodies

    def faults(self, sent):
        """Sentences about mails of `sent` (serial: bytes, or None for "any bytes") that are lost,
        doubled or damaged, and about a database that is not sound."""
        wrong = []
        (sound,), = self.db.execute("PRAGMA integrity_check(1)")
        if sound != "ok":
            wrong.append(f"integrity_check: {sound}")
        for row in self.db.execute("PRAGMA foreign_key_check"):
            wrong.append(f"foreign_key_check: {row}")
        serials, bodies = self._serials_of_raws()
        messages, ledger = {}, {}
        for message, raw, ticket in self.db.execute("SELECT id, raw, ticket FROM message"):
            messages.setdefault(serials.get(raw), []).append((message, raw, ticket))
        for row, raw in self.db.execute(
                "SELECT id, raw FROM ledger WHERE verdict NOT IN ('duplicate', 'refused')"):
            ledger.setdefault(serials.get(raw), []).append(row)
        if None in messages or None in ledger:
            wrong.append(f"messages without a whole raw mail: {messages.get(None)}")
        for serial, mail in sent.items():
            found = messages.get(serial, [])
            if len(found) != 1:
                wrong.append(f"serial {serial}: {'lost' if not found else 'doubled'} "
                             f"({len(found)} messages)")
                continue
            if len(ledger.get(serial, [])) != 1:
                wrong.append(f"serial {serial}: {len(ledger.get(serial, []))} ledger rows")
            stored = trace_removed(as_lines(bodies[found[0][1]]))
            if mail is not None and stored.rstrip(b"\n") != as_lines(mail).rstrip(b"\n"):
                wrong.append(f"serial {serial}: damaged, {len(stored)} of {len(mail)} bytes")
        strangers = set(messages) - set(sent) - {None}
        if strangers:
            wrong.append(f"serials that nobody sent: {sorted(strangers)[:5]}")
        for queue, most, last, n in self.db.execute(
                "SELECT queue, max(number), last_number, count(*) FROM ticket "
                "JOIN queue ON queue.id = ticket.queue GROUP BY queue"):
            if not most == last == n:
                wrong.append(f"queue {queue}: {n} tickets, numbers up to {most}, counter {last}")
        return wrong

    def outgoing(self):
        """{Message-ID: state} of the outbox."""
        return dict(self.db.execute("SELECT message_id, state FROM outbox"))

    def unparsed(self):
        return self.db.execute("SELECT count(*) FROM ledger WHERE verdict = 'unparsed'").fetchone()[0]


if __name__ == "__main__":
    problems = Oracle(sys.argv[1]).faults({n: None for n in range(1, int(sys.argv[2]) + 1)})
    print("\n".join(problems[:20]))
    sys.exit(bool(problems))
