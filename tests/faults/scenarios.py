"""Faults, each kind at each step. A scenario delivers mails while something goes wrong, plays the
mail system that keeps what was not taken and sends it again, and lets the oracle count.

Nothing but "taken", "not now" and a death may be the answer to a fault: what Postfix would bounce
is a failure."""

import errno
import fcntl
import os
import random
import signal
import subprocess
import threading
import time

from desk import Client, Desk
from letters import Letters
from oracle import Oracle
from orders import ANSWER, KILL_AFTER, KILL_BEFORE, KIND_NAMES, OPEN, RENAME, SYNC, WRITE

TEN_YEARS = 10 * 365 * 86400
ACT_NAMES = {KILL_BEFORE: "killed before", KILL_AFTER: "killed after"}


def act_name(act):
    return ACT_NAMES.get(act) or errno.errorcode[act]


class Run:
    """One scenario on a desk of its own."""

    def __init__(self, harness, name, **options):
        self.harness, self.name = harness, name
        self.orders = harness.orders
        self.orders.clear()
        self.orders.set_clock(0)
        self.desk = Desk(harness.build, harness.folder / name, harness.shim, harness.orders, **options)
        self.letters = Letters(Desk.ADDRESS, seed=len(name))
        self.bounced = []
        self.faults = 0

    # --- the mail system ---

    def pipe(self, mail):
        """True if it was taken."""
        status = self.desk.pipe(mail)
        if status > 0 and status != 75:
            self.bounced.append(f"exit status {status}")
        return status == 0

    def send_all(self, mails):
        """Each on a connection of its own, at once; those that were not taken. `answers` then has
        what was said."""
        answers = [None] * len(mails)

        def one(i):
            client = Client(self.desk)
            answers[i] = client.send(mails[i])
            client.close()

        threads = [threading.Thread(target=one, args=(i,)) for i in range(len(mails))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.bounced += [a for a in answers if a.startswith("5")]
        self.answers = answers
        return [mail for mail, answer in zip(mails, answers) if answer != "250"]

    def again(self, mails):
        """Delivers what is still there; a desk without faults must take it at once."""
        self.orders.clear()
        left = mails
        if self.desk.server is None:
            left = [mail for mail in mails if not self.pipe(mail)]
        elif mails:
            self.desk.ensure()
            left = self.send_all(mails)
            # One that was just dying may still have let us in.
            if "lost" in self.answers:
                self.desk.ensure()
                left = self.send_all(left)
        if left:
            self.bounced.append(f"{len(left)} mails not taken though the fault was over")

    # --- the end ---

    def judge(self, extra=()):
        self.orders.clear()
        self.desk.end()
        oracle = Oracle(self.desk.database)
        wrong = self.bounced + list(extra) + oracle.faults(self.letters.sent)
        oracle.close()
        self.harness.tell(self.name, wrong, len(self.letters.sent), self.faults)


def steps(run, kind, act, most):
    """Steps 1, 2, … at which the fault is to happen, until it no longer does; `most` of them,
    spread by leaving out some where there would be more."""
    step, idle, stride = 1, 0, 1
    while idle < 2 and step <= 4000:
        run.orders.give(kind, step, act)
        yield step
        run.orders.clear()
        run.faults += run.orders.hits > 0
        idle = 0 if run.orders.hits else idle + 1
        if most and step >= most:
            stride = max(stride, step // most)
        step += stride


# --- a process a mail ------------------------------------------------------------------------------


def pipe_kills(harness):
    run = Run(harness, "pipe-killed")
    for kind in (OPEN, WRITE, SYNC, ANSWER) * harness.pick(1, 2):
        for act in (KILL_BEFORE, KILL_AFTER):
            for _ in steps(run, kind, act, harness.pick(6, 1000)):
                mail = run.letters.plain()
                if not run.pipe(mail):
                    run.again([mail])
    run.judge()


def pipe_errors(harness):
    run = Run(harness, "pipe-errors")
    for kind, act in ((WRITE, errno.ENOSPC), (WRITE, errno.EIO), (SYNC, errno.EIO), (OPEN, errno.EMFILE),
                      (OPEN, errno.EROFS), (WRITE, errno.EROFS)) * harness.pick(1, 2):
        for _ in steps(run, kind, act, harness.pick(5, 1000)):
            mail = run.letters.plain()
            if not run.pipe(mail):
                run.again([mail])
    run.judge()


def parser_kills(harness):
    """Parsers die, once and again and again; the mail is there all the same."""
    run = Run(harness, "parser-killed")
    for lasting in (False, True):
        for step in range(1, harness.pick(3, 12)):
            run.orders.give(WRITE, step, KILL_BEFORE, lasting=lasting)
            mail = run.letters.plain(2000)
            if run.desk.pipe(mail, role="parser") != 0:
                run.bounced.append("a mail whose parser died was not taken")
            run.orders.clear()
            run.faults += run.orders.hits > 0
    run.judge()


# --- the server --------------------------------------------------------------------------------------


def server_kills(harness):
    run = Run(harness, "server-killed")
    run.desk.start()
    run.desk.keep()
    for kind in (WRITE, SYNC, ANSWER, OPEN) * harness.pick(1, 10):
        for act in (KILL_BEFORE, KILL_AFTER):
            for _ in steps(run, kind, act, harness.pick(6, 60)):
                run.again(run.send_all([run.letters.plain() for _ in range(harness.pick(4, 8))]))
    run.judge()


def server_errors(harness):
    """The server goes on after each, without being started anew."""
    run = Run(harness, "server-errors")
    run.desk.start()
    run.desk.keep()
    server = run.desk.server.pid
    for kind, act in ((WRITE, errno.ENOSPC), (WRITE, errno.EIO), (SYNC, errno.EIO),
                      (OPEN, errno.EMFILE), (WRITE, errno.EROFS)) * harness.pick(1, 10):
        for _ in steps(run, kind, act, harness.pick(5, 60)):
            run.again(run.send_all([run.letters.plain() for _ in range(harness.pick(4, 8))]))
    # A disk that stays broken for a while.
    for kind, act in ((SYNC, errno.EIO), (WRITE, errno.ENOSPC), (OPEN, errno.EMFILE)):
        run.orders.give(kind, 1, act, lasting=True)
        mended = threading.Timer(1, run.orders.clear)
        mended.start()
        left = run.send_all([run.letters.plain() for _ in range(8)])
        mended.join()
        run.faults += run.orders.hits > 0
        run.again(left)
    alive = run.desk.server.pid == server and run.desk.server.poll() is None
    run.judge([] if alive else ["the server did not live through it"])


def server_parsers(harness):
    run = Run(harness, "server-parsers-killed")
    run.desk.start(role="parser")
    for step in range(1, harness.pick(4, 30)):
        run.orders.give(WRITE, step, KILL_BEFORE)
        left = run.send_all([run.letters.plain(2000) for _ in range(4)])
        run.orders.clear()
        run.faults += run.orders.hits > 0
        if left:
            run.bounced.append("a mail whose parser died was not taken")
    oracle = Oracle(run.desk.database)
    once = oracle.unparsed()
    oracle.close()
    # Each parser dies at once: kept unparsed.
    run.orders.give(WRITE, 1, KILL_BEFORE, lasting=True)
    if run.send_all([run.letters.plain(2000) for _ in range(4)]):
        run.bounced.append("mails whose parsers died twice were not taken")
    run.judge([f"{once} mails unparsed though only one parser died of each"] if once else [])


# --- the notifier --------------------------------------------------------------------------------------


def sent_once(run):
    """What went out: each row of the outbox once, or the same bytes again after a death."""
    oracle = Oracle(run.desk.database)
    rows, maildir = oracle.outgoing(), run.desk.maildir()
    oracle.close()
    wrong = [f"outbox: {state} {name}" for name, state in rows.items() if state != "sent"]
    wrong += [f"never sent: {name}" for name in rows if name not in maildir]
    wrong += [f"sent though in no outbox: {name}" for name in maildir if name not in rows]
    wrong += [f"two mails with one Message-ID: {name}" for name, bodies in maildir.items()
              if len(set(bodies)) > 1]
    return wrong, sum(len(bodies) - 1 for bodies in maildir.values())


def notifier_kills(harness):
    run = Run(harness, "notifier-killed")
    for kind in (WRITE, SYNC, RENAME):
        for act in (KILL_BEFORE, KILL_AFTER, errno.EIO, errno.ENOSPC):
            for _ in steps(run, kind, act, harness.pick(4, 60)):
                mail = run.letters.plain(500)
                if not run.desk.pipe(mail, role=None) == 0:
                    run.bounced.append("not taken")
                run.desk.drain()
            run.orders.clear()
            # What an error put off is due later.
            run.orders.set_clock(86400)
            run.desk.drain()
            run.orders.set_clock(0)
    wrong, again = sent_once(run)
    harness.note(f"{again} mails went out twice, each with the bytes and the Message-ID of the first time")
    run.judge(wrong)


def checkpoint_kills(harness):
    run = Run(harness, "checkpoint-killed")
    for kind in (SYNC, WRITE):
        for act in (KILL_BEFORE, KILL_AFTER, errno.EIO):
            for step in harness.pick((1, 3), (1, 2, 3, 4, 10, 50, 200, 1000, 2000, 4000)):
                mail = run.letters.plain(17_000_000)
                if run.desk.pipe(mail, role=None) != 0:
                    run.bounced.append("not taken")
                run.orders.give(kind, step, act)
                run.desk.drain()
                run.orders.clear()
                run.faults += run.orders.hits > 0
                small = run.letters.plain()
                if run.desk.pipe(small, role=None) != 0:
                    run.bounced.append("not taken after a checkpoint that failed")
    run.desk.drain()
    run.judge()


# --- the machine -----------------------------------------------------------------------------------------


def held_lock(harness):
    """Another process holds the write lock."""
    run = Run(harness, "lock-held")
    run.desk.start()
    for seconds in harness.pick((0.2, 1), (0, 1, 29, 31, 65, 120)):
        with open(run.desk.folder / "data" / "lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            mails = [run.letters.plain(800) for _ in range(4)]
            left = []
            sender = threading.Thread(target=lambda: left.extend(run.send_all(mails)))
            sender.start()
            time.sleep(seconds)
            fcntl.flock(lock, fcntl.LOCK_UN)
        sender.join()
        run.faults += 1
        run.again(left)
    run.judge()


def full_disk(harness):
    """A small file system, filled but for a little more each time."""
    run = Run(harness, "disk-full")
    data = run.desk.folder / "data"
    keep = run.desk.folder / "keep"
    if os.getuid() != 0:
        harness.skip("disk-full", "needs root")
        return
    subprocess.run(["cp", "-a", data, keep], check=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=750", "faults", data],
                             capture_output=True)
    if mounted.returncode != 0:
        harness.skip("disk-full", "cannot mount a tmpfs")
        return
    try:
        subprocess.run(["cp", "-a", f"{keep}/.", data], check=True)
        subprocess.run(["chown", "--reference", keep, data], check=True)
        run.desk.start()
        for spare in range(0, 600, harness.pick(120, 12)):
            stat = os.statvfs(data)
            filler = data / "filler"
            with open(filler, "wb") as file:
                file.write(bytes(max(0, stat.f_bavail * stat.f_frsize - spare * 1024)))
            left = run.send_all([run.letters.plain(random.choice((800, 3000, 20000))) for _ in range(3)])
            run.faults += len(left)
            filler.unlink()
            run.again(left)
        run.judge()
    finally:
        run.desk.end()
        subprocess.run(["umount", data], check=True)


def stepping_clock(harness):
    """Ten years on, ten years back, amid deliveries and while notifications wait."""
    run = Run(harness, "clock-steps")
    run.desk.start()
    for clock in (TEN_YEARS, 0, -TEN_YEARS, 0, TEN_YEARS, -TEN_YEARS, 0):
        run.orders.set_clock(clock)
        run.again(run.send_all([run.letters.plain(500) for _ in range(3)]))
        run.faults += 1
    run.orders.set_clock(0)
    run.desk.drain()
    wrong, _ = sent_once(run)
    run.judge(wrong)


def unkind_peers(harness):
    """A mail server that breaks off, says no for now, or takes a mail and does not say so."""
    run = Run(harness, "unkind-peers")
    folder = run.desk.folder / "peer"
    folder.mkdir()
    port = harness.free_port()
    (folder / "plan").write_text("accept")
    peer = subprocess.Popen(["python3", harness.tests / "lib" / "smtppeer.py", str(port), folder],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    day, clock = 86400, 0
    try:
        run.desk.configure(f"smtp://127.0.0.1:{port}")
        harness.wait_for_port(port)
        for plan in ("greet421", "rcpt451", "data451", "dropdot", "dropdata") * harness.pick(1, 8):
            (folder / "plan").write_text(plan)
            for _ in range(2):
                if run.desk.pipe(run.letters.plain(500), role="notifier") != 0:
                    run.bounced.append("not taken")
            run.desk.drain()
            run.faults += 1
            (folder / "plan").write_text("accept")
            # Tries are hours apart; their order is not for ever.
            for _ in range(2):
                clock += day
                run.orders.set_clock(clock)
                run.desk.drain()
        oracle = Oracle(run.desk.database)
        rows = oracle.outgoing()
        oracle.close()
        taken = {}
        for path in folder.glob("*.eml"):
            body = path.read_bytes()
            name = next(line.split(b":", 1)[1].strip().strip(b"<>").decode()
                        for line in body.split(b"\n") if line.lower().startswith(b"message-id:"))
            taken.setdefault(name, set()).add(body)
        wrong = [f"outbox: {state} {name}" for name, state in rows.items() if state != "sent"]
        wrong += [f"the peer never got {name}" for name in rows if name not in taken]
        wrong += [f"two mails with one Message-ID {name}" for name in taken if len(taken[name]) > 1]
        run.judge(wrong)
    finally:
        peer.terminate()
        peer.wait()


# --- all at once ---------------------------------------------------------------------------------------


def storm(harness):
    """Many connections, doubles, hostile mails, and any process killed at any time."""
    run = Run(harness, "storm")
    run.desk.start(role=None)
    run.desk.keep()
    total = harness.pick(400, 10_000)
    queue = []
    for i in range(total):
        mail = run.letters.hostile() if i % 20 == 7 else run.letters.plain()
        queue += [mail] * (2 if i % 10 == 3 else 1)
    random.Random(7).shuffle(queue)
    lock, stopping = threading.Lock(), threading.Event()
    latencies = []

    def deliver():
        client = Client(run.desk)
        while True:
            with lock:
                if not queue:
                    break
                mail = queue.pop()
            began = time.monotonic()
            answer = client.send(mail)
            if answer == "250":
                latencies.append(time.monotonic() - began)
                continue
            with lock:
                queue.insert(0, mail)
                if answer.startswith("5"):
                    run.bounced.append(answer)
            if answer == "lost":
                time.sleep(0.05)
        client.close()

    def kill():
        chance = random.Random(3)
        while not stopping.wait(harness.pick(0.3, 0.5)):
            victims = [run.desk.server.pid, run.desk.notifier.pid] + run.desk.parsers()
            try:
                os.kill(chance.choice(victims), signal.SIGKILL)
                run.faults += 1
            except OSError:
                pass

    def supervise():
        while not stopping.wait(0.02):
            run.desk.ensure(role=None)
            if run.desk.notifier.poll() is not None:
                run.desk.keep()

    began = time.monotonic()
    helpers = [threading.Thread(target=f) for f in (kill, supervise)]
    senders = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in helpers + senders:
        thread.start()
    for thread in senders:
        thread.join()
    took = time.monotonic() - began
    stopping.set()
    for thread in helpers:
        thread.join()
    run.desk.ensure(role=None)
    run.desk.end()
    run.desk.drain(role=None)
    wrong, _ = sent_once(run)
    latencies.sort()
    harness.note(f"storm: {len(latencies) / took:.0f} deliveries/s, p99 "
                 f"{latencies[int(len(latencies) * 0.99)] * 1000:.0f} ms, {run.faults} kills")
    run.judge(wrong)


ALL = (pipe_kills, pipe_errors, parser_kills, server_kills, server_errors, server_parsers, notifier_kills,
       checkpoint_kills, held_lock, full_disk, stepping_clock, unkind_peers, storm)
