"""Count the mutants of CPython's own source that the recorded cases tell from it.

Started by `conform oracle-mutants` as `python mutants.py PLAN OUT [ONLY]`. Runs unchanged on 2.7 and on 3.8 and
later. A mutant is the source with one small change in the handler classes, or in what they call of the library to
read field lines and to take targets apart: see Mutator. Every mutant is loaded in a forked process and asked the
cases until one is answered otherwise than by the source itself, in bytes, log, or the place at which they came; or
until its time is over, which tells it apart as well. One that does not load is none.

Not changed is what no case reaches, which is reached.py's affair: a statement that is not run, the truth of a
condition that never has the other, a handler of exceptions that never come. Nor what no answer can depend on,
whoever asks: an attribute that nothing reads, or that the subclass sets anew; close() and flush(); a cache of the
library; str() around what is formatted anyway; a return of False, which is as good as none, at the end of a function.

OUT gets the mutants as JSON: function, text of the line, change, whether a case reaches it, and the case that told
it apart, or null. ONLY is a file with the numbers of the mutants that are to be tried.
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
CPU_LIMIT = 20  # seconds of computing for a mutant, of which the source itself takes one or two
TIME_LIMIT = 120  # seconds for one that waits
MEMORY_LIMIT = 1 << 31
IN_TIME, STILLBORN = '(no answer in time)', '(does not load)'

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
# Which of the two texts of a row of the table of responses 2.7 writes out: the reason phrase of what send_response
# is given alone, the explanation of what send_error is given.
SENT_BY_27 = {200: [0], 301: [0], 400: [1], 404: [1], 414: [0, 1], 501: [1], 505: [1]}
CACHES = ('_parse_cache', 'clear_cache', 'cached', 'key')  # names that only lines of a cache have
CONVERSIONS = ('str', 'bool')


def short(value):
    """A constant in a description, the same in all releases."""
    text = repr(value).lstrip('ub') if not isinstance(value, (int, float)) else str(value)
    return text if len(text) <= 24 else text[:20] + '...' + text[0]


class Mutant(object):
    """A change, and the points of which a case must reach one to see it; none where every case does."""

    def __init__(self, source, function, line, change, apply, points):
        self.source, self.function, self.line, self.change, self.apply, self.points = source, function, line, change, apply, points


class Mutator(object):
    """Lists the mutants of one source, in the order of its text."""

    def __init__(self, source, read, overridden):
        self.source, self.read, self.overridden, self.mutants = source, read, overridden, []
        self.function = self.statement = self.last = None

    def list(self):
        for name, node in self.source.measured():
            self.function = name.rpartition('.')[0]
            self.visit_statement(node)
        return self.mutants

    def add(self, node, change, apply, points=None):
        line = getattr(node, 'lineno', self.statement.lineno)
        text = self.source.line(line if line > 0 else self.statement.lineno)
        if not points:
            points = [self.statement._point] if hasattr(self.statement, '_point') else []
        self.mutants.append(Mutant(self.source, self.function, text, change, apply, points))

    def set(self, node, change, field, value, parent=None, points=None):
        self.add(node, change, lambda: setattr(parent or node, field, value), points)

    # Statements.

    def visit_statement(self, node, block=None):
        if self.without_effect(node):
            return
        outer, self.statement = (self.function, self.statement), node
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            self.function = (self.function + '.' if self.function else '') + node.name
            self.last = node.body[-1]
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

    def without_effect(self, node):
        """Whether no answer can depend on a statement: see the head of this file."""
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            stored = stored_name(node, self.function)
            if stored is not None and (stored not in self.read or self.function == inprocess.CLASSES[0] and stored in self.overridden):
                return True
            return uses(node, CACHES)
        if isinstance(node, ast.Expr):
            call = node.value
            return isinstance(call, ast.Call) and last_name(call.func) in ('close', 'flush') or uses(node, CACHES)
        return isinstance(node, ast.If) and uses(node.test, CACHES)

    def removal(self, node, block):
        def put(other):
            ast.fix_missing_locations(ast.copy_location(other, node))
            block[block.index(node)] = other
        if isinstance(node, ast.Return) and is_false(node.value):
            if node is self.last:
                return
        elif isinstance(node, ast.Return):
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
                    self.add(node, 'exception ' + last_name(kind) + ' not caught', lambda kind=kind: node.type.elts.remove(kind), [node._point])
            else:
                self.set(node, 'exception not caught', 'type', ast.copy_location(ast.Tuple(elts=[], ctx=ast.Load()), node.type), None, [node._point])
        for child in node.body:
            self.visit_statement(child, node.body)

    # Expressions.

    def condition(self, node, field):
        test = getattr(node, field)
        for truth in (True, False):
            if not reached.is_constant(test) or isinstance(test, ast.Compare):
                self.set(test, 'condition always %s' % truth, field, constant(truth, test), node, outcomes(test, not truth))
        if not isinstance(test, (ast.Compare, ast.UnaryOp)) and not reached.is_constant(test):
            self.set(test, 'condition negated', field, ast.copy_location(ast.UnaryOp(op=ast.Not(), operand=test), test), node)

    def visit(self, node):
        if isinstance(node, ast.Dict) and stored_name(self.statement, '') == 'responses' and PY2:
            for key, texts in zip(node.keys, node.values):
                for i in SENT_BY_27.get(key.n, []):
                    self.visit(texts.elts[i])
            return
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
                         lambda rest=rest: put(rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(op=node.op, values=rest), node)),
                         outcomes(value, isinstance(node.op, ast.Or)))
        if isinstance(node, ast.IfExp):
            self.add(node, 'always the first of if and else', lambda: put(node.body), outcomes(node.test, False))
            self.add(node, 'always the second of if and else', lambda: put(node.orelse), outcomes(node.test, True))
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            self.add(node, 'right operand of %s removed' % type(node.op).__name__, lambda: put(node.left))
            if isinstance(node.op, ast.Add):
                self.add(node, 'left operand of Add removed', lambda: put(node.right))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
                self.add(node, node.func.attr + '() removed', lambda: put(node.func.value))
            elif node.args and last_name(node.func) not in CONVERSIONS:
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
            for other in [1 - value] if value in (0, 1) else [value + 1, value - 1]:
                self.set(node, '%s becomes %s' % (value, other), field, other)
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


def is_false(node):
    """Whether a function that returns this says no, as it does when it returns nothing."""
    return node is None or isinstance(node, ast.Name) and node.id in ('None', 'False') or getattr(node, 'value', 1) in (None, False)


def stored_name(node, function):
    """The name that a statement stores as an attribute, of an object or, in no method, of the class."""
    target = getattr(node, 'targets', [getattr(node, 'target', None)])[0]
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) and '.' not in function else None


def loads(node):
    """The names that are read in a node."""
    for inner in ast.walk(node):
        if isinstance(getattr(inner, 'ctx', None), ast.Load):
            yield getattr(inner, 'attr', None) or getattr(inner, 'id', None)


def names_read(sources):
    """The names that the measured code reads otherwise than to store them, changed, under the same name."""
    count = {}
    for source in sources:
        for _, top in source.measured():
            for name in loads(top):
                count[name] = count.get(name, 0) + 1
            for node in ast.walk(top):
                if isinstance(node, (ast.Assign, ast.AugAssign)):
                    own = stored_name(node, '')
                    count[own] = count.get(own, 0) - list(loads(node)).count(own)
    return set(name for name in count if count[name] > 0)


def overridden(source):
    """The names of attributes that the last class sets anew."""
    bodies = [node.body for name, node in source.measured() if name == inprocess.CLASSES[-1]]
    return set(inprocess.target_name(node) for body in bodies for node in body)


def uses(node, names):
    return any(getattr(n, 'id', None) in names for n in ast.walk(node))


def outcomes(test, truth):
    """The points of which a condition, or a part of one, hits one whenever it has that truth; none if it has none."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return outcomes(test.operand, not truth)
    if isinstance(test, ast.BoolOp):
        ends = truth == isinstance(test.op, ast.And)  # only when all operands were asked
        found = [outcomes(value, truth) for value in (test.values[-1:] if ends else test.values)]
        return [point for points in found for point in points] if all(found) else []
    if not hasattr(test, '_outcomes'):
        return []
    return [test._outcomes if truth else test._outcomes + 1]


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
        _, self.hits, _ = reached.run(plan, sources, inprocess.in_order(sources))
        self.expected, self.times = [None] * len(plan.cases), [0.0] * len(plan.cases)
        for group in plan.groups:
            group.enter(sources)
            for i, case in enumerate(plan.cases):
                if case['setup'] in group.by_number:
                    inprocess.forget(sources)
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
        return not mutant.points or not self.hits[i].isdisjoint(mutant.points)

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
        return said or IN_TIME

    def child(self, mutant, write):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(TIME_LIMIT)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        said = STILLBORN
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
                    inprocess.forget(self.sources)
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
    read, anew = names_read(sources.values()), overridden(sources[inprocess.SERVER[-1]])
    mutants = [m for name in inprocess.in_order(sources) for m in Mutator(sources[name], read, anew).list()]
    only = None
    if len(sys.argv) > 3:
        with open(sys.argv[3]) as f:
            only = set(json.load(f))
    for n, m in enumerate(mutants):
        hit = any(trial.reaches(i, m) for i in range(len(plan.cases)))
        result = {'function': m.function, 'text': m.line, 'change': m.change, 'reached': hit, 'tried': False, 'stillborn': False, 'case': None}
        if hit and (only is None or n in only):
            case = trial.try_out(m)
            if case != STILLBORN:
                result.update(tried=True, case=case)
            result['stillborn'] = case == STILLBORN
        results.append(result)
    with io.open(sys.argv[2], 'wb') as f:
        f.write(json.dumps({'answers': trial.expected, 'mutants': results}).encode('ascii'))


if __name__ == '__main__':
    main()
