#!/usr/bin/env python3
"""Says what stands on stdin to a unix socket or a loopback port, and prints what is answered.

  lmtp.py SOCKET|PORT"""
import socket
import sys
import threading


def main():
    where = sys.argv[1]
    if where.isdigit():
        connection = socket.create_connection(("127.0.0.1", int(where)), timeout=120)
    else:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(120)
        connection.connect(where)

    def say():
        try:
            while block := sys.stdin.buffer.read1(65536):
                connection.sendall(block)
        except OSError:
            pass  # what was answered until then is printed

    threading.Thread(target=say, daemon=True).start()
    try:
        while block := connection.recv(65536):
            sys.stdout.write(block.decode("utf-8", "replace").replace("\r\n", "\n"))
            sys.stdout.flush()
    except ConnectionError:
        print("connection lost")


main()
