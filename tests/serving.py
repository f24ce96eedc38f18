"""What the tests of the pages share: an archive, and `onrecord serve` over it."""
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess

from tap import RELEASE, ROOT, run


class Server:
    """`onrecord serve` at a port of its own choice; `path` is the archive."""

    def __init__(self, path, program=RELEASE):
        self.process = subprocess.Popen([program, "serve", path, "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.url = self.process.stdout.readline().decode().strip()
        self.port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", self.url)[1])
        self.host = "127.0.0.1:%d" % self.port

    def end(self, how=signal.SIGTERM):
        """End it; (status, its messages)."""
        self.process.send_signal(how)
        _, messages = self.process.communicate(timeout=60)
        return self.process.returncode, messages.decode("utf-8", "replace")

    def ask(self, target, method="GET", headers=None, body=None):
        """(status, headers, body); headers may give another Host."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": self.host, **(headers or {})}.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            reply = connection.getresponse()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()

    def send(self, data, limit=1 << 20):
        """Bytes as they are; what comes back until the end, or nothing."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            got = b""
            with contextlib.suppress(OSError):
                line.sendall(data)
                line.shutdown(socket.SHUT_WR)
                while len(got) < limit:
                    part = line.recv(65536)
                    if not part:
                        break
                    got += part
            return got


@contextlib.contextmanager
def serving(path, program=RELEASE):
    server = Server(path, program)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def store(path, articles, folder):
    """Articles, as records or as graphs, into an archive."""
    source = os.path.join(folder, os.path.basename(path) + ".jsonl")
    with open(source, "w", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps(article) + "\n")
    status, _, messages = run([RELEASE, "store", "-q", path, source], limit=300)
    assert status == 0, messages
