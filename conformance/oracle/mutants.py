"""Count the mutants of CPython's own source that the recorded cases tell from it.

Started by `conform oracle-mutants` as `python mutants.py PLAN OUT [ONLY]`. Runs unchanged on 2.7 and on 3.8 and
later. A mutant is the source with one small change in the handler classes, or in what they call of http.client and
urllib.parse: see Mutator. Only statements that a case reaches are changed; the others are reached.py's affair. Every
mutant is loaded in a forked process and asked the cases until one is answered otherwise than by the source itself,
in bytes, log, or the place at which they came; or until its time is over, which tells it apart as well.

OUT gets the mutants as JSON: function, text of the line, change, and the case that told it apart, or null. ONLY is
a file with the numbers of the mutants that are to be tried.
"""
import ast
import io
import json
import os
import resource
import signal
import sys
import time

import inprocess
import reached

PY2 = inprocess.PY2
TIME_LIMIT = 10  # seconds for a mutant, of which the source itself takes one or two
MEMORY_LIMIT = 1 << 31

COMPARISONS = {
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn], ast.NotIn: [ast.In],
    ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE], ast.GtE: [ast.Gt, ast.Lt],
}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult}
METHODS = {
    'startswith': 'endswith', 'endswith': 'startswith', 'strip': 'lstrip', 'lstrip': 'rstrip', 'rstrip': 'lstrip',
    'lower': 'upper', 'upper': 'lower', 'find': 'rfind', 'rfind': 'find', 'partition': 'rpartition',
    'rpartition': 'partition', 'split': 'rsplit', 'rsplit': 'split', 'isdir': 'exists', 'exists': 'isdir',
    'isfile': 'exists', 'islink': 'exists', 'lstat': 'stat', 'gmtime': 'localtime', 'localtime': 'gmtime',
    'isdigit': 'isalnum', 'append': 'extend', 'insert': 'append', 'quote': 'unquote', 'unquote': 'quote',
    'splitext': 'split', 'basename': 'dirname', 'dirname': 'basename', 'log_error': 'log_message',
    'send_response': 'send_response_only', 'readline': 'read', 'min': 'max', 'max': 'min', 'any': 'all', 'all': 'any',
}
SENT_BY_27 = (200, 301, 400, 404, 414, 501, 505)  # of the table of responses that 2.7 writes out, these rows are used


def short(value):
    """A constant in a description, the same in all releases."""
    text = repr(value).lstrip('ub') if not isinstance(value, (int, float)) else str(value)
    return text if len(text) <= 24 else text[:20] + '...' + text[0]


class Mutant(object):
    def __init__(self, source, function, line, change, apply, point):
        self.source, self.function, self.line, self.change, self.apply, self.point = source, function, line, change, apply, point


class Mutator(object):
    """Lists the mutants of one source, in the order of its text."""

    def __init__(self, source):
        self.source, self.mutants = source, []
        self.function = self.statement = None

    def list(self):
        for name, node in self.source.measured():
            self.function = name.rpartition('.')[0]
            self.visit_statement(node)
        return self.mutants

    def add(self, node, change, apply):
        line = getattr(node, 'lineno', self.statement.lineno)
        text = self.source.line(line if line > 0 else self.statement.lineno)
        self.mutants.append(Mutant(self.source, self.function, text, change, apply, getattr(self.statement, '_point', None)))

    def set(self, node, change, field, value, parent=None):
        self.add(node, change, lambda: setattr(parent or node, field, value))

    # Statements.

    def visit_statement(self, node, block=None):
        outer, self.statement = (self.function, self.statement), node
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            self.function = (self.function + '.' if self.function else '') + node.name
        elif block is not None and not reached.is_docstring(node):
            self.removal(node, block)
        if isinstance(node, (ast.If, ast.While)):
            self.condition(node, 'test')
        if isinstance(node, (ast.For, ast.While)) and not isinstance(node.body[-1], (ast.Break, ast.Return)):
            self.add(node, 'loop ends after one turn', lambda: node.body.append(ast.copy_location(ast.Break(), node.body[-1])))
        for field, value in ast.iter_fields(node):
            if field == 'decorator_list':
                continue
            for child in value if isinstance(value, list) else [value]:
                self.statement = node
                if isinstance(child, ast.stmt):
                    self.visit_statement(child, value)
                elif isinstance(child, ast.ExceptHandler):
                    self.handler(child, value)
                elif isinstance(child, ast.AST) and not reached.is_docstring(node):
                    self.visit(child)
        self.function, self.statement = outer

    def removal(self, node, block):
        def put(other):
            ast.fix_missing_locations(ast.copy_location(other, node))
            block[block.index(node)] = other
        if isinstance(node, ast.Return) and node.value is not None and not is_none(node.value):
            self.add(node, 'return without value', lambda: setattr(node, 'value', None))
        if isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.Raise, ast.Delete, ast.Break, ast.Continue)):
            self.add(node, 'statement removed', lambda: put(ast.Pass()))
        if isinstance(node, ast.Break):
            self.add(node, 'break becomes continue', lambda: put(ast.Continue()))
        if isinstance(node, ast.Continue):
            self.add(node, 'continue becomes break', lambda: put(ast.Break()))

    def handler(self, node, handlers):
        if node.type is not None:
            if isinstance(node.type, ast.Tuple):
                for kind in list(node.type.elts):
                    self.add(node, 'exception ' + last_name(kind) + ' not caught', lambda kind=kind: node.type.elts.remove(kind))
            else:
                self.set(node, 'exception not caught', 'type', ast.copy_location(ast.Tuple(elts=[], ctx=ast.Load()), node.type))
        for child in node.body:
            self.visit_statement(child, node.body)

    # Expressions.

    def condition(self, node, field):
        test = getattr(node, field)
        for truth in (True, False):
            if not reached.is_constant(test) or isinstance(test, ast.Compare):
                self.set(test, 'condition always %s' % truth, field, constant(truth, test), node)
        if not isinstance(test, (ast.Compare, ast.UnaryOp)) and not reached.is_constant(test):
            self.set(test, 'condition negated', field, ast.copy_location(ast.UnaryOp(op=ast.Not(), operand=test), test), node)

    def visit(self, node):
        name = 'visit_' + type(node).__name__
        if hasattr(self, name):
            getattr(self, name)(node)
        for field, value in ast.iter_fields(node):
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    self.replacement(node, field, i if isinstance(value, list) else None, child)
                    self.visit(child)

    def replacement(self, parent, field, i, node):
        """Mutants that put something else in the place of a node."""
        def put(other):
            if i is None:
                setattr(parent, field, other)
            else:
                getattr(parent, field)[i] = other
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.add(node, 'not removed', lambda: put(node.operand))
        if isinstance(node, ast.BoolOp):
            for n, value in enumerate(node.values):
                rest = [v for v in node.values if v is not value]
                self.add(node, 'operand %d of %s removed' % (n + 1, type(node.op).__name__.lower()),
                         lambda rest=rest: put(rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(op=node.op, values=rest), node)))
        if isinstance(node, ast.IfExp):
            self.add(node, 'always the first of if and else', lambda: put(node.body))
            self.add(node, 'always the second of if and else', lambda: put(node.orelse))
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            self.add(node, 'right operand of %s removed' % type(node.op).__name__, lambda: put(node.left))
            if isinstance(node.op, ast.Add):
                self.add(node, 'left operand of Add removed', lambda: put(node.right))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
                self.add(node, node.func.attr + '() removed', lambda: put(node.func.value))
            elif node.args:
                self.add(node, last_name(node.func) + '() removed', lambda: put(node.args[0]))

    def visit_Compare(self, node):
        for i, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                self.add(node, '%s becomes %s' % (type(op).__name__, other.__name__), lambda i=i, other=other: node.ops.__setitem__(i, other()))

    def visit_BoolOp(self, node):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        self.set(node, '%s becomes %s' % (type(node.op).__name__, other.__name__), 'op', other())

    def visit_BinOp(self, node):
        other = ARITHMETIC.get(type(node.op))
        if other:
            self.set(node, '%s becomes %s' % (type(node.op).__name__, other.__name__), 'op', other())

    def visit_Call(self, node):
        name = last_name(node.func)
        if len(node.args) > 1:
            self.add(node, 'first arguments of %s() swapped' % name, lambda: node.args.insert(0, node.args.pop(1)))
        if node.args:
            self.add(node, 'last argument of %s() removed' % name, lambda: node.args.pop())
        for k in list(node.keywords):
            self.add(node, 'argument %s of %s() removed' % (k.arg, name), lambda k=k: node.keywords.remove(k))
        all_parts = name in ('split', 'rsplit') and len(node.args) < 2  # from either end
        if name in METHODS and not all_parts:
            field = 'attr' if isinstance(node.func, ast.Attribute) else 'id'
            self.set(node.func, '%s() becomes %s()' % (name, METHODS[name]), field, METHODS[name])

    def visit_comprehension(self, node):
        for test in list(node.ifs):
            self.add(test, 'condition of a comprehension removed', lambda test=test: node.ifs.remove(test))

    def visit_Slice(self, node):
        for field in ('lower', 'upper'):
            if getattr(node, field) is not None:
                self.set(getattr(node, field), '%s end of a slice removed' % field, field, None, node)

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id == 'HTTPStatus':
            other = 'OK' if node.attr != 'OK' else 'ACCEPTED'
            self.set(node, '%s becomes %s' % (node.attr, other), 'attr', other)

    def visit_Dict(self, node):
        """Of the table of responses of 2.7 only what is used."""
        if getattr(inprocess.target_name(self.statement), 'strip', str)() == 'responses':
            keep = [(k, v) for k, v in zip(node.keys, node.values) if k.n in SENT_BY_27]
            node.keys, node.values = [list(column) for column in zip(*keep)]

    # Constants.

    def visit_Constant(self, node):
        self.constants(node, 'value', node.value)

    def visit_Num(self, node):
        self.constants(node, 'n', node.n)

    def visit_Str(self, node):
        self.constants(node, 's', node.s)

    def visit_Name(self, node):
        if PY2 and node.id in ('True', 'False'):
            other = str(node.id == 'False')
            self.set(node, '%s becomes %s' % (node.id, other), 'id', other)

    def constants(self, node, field, value):
        if isinstance(value, bool):
            self.set(node, '%s becomes %s' % (value, not value), field, not value)
        elif isinstance(value, (int, float)):
            self.set(node, '%s becomes %s' % (value, value + 1), field, value + 1)
            if value > 1:
                self.set(node, '%s becomes %s' % (value, value - 1), field, value - 1)
        elif isinstance(value, (bytes, type(u''))):
            x = value[:0] + (b'X' if isinstance(value, bytes) else u'X')
            if not value:
                self.set(node, "'' becomes 'X'", field, x)
                return
            middle = len(value) // 2
            self.set(node, 'first character of %s becomes X' % short(value), field, x + value[1:])
            if len(value) > 2:
                self.set(node, 'middle character of %s becomes X' % short(value), field, value[:middle] + x + value[middle + 1:])
            self.set(node, 'last character of %s removed' % short(value), field, value[:-1])


def constant(value, at):
    node = ast.Name(id=str(value), ctx=ast.Load()) if PY2 else ast.Constant(value)
    return ast.copy_location(node, at)


def is_none(node):
    return isinstance(node, ast.Name) and node.id == 'None' or getattr(node, 'value', 0) is None


def last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, 'id', 'call')


def is_module(node):
    """Whether what a dot follows is a module: os, os.path, urllib.parse."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and (node.id in sys.modules or node.id in ('posixpath',))


class Trial(object):
    """Asks mutants the cases, those first that have told most apart."""

    def __init__(self, plan, sources):
        self.plan, self.sources = plan, sources
        _, self.hits, _ = reached.run(plan, sources, sorted(sources))
        self.expected, self.times = [None] * len(plan.cases), [0.0] * len(plan.cases)
        for group in plan.groups:
            group.enter(sources)
            for i, case in enumerate(plan.cases):
                if case['setup'] in group.by_number:
                    began = time.time()
                    self.expected[i] = inprocess.ask(group, case)
                    self.times[i] = round(time.time() - began, 3)
        self.kills = [0] * len(plan.cases)
        self.by_function = {}

    def order(self, mutant, group):
        """The numbers of a group's cases that reach a mutant's statement, in the order in which it is asked them."""
        numbers = [i for i, c in enumerate(self.plan.cases)
                   if c['setup'] in group.numbers and not c['slow'] and self.reaches(i, mutant)]
        first = self.by_function.get(mutant.function, [])
        rank = dict((n, -i) for i, n in enumerate(first))
        return sorted(numbers, key=lambda n: (rank.get(n, 1), -self.kills[n], self.times[n], n))

    def reaches(self, i, mutant):
        return mutant.point is None or mutant.point in self.hits[i]

    def try_out(self, mutant):
        """The name of the case that tells a mutant apart, or None."""
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            self.child(mutant, write)
        os.close(write)
        heard = b''
        while True:
            piece = os.read(read, 100)
            if not piece:
                break
            heard += piece
        os.close(read)
        os.waitpid(pid, 0)
        said = heard.decode('ascii')
        if said == 'none':
            return None
        if said.isdigit():
            n = int(said)
            self.kills[n] += 1
            self.by_function.setdefault(mutant.function, []).append(n)
            return self.plan.cases[n]['name']
        return said or '(no answer in time)'

    def child(self, mutant, write):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(TIME_LIMIT)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        said = '(does not load)'
        try:
            mutant.apply()
            ast.fix_missing_locations(mutant.source.tree)
            if mutant.source.name not in inprocess.SERVER:
                inprocess.replace_library(mutant.source, mutant.source.tree)
            said = self.first_difference(mutant)
        except BaseException:
            pass
        os.write(write, said.encode('ascii'))
        os._exit(0)

    def first_difference(self, mutant):
        for group in self.plan.groups:
            numbers = self.order(mutant, group)
            if numbers:
                group.enter(self.sources)
            for n in numbers:
                try:
                    same = inprocess.ask(group, self.plan.cases[n]) == self.expected[n]
                except BaseException:
                    same = False
                if not same:
                    return str(n)
        return 'none'


def main():
    plan = inprocess.Plan(sys.argv[1])
    sources = inprocess.sources()
    trial, results = Trial(plan, sources), []
    mutants = [m for name in inprocess.SERVER + sorted(set(sources) - set(inprocess.SERVER))
               for m in Mutator(sources[name]).list()]
    only = None
    if len(sys.argv) > 3:
        with open(sys.argv[3]) as f:
            only = set(json.load(f))
    for n, m in enumerate(mutants):
        hit = any(trial.reaches(i, m) for i in range(len(plan.cases)))
        result = {'function': m.function, 'text': m.line, 'change': m.change, 'reached': hit, 'tried': False, 'case': None}
        if hit and (only is None or n in only):
            result.update(tried=True, case=trial.try_out(m))
        results.append(result)
    with io.open(sys.argv[2], 'wb') as f:
        f.write(json.dumps({'answers': trial.expected, 'mutants': results}).encode('ascii'))


if __name__ == '__main__':
    main()
