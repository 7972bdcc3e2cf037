#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""qmp.py SOCKET COMMAND...: have a QEMU do what the commands say, each a JSON object. A QEMU
that makes its socket still is waited for.

    {"execute": NAME, "arguments": {...}}   of QEMU's protocol (QMP)
    {"until": NAME, "status": WANTED}       repeat NAME until it returns that status

Status: 0, or 1 and a message where QEMU refuses one, is gone, or says that what is waited
for has failed.
"""

import json
import socket
import sys
import time


class QMP:
    """One connection to a QEMU"""

    def __init__(self, path):
        sock = socket.socket(socket.AF_UNIX)
        while sock.connect_ex(path):
            time.sleep(0.05)
        self.stream = sock.makefile("rw")
        self.answer()
        self.execute({"execute": "qmp_capabilities"})

    def answer(self):
        """Return: the next message that is not an event"""
        for line in self.stream:
            message = json.loads(line)
            if "event" not in message:
                return message
        sys.exit("qmp.py: QEMU has ended")

    def execute(self, command):
        """Return: what the command returns"""
        self.stream.write(json.dumps(command) + "\n")
        self.stream.flush()
        answer = self.answer()
        if "error" in answer:
            sys.exit(f"qmp.py: {command['execute']}: {answer['error']['desc']}")
        return answer["return"]

    def until(self, command):
        """Repeat a command until its status is as wanted"""
        while True:
            answer = self.execute({"execute": command["until"]})
            if answer.get("status") == command["status"]:
                return
            if answer.get("status") == "failed":
                sys.exit(f"qmp.py: {command['until']}: {answer.get('error-desc', 'failed')}")
            time.sleep(0.05)


def main():
    """Return: the status of the process"""
    if len(sys.argv) < 3:
        print(__doc__.split("\n", maxsplit=1)[0], file=sys.stderr)
        return 2
    commands = [json.loads(text) for text in sys.argv[2:]]
    qemu = QMP(sys.argv[1])
    for command in commands:
        if "until" in command:
            qemu.until(command)
        else:
            qemu.execute(command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
