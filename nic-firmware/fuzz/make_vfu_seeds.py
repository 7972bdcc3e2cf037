#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the kept corpus of fuzz_vfu: make_vfu_seeds.py [DIRECTORY]

Each seed is a script of a client, as fuzz_vfu.c describes it, in hexadecimal:
what QEMU says when it plugs the NIC in, what a driver does at probe, and the
ways to go wrong that a fuzzer would take long to find by itself.
"""

import struct
import sys
from pathlib import Path

MESSAGE, RAW, RECONNECT, TRUNCATE, MEMORY, READY = range(6)
GUEST, EVENT, NULL, SHORT = range(4)

VERSION, DMA_MAP, DMA_UNMAP, INFO, REGION_INFO, _, IRQ_INFO, SET_IRQS, READ, \
    WRITE, _, _, RESET, _, MULTI = range(1, 16)

POSTED = 0x10
MGMT, REGISTERS = 0x100000, 0x101000


def message(cmd, body=b"", flags=0, fds=0, kind=GUEST):
    return struct.pack(">BBBBH", MESSAGE, cmd, flags, kind << 4 | fds,
                       len(body)) + body


def raw(data):
    return struct.pack(">BH", RAW, len(data)) + data


def memory(page, data):
    return bytes([MEMORY, page, len(data)]) + data


def version(text, major=0):
    return message(VERSION, struct.pack("<HH", major, 0) + text)


def dma_map(iova, size, offset=0, prot=3, fds=1, kind=GUEST):
    return message(DMA_MAP, struct.pack("<IIQQQ", 32, prot, offset, iova,
                                        size), fds=fds, kind=kind)


def dma_unmap(iova, size, flags=0):
    return message(DMA_UNMAP, struct.pack("<IIQQ", 24, flags, iova, size))


def set_irqs(flags, start, count, fds=0, kind=EVENT, index=2, data=b""):
    return message(SET_IRQS, struct.pack("<IIIII", 20, flags, index, start,
                                         count) + data, fds=fds, kind=kind)


def read(region, offset, count):
    return message(READ, struct.pack("<QII", offset, region, count))


def write(region, offset, data, flags=0):
    return message(WRITE, struct.pack("<QII", offset, region, len(data)) +
                   data, flags=flags)


def store(offset, value):
    return write(0, offset, struct.pack("<I", value), POSTED)


def multi(writes, count=None):
    body = struct.pack("<Q", len(writes) if count is None else count)
    for offset, region, size, value in writes:
        body += struct.pack("<QIIQ", offset, region, size, value)
    return message(MULTI, body, POSTED)


QEMU = (b'{"capabilities": {"pgsizes": 4096, "max_msg_fds": 16, '
        b'"max_dma_maps": 65535, "max_data_xfer_size": 1048576, '
        b'"migration": {"max_bitmap_size": 268435456, "pgsize": 4096}, '
        b'"write_multiple": true}}\0')

READY_NOW = bytes([READY])
IRQS = set_irqs(0x24, 0, 2, fds=2)
ENABLE = [store(MGMT + 0x80, 0x2000), store(MGMT + 0x84, 0),
          store(MGMT + 0x88, 0x3000), store(MGMT + 0x8c, 0),
          store(MGMT + 0x90, 16), store(MGMT, 1)]

SEEDS = {
    "plug": [
        b"\0", version(QEMU), dma_map(0, 0x40000),
        dma_map(0xfffc0000, 0x40000, prot=1, fds=0),
        message(INFO, struct.pack("<IIII", 16, 0, 0, 0)),
        *[message(REGION_INFO, struct.pack("<IIIIQQ", 32, 0, i, 0, 0, 0))
          for i in range(10)],
        *[message(IRQ_INFO, struct.pack("<IIII", 16, 0, i, 0))
          for i in range(6)],
        read(7, 0, 256), write(7, 0x30, b"\0\xf8\xff\xff"), read(7, 0x30, 4),
        read(7, 0x10, 4), write(7, 0x10, b"\xff" * 4), read(7, 0x10, 4),
        message(RESET), write(7, 4, b"\6\0"), IRQS,
    ],
    "probe": [
        b"\1", READY_NOW, IRQS, read(0, REGISTERS, 4),
        memory(1, bytes(range(64))), store(MGMT + 0x94, 0x1000),
        store(MGMT + 0x98, 0), store(MGMT + 0x14, 0x5a),
        read(0, REGISTERS + 0x14, 4), store(MGMT + 0x18, 1),
    ],
    "admin": [
        b"\0", READY_NOW, IRQS, *ENABLE,
        memory(2, struct.pack("<HHHHQ", 1, 7, 0, 0, 0x5000).ljust(64, b"\0") +
               struct.pack("<HHHHQQQII", 2, 8, 0, 0, 0x8000, 0xa000, 0xc000,
                           16, 16).ljust(64, b"\0")),
        store(MGMT + 4, 2), read(0, REGISTERS + 8, 4), store(MGMT + 8, 1),
    ],
    "cut-memory": [
        b"\0", READY_NOW, *ENABLE, bytes([TRUNCATE, 1]), store(MGMT + 4, 1),
        bytes([RECONNECT]), READY_NOW, read(0, REGISTERS, 4),
    ],
    "maps": [
        b"\1", READY_NOW, dma_map(0x100000, 0x2000, 0x1000),
        dma_map(0x101000, 0x1000), dma_map(0x200000, 0x1000, kind=NULL),
        dma_map(0x200000, 0x2000, kind=SHORT), dma_map(0x200000, 0x1000, fds=2),
        dma_map(0, 0), dma_map((1 << 64) - 4096, 4096),
        dma_map(0x300000, 1 << 62), dma_unmap(0x100000, 0x1000),
        dma_unmap(0x100000, 0x2000), dma_unmap(0, 0, 2), dma_unmap(0, 0x1000),
    ],
    "interrupts": [
        b"\1", READY_NOW, IRQS, set_irqs(0x21, 0, 0), store(MGMT + 0x18, 0),
        read(2, 0x2000, 8), IRQS, set_irqs(0x22, 0, 2, data=b"\0\1"),
        set_irqs(0x24, 1, 1), set_irqs(0x24, 0, 1, fds=1, kind=NULL),
        set_irqs(0x24, 1, 2, fds=2), set_irqs(0x28, 0, 1),
        set_irqs(0x24, 0xffffffff, 2, fds=2), set_irqs(0x21, 0, 0, index=3),
    ],
    "stores": [
        b"\1", READY_NOW,
        multi([(0, 0, 4, 1), (2, 0, 2, 1), (0x800, 0, 8, 1), (4, 7, 2, 6),
               (0x48, 7, 2, 0x8000), (REGISTERS, 0, 4, 1), (0, 2, 8, 1),
               (1 << 63, 0, 4, 1), (0, 99, 4, 1), (0, 0, 9, 1)]),
        multi([(0, 0, 4, 1)], 200), multi([(0, 0, 4, 1)], 2 + (1 << 61)),
        write(0, 0x5e, b"\1\2\3\4"), write(0, 0xffe, b"\1\2\3\4"),
        write(7, 0x49, b"\x80"), write(0, 0x1ffffe, b"\1\2\3\4"),
        read(0, 0, 4096), read(0, 0, 4097), read(7, 4095, 1),
    ],
    "stream": [
        b"\0", READY_NOW, raw(struct.pack("<HHIII", 1, INFO, 32, 0, 0)),
        raw(struct.pack("<IIII", 16, 0, 0, 0)),
        raw(struct.pack("<HHIII", 1, INFO, 32, 0, 0)[:7]),
        raw(struct.pack("<HHIII", 1, INFO, 32, 0, 0)[7:] + bytes(16)),
        message(INFO, bytes(16), fds=15, kind=NULL), message(99, b"abc"),
        raw(struct.pack("<HHIII", 1, INFO, 8193, 0, 0)), bytes([RECONNECT]),
        raw(struct.pack("<HHIII", 1, READ, 16, 1, 0)),
    ],
    "versions": [
        b"\1", version(b"{"), version(b"{}"), version(b"{}\0x\0"),
        version(b"[]\0"), version(b'{"capabilities":1}\0'), version(b"", 1),
        message(RESET), version(b'{"capabilities":{"pgsizes":-1}}\0'),
        version(b'{"a":' * 9 + b"1" + b"}" * 9 + b"\0"), version(QEMU),
        version(QEMU),
    ],
}


def main():
    here = Path(__file__).resolve().parent
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "seeds/fuzz_vfu"
    to.mkdir(parents=True, exist_ok=True)
    for name, records in SEEDS.items():
        lines = []
        for record in records:
            text = record.hex()
            lines += [text[i:i + 76] for i in range(0, len(text), 76)]
        (to / f"{name}.hex").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
