#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show which files and rooms of a tree use which others, from the sources.

An arrow is a function or an object of one file that another file uses. A room
is a directory of a tree. A .c file and the header of its name are one file
here. A circle is a set of files each of which reaches each other.

A call through a pointer makes no arrow: that is how a lower room reaches an
upper one. Putting a function into a table of operations makes one.

With --check, print only what is not allowed: an arrow or an include from a room
to one that the table does not let it use, and circles of files.
"""
import argparse
import collections
import os
import re
import sys

# For each tree its rooms, from the top down, and which others a room may use.
# The files of a tree's own directory are in the room that FILES names.
TREES = {
    'kernel/cdna_mdev': {
        'top': ('vdev', 'nic', 'seam'),
        'vdev': ('guard', 'seam'),
        'guard': ('seam',),
        'nic': ('seam',),
        'seam': (),
    },
    'nic-firmware/core': {
        'top': ('host', 'tx', 'switch', 'rx', 'ctx', 'notify', 'base', 'state'),
        'host': ('tx', 'switch', 'rx', 'ctx', 'notify', 'base', 'state'),
        'tx': ('switch', 'rx', 'ctx', 'notify', 'base', 'state'),
        'switch': ('rx', 'ctx', 'notify', 'base', 'state'),
        'rx': ('ctx', 'notify', 'base', 'state'),
        'ctx': ('notify', 'base', 'state'),
        'notify': ('base', 'state'),
        'base': (),
        'kernel': (),
        # One structure, composed of what each room declares.
        'state': ('tx', 'switch', 'rx', 'ctx', 'notify', 'base'),
    },
    'kernel/cdna_guest': None,
    'kernel/cdna_softnic': None,
}
FILES = {
    'kernel/cdna_mdev': {'cdna_main': 'top', '': 'seam'},
    'nic-firmware/core': {'state': 'state', '': 'top'},
}
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

TOKEN = re.compile(r'->|\.\.\.|[A-Za-z_]\w*|\d[\w.]*|\S')
KEYWORDS = {'return', 'case', 'goto', 'else', 'sizeof', 'do', 'if', 'while', 'for'}


def strip(text):
    """Drop comments and the contents of strings; join continued lines."""
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                  lambda m: '""' if m.group()[0] == '"' else
                  '0' if m.group()[0] == "'" else ' ', text, flags=re.S)
    return text.replace('\\\n', ' ')


def preprocess(text):
    """Return the code without directives, and the macros that take arguments.
    Only the first branch of an #if is code."""
    code, macros, skipped = [], [], []
    for line in text.split('\n'):
        word = re.match(r'\s*#\s*(\w+)(.*)', line)
        if not word:
            if not any(skipped):
                code.append(line)
            continue
        if word.group(1).startswith('if'):
            skipped.append(False)
        elif word.group(1).startswith('el'):
            skipped[-1] = True
        elif word.group(1) == 'endif':
            skipped.pop()
        elif word.group(1) == 'define':
            macro = re.match(r'\s+\w+\(([^)]*)\)(.*)', word.group(2))
            if macro:
                macros.append(macro.groups())
    return '\n'.join(code), macros


def items(code):
    """Split code into what is at its top level, as (head, bodies)."""
    head, bodies, depth, parens, start = '', [], 0, 0, 0
    for i, char in enumerate(code):
        if depth:
            depth += (char == '{') - (char == '}')
            if depth:
                continue
            body = code[start + 1:i]
            if '=' in head:
                bodies.append(body)
            elif head.rstrip().endswith(')') or re.search(r'\)\s*__\w+\s*$', head):
                yield head, [body]
                head = ''
            continue
        parens += (char == '(') - (char == ')')
        if char == '{' and not parens:
            depth, start = 1, i
        elif char == ';' and not parens:
            yield head, bodies
            head, bodies = '', []
        else:
            head += char


def function_name(head):
    """The function that a head declares: what is before its arguments."""
    names, depth = [], 0
    for match in re.finditer(r'(\w+)\s*\(|[()]', head):
        if match.group(1) and not depth:
            names.append(match.group(1))
        depth += {')': -1}.get(match.group()[-1], 1)
    plain = [name for name in names if not name.startswith('__')]
    return (plain or names or [None])[-1]


class Source:
    """What one .c or .h file defines and uses."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        # Quoted ones: <cdna/...> is what all trees share.
        self.includes = re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.M)
        self.shared, self.own, self.uses = set(), set(), set()
        code, macros = preprocess(strip(text))
        header = path.endswith('.h')
        for args, body in macros:
            self.use(args, body)
        for head, bodies in items(code):
            self.item(head, bodies, header)
        self.uses -= self.own | self.shared

    def item(self, head, bodies, header):
        if re.match(r'\s*static_assert', head):
            return
        event = re.match(r'\s*(?:TRACE|DEFINE)_EVENT\w*\s*\((?:\s*\w+\s*,)?\s*(\w+)', head)
        if event and head.lstrip().startswith(('TRACE', 'DEFINE')):
            first = re.findall(r'\w+', head)[1]
            self.shared |= {'trace_' + first, 'trace_' + event.group(1)}
            return
        if '=' in head:
            match = re.search(r'(\w+)\s*(?:\[[^=]*\]\s*)?(?:__\w+\s*)?$', head.split('=')[0])
        elif bodies:
            match = re.match('(.*)', function_name(head) or '')
        elif re.match(r'\s*(typedef|extern|struct \w+\s*$|enum|union)', head) or \
                '(' in head or header:
            return
        else:
            match = re.search(r'(\w+)\s*(?:\[[^=]*\]\s*)?$', head)
        if match:
            local = re.search(r'\bstatic\b', head) and not header
            (self.own if local else self.shared).add(match.group(1))
        self.use(head.split('=')[0], ' '.join([*head.split('=')[1:], *bodies]))

    def use(self, head, body):
        """Add the identifiers of a body that are no fields and no locals."""
        found, local = set(), set(re.findall(r'(\w+)\s*(?:,|\)|\[|$)', head))
        last = before = ''
        for token in TOKEN.findall(body):
            if re.match(r'[A-Za-z_]', token) and last not in ('.', '->'):
                declared = re.match(r'\w', last) and last not in KEYWORDS or \
                    last == '*' and re.match(r'[A-Za-z_]', before) and \
                    before not in KEYWORDS
                (local if declared else found).add(token)
            last, before = token, last
        self.uses |= found - local


class Tree:
    """The files of one tree, their arrows, includes and circles."""

    def __init__(self, root, name):
        self.name, self.rules = name, TREES[name]
        self.top = os.path.join(root, name)
        self.sources = collections.defaultdict(list)
        for path in self.paths():
            unit = os.path.splitext(os.path.relpath(path, self.top))[0]
            self.sources[unit].append(Source(path))
        owner = {name: unit for unit, sources in self.sources.items()
                 for source in sources for name in source.shared}
        # (from, to) -> what is used
        self.arrows = collections.defaultdict(set)
        self.includes = set()
        for unit, sources in self.sources.items():
            own = set().union(*(s.own for s in sources))
            for source in sources:
                for used in source.uses - own:
                    if owner.get(used, unit) != unit:
                        self.arrows[unit, owner[used]].add(used)
                for include in source.includes:
                    self.includes.add((unit, self.included(unit, include)))

    def paths(self):
        for folder, folders, files in os.walk(self.top):
            folders[:] = sorted(set(folders) - {'tests'})
            for file in sorted(files):
                if re.search(r'\.[ch]$', file) and not file.endswith('.mod.c'):
                    yield os.path.join(folder, file)

    def included(self, unit, include):
        """The file that an include names: from the tree's top or beside."""
        include = os.path.splitext(include)[0]
        beside = os.path.normpath(os.path.join(os.path.dirname(unit), include))
        return beside if beside in self.sources else os.path.normpath(include)

    def room(self, unit):
        folder, slash, _ = unit.partition('/')
        if slash:
            return folder
        files = FILES.get(self.name, {})
        return files.get(unit, files.get('', 'top'))

    def rooms(self):
        rooms = list(self.rules or ())
        return rooms + sorted({self.room(u) for u in self.sources} - set(rooms))

    def allowed(self, pair):
        """Whether the first file's room may use the second one's."""
        start, end = map(self.room, pair)
        return start == end or self.rules is None or \
            end in self.rules.get(start, ())

    def circles(self):
        """Sets of more than one file in which each reaches each other."""
        reach = {unit: self.reached(unit) for unit in self.sources}
        found = {frozenset(v for v in reach[u] if u in reach[v]) for u in reach}
        return sorted(sorted(circle) for circle in found if len(circle) > 1)

    def reached(self, unit):
        seen, todo = set(), [unit]
        while todo:
            here = todo.pop()
            for start, end in self.arrows:
                if start == here and end not in seen:
                    seen.add(end)
                    todo.append(end)
        return seen

    def counts(self):
        """How many arrows lead from one room to another."""
        count = collections.Counter()
        for (start, end), used in self.arrows.items():
            count[self.room(start), self.room(end)] += len(used)
        return count

    def wrong(self):
        """Everything that is not allowed, each as a line."""
        for pair in sorted(self.arrows):
            if not self.allowed(pair):
                yield '%s: %s -> %s' % (self.name, *pair), \
                    'uses ' + ', '.join(sorted(self.arrows[pair]))
        for pair in sorted(self.includes):
            if not self.allowed(pair):
                yield '%s: %s includes %s' % (self.name, *pair), ''

    def show(self):
        rooms, count = self.rooms(), self.counts()
        print('%s: %d files, %d arrows between them' % (
            self.name, len(self.sources), sum(count.values())))
        if len(rooms) > 1:
            print('  %-8s' % 'from' + ''.join('%8s' % ('to ' + r) for r in rooms))
            for start in rooms:
                cells = [count[start, end] or '.' for end in rooms]
                print('  %-8s' % start + ''.join('%8s' % c for c in cells))
        wrong = list(self.wrong())
        if self.rules is not None:
            print('  not allowed: %d arrows and includes' % len(wrong))
            for line, used in wrong:
                print('    %s %s' % (line.partition(': ')[2], used))
        for circle in self.circles():
            print('  circle of %d files: %s' % (len(circle), ' '.join(circle)))
        print()


def check(trees):
    """Print what is not allowed. Return: whether there is any."""
    bad = False
    for tree in trees:
        for line, used in tree.wrong():
            print(line, used)
            bad = True
        for circle in tree.circles():
            print('%s: circle of files: %s' % (tree.name, ' '.join(circle)))
            bad = True
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('--check', action='store_true',
                        help='print only what is not allowed; status 1 if there is any')
    parser.add_argument('--files', action='store_true',
                        help='also print the arrows from file to file')
    parser.add_argument('root', nargs='?', help='the top of the sources', default=TOP)
    args = parser.parse_args()
    trees = [Tree(args.root, name) for name in TREES]
    if args.check:
        return check(trees)
    for tree in trees:
        if args.files:
            for (start, end), used in sorted(tree.arrows.items()):
                print('%s -> %s: %s' % (start, end, ' '.join(sorted(used))))
        tree.show()
    return 0


if __name__ == '__main__':
    sys.exit(main())
