"""A private desk under test: its programs started with the shim, and the two front doors as the
mail system uses them."""

import os
import pwd
import signal
import socket
import subprocess
import time

PROGRAMS = ("mailwicket", "mailwicket-mda", "mailwicket-notifier")
CONFIG = """[site]
name = Support
domain = acme.example
base_url = https://desk.acme.example
language = fr
data_dir = {0}/data
key_file = {0}/key
[mail]
transport = {1}
tls = none
authserv_id = mx.example
[limits]
tickets_per_hour = 1000000
acknowledgements_per_hour = 1000
unproven_mails_per_ten_minutes = 100000
"""


class Desk:
    ADDRESS = "support@acme.example"

    def __init__(self, build, folder, shim, orders, transport=None):
        self.folder, self.shim, self.orders = folder, shim, orders
        self.server = self.notifier = None
        folder.mkdir(mode=0o755)
        (folder / "data").mkdir(mode=0o750)
        (folder / "bin").mkdir(mode=0o755)
        for program in PROGRAMS:
            subprocess.run(["install", "-m", "755", build / program, folder / "bin"], check=True)
        self.configure(transport or f"maildir:{folder}/out")
        # As root the programs run as nobody, as in life they have a user of their own.
        self.user = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            subprocess.run(["chown", "-R", f"{nobody.pw_uid}:{nobody.pw_gid}", folder], check=True)
        self.run("mailwicket", "init", check=True)
        self.run("mailwicket", "queue", "add", "support", "--address", self.ADDRESS,
                 "--prefix", "SUP", check=True)

    def configure(self, transport):
        (self.folder / "conf").write_text(CONFIG.format(self.folder, transport))

    @property
    def database(self):
        return self.folder / "data" / "mailwicket.db"

    def _environment(self, role):
        environment = dict(os.environ, MAILWICKET_CONFIG=str(self.folder / "conf"))
        if role:
            environment.update(LD_PRELOAD=str(self.shim), FAULT_STATE=str(self.orders.path),
                               FAULT_ROLE=role)
        return environment

    def run(self, program, *arguments, role=None, check=False, **options):
        done = subprocess.run([self.folder / "bin" / program, *arguments], capture_output=True,
                              env=self._environment(role), **self.user, **options)
        if check and done.returncode != 0:
            raise RuntimeError(f"{program} {arguments}: {done.returncode} {done.stderr.decode()}")
        return done

    # --- the pipe ---

    def pipe(self, mail, role="mda"):
        """Exit status as pipe(8) sees it; negative: the signal."""
        return self.run("mailwicket-mda", "--sender", "bounce@client.test", "--recipient",
                        self.ADDRESS, role=role, input=mail).returncode

    # --- the server ---

    def start(self, role="server"):
        self.server = subprocess.Popen(
            [self.folder / "bin" / "mailwicket-mda", "--lmtp"], env=self._environment(role),
            stdout=subprocess.DEVNULL, stderr=open(self.folder / "server.log", "ab"), **self.user)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.server.poll() is None:
            try:
                self.connect().close()
                return
            except OSError:
                time.sleep(0.005)
        raise RuntimeError("the server does not start: " +
                           (self.folder / "server.log").read_text()[-300:])

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.terminate()
        if self.server:
            self.server.wait(60)
        self.server = None

    def ensure(self, role="server"):
        """Starts it again if it is gone, as systemd would."""
        try:
            self.connect().close()
        except OSError:
            # Dead, though perhaps not yet known to be.
            if self.server:
                self.server.wait(20)
            self.start(role)

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(150)
        connection.connect(str(self.folder / "data" / "lmtp.sock"))
        return connection

    def parsers(self):
        """Pids of the server's parsers."""
        if not self.server or self.server.poll() is not None:
            return []
        try:
            with open(f"/proc/{self.server.pid}/task/{self.server.pid}/children") as children:
                found = children.read().split()
            for task in os.listdir(f"/proc/{self.server.pid}/task"):
                with open(f"/proc/{self.server.pid}/task/{task}/children") as children:
                    found += children.read().split()
            return [int(pid) for pid in set(found)]
        except OSError:
            return []

    # --- the notifier ---

    def drain(self, role="notifier"):
        return self.run("mailwicket-notifier", "--once", role=role).returncode

    def keep(self):
        """The notifier as it runs all the time."""
        self.notifier = subprocess.Popen(
            [self.folder / "bin" / "mailwicket-notifier"], env=self._environment(None),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.user)

    def end(self):
        for process in (self.server, self.notifier):
            if process and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
        self.server = self.notifier = None

    # --- what went out ---

    def maildir(self):
        """{Message-ID: [bytes, …]} of what was sent."""
        found = {}
        for path in (self.folder / "out" / "new").glob("*"):
            body = path.read_bytes()
            for line in body.split(b"\n"):
                if line.lower().startswith(b"message-id:"):
                    name = line.split(b":", 1)[1].strip().strip(b"<>").decode()
                    found.setdefault(name, []).append(body)
                    break
        return found


class Client:
    """One LMTP connection, kept; made again when it breaks."""

    def __init__(self, desk):
        self.desk, self.connection = desk, None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def _reply(self):
        while True:
            line = self.lines.readline()
            if not line:
                raise ConnectionError("closed")
            if line[3:4] != b"-":
                return line.decode()

    def _open(self):
        self.connection = self.desk.connect()
        self.lines = self.connection.makefile("rb")
        self._reply()
        self.connection.sendall(b"LHLO client.test\r\n")
        self._reply()

    def send(self, mail):
        """"250", "451", …; "lost" when the connection broke before the answer."""
        try:
            if not self.connection:
                self._open()
            stuffed = mail.replace(b"\n", b"\r\n").replace(b"\r\n.", b"\r\n..")
            if stuffed.startswith(b"."):
                stuffed = b"." + stuffed
            self.connection.sendall(
                f"MAIL FROM:<bounce@client.test>\r\nRCPT TO:<{self.desk.ADDRESS}>\r\nDATA\r\n".encode())
            for wanted in ("250", "250", "354"):
                answer = self._reply()
                if not answer.startswith(wanted):
                    self.close()
                    return answer[:3]
            self.connection.sendall(stuffed + b".\r\n")
            return self._reply()[:3]
        except OSError:
            self.close()
            return "lost"
