#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""sizes.py [--check] FILE...: how long functions and files are.

With --check, print only what is over a limit, one a line; the status says
whether there is any.
"""
import collections
import sys

FUNCTION_LINES = 60
FILE_LINES = 400


def functions(lines):
    """Yield where a function's body begins, and its lines."""
    start = 0
    for number, line in enumerate(lines, 1):
        if line.startswith('{'):
            start = number
        elif line.startswith('}') and start:
            yield start, number - start - 1
            start = 0


def tree_of(path):
    """What a file is counted with: its first two directories."""
    return '/'.join(path.split('/')[:-1][:2]) or '.'


def show(trees, long):
    print('%-28s %9s %7s %7s %8s' % ('', 'functions', 'median', '90 %', 'longest'))
    everything = sorted(size for sizes in trees.values() for size in sizes)
    for name, sizes in [*sorted(trees.items()), ('all', everything)]:
        if sizes:
            sizes = sorted(sizes)
            print('%-28s %9d %7d %7d %8d' % (
                name, len(sizes), sizes[len(sizes) // 2],
                sizes[len(sizes) * 9 // 10], sizes[-1]))
    for path, size in long:
        print('over %d lines: %s: %d' % (FILE_LINES, path, size))


def main():
    check = sys.argv[1:2] == ['--check']
    trees, long, bad = collections.defaultdict(list), [], False
    for path in sys.argv[1 + check:]:
        with open(path, encoding='utf-8') as file:
            lines = file.readlines()
        if len(lines) > FILE_LINES:
            long.append((path, len(lines)))
        if path.endswith(('.c', '.h')):
            for start, size in functions(lines):
                trees[tree_of(path)].append(size)
                if check and size > FUNCTION_LINES:
                    print('%s:%d: function of %d lines (limit %d)' % (
                        path, start, size, FUNCTION_LINES))
                    bad = True
    if not check:
        show(trees, long)
        return 0
    for path, size in long:
        print('%s: %d lines (limit %d)' % (path, size, FILE_LINES))
        bad = True
    return bad


if __name__ == '__main__':
    sys.exit(main())
