#!/usr/bin/env python3
"""weigh.py SECONDS MEGABYTES COMMAND… -- FILE…: runs the command on each file alone, and prints
the name, seconds and megabytes of each that takes more, or for which the command fails. Both are
those of all its processes together, and the seconds are of processor time, which does not depend
on what else the machine does. With VERBOSE=1 the others are printed too.
"""
import os
import subprocess
import sys
import threading


def processes(pid):
    """It and its descendants."""
    found = [pid]
    for parent in found:
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children") as children:
                    found += map(int, children.read().split())
        except OSError:
            pass
    return found


def resident(pid):
    try:
        with open(f"/proc/{pid}/statm") as words:
            return int(words.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def weigh(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    ended = threading.Event()

    def watch():
        nonlocal peak
        while not ended.wait(0.002):
            peak = max(peak, sum(map(resident, processes(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    seconds = used.ru_utime + used.ru_stime
    ended.set()
    watcher.join()
    return status, seconds, peak / 2**20


def main():
    seconds_max, megabytes_max = float(sys.argv[1]), float(sys.argv[2])
    split = sys.argv.index("--")
    for file in sys.argv[split + 1:]:
        status, seconds, megabytes = weigh(sys.argv[3:split] + [file])
        fine = status == 0 and seconds <= seconds_max and megabytes <= megabytes_max
        if not fine or os.environ.get("VERBOSE"):
            print(f"{os.path.basename(file)} {seconds:.2f} s {megabytes:.0f} MB status {status}")


main()
