"""Tell which statements and which branches of the real handler classes the recorded cases reach, and of what they
call of the library to read field lines and to take targets apart.

Started by `conform oracle-coverage` as `python reached.py PLAN OUT`. Runs unchanged on 2.7 and every 3.x, and
needs nothing installed: the syntax tree of the server's module is given marks before it is compiled, one at each
statement, one around each condition (each operand of and and or by itself), and one around what a loop goes
over. OUT gets the answers and the points, as JSON. A point is

    what     statement, handler (of an exception), function, true, false (a condition was), some, end (a loop
             had an item; came to its end)
    function, text of the line, hit
    of       the point without which this one cannot be hit, which is told in its place; or -1
"""
import ast
import copy
import io
import json
import sys

import inprocess

PY2 = inprocess.PY2
TRY = (ast.TryExcept, ast.TryFinally) if PY2 else (ast.Try,)


class Points(object):
    """All points of some sources, and the marks for them."""

    def __init__(self):
        self.points, self.hits = [], set()

    def add(self, what, function, text, of):
        self.points.append({'what': what, 'function': function, 'text': text, 'of': of})
        return len(self.points) - 1

    # The marks, called from the compiled trees.

    def statement(self, n):
        self.hits.add(n)

    def condition(self, n, value):
        self.hits.add(n if value else n + 1)
        return value

    def loop(self, n, items):
        for item in items:
            self.hits.add(n)
            yield item
        self.hits.add(n + 1)


class Marker(object):
    """Puts marks into the tree of one source."""

    def __init__(self, points, source):
        self.points, self.source, self.function = points, source, ''

    def line(self, node):
        return self.source.line(node.lineno)

    def call(self, method, n, at, *args):
        name = ast.copy_location(ast.Name(id='__points__', ctx=ast.Load()), at)
        function = ast.copy_location(ast.Attribute(value=name, attr=method, ctx=ast.Load()), at)
        number = ast.copy_location(ast.Num(n) if PY2 or sys.version_info < (3, 8) else ast.Constant(n), at)
        args = dict(func=function, args=[number] + list(args), keywords=[])
        if PY2:
            args.update(starargs=None, kwargs=None)
        return ast.fix_missing_locations(ast.copy_location(ast.Call(**args), at))

    def block(self, body, of, what='statement'):
        """Mark the statements of a block. A first one with of -1 is told by what leads to it."""
        marked = []
        for i, node in enumerate(body):
            if i == 0 and is_docstring(node):
                marked.append(node)
                continue
            n = self.points.add(what, self.function, self.line(node), of)
            node._point = n
            mark = ast.copy_location(ast.Expr(value=self.call('statement', n, node)), node)
            marked += [mark, self.mark(node, n)]
            of, what = n, 'statement'
        body[:] = marked

    def mark(self, node, n):
        """Mark what is inside a statement whose point is n."""
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            outer, self.function = self.function, (self.function + '.' if self.function else '') + node.name
            if isinstance(node, ast.ClassDef):
                self.members(node)
            else:
                self.block(node.body, n, 'function')
            self.function = outer
            return node
        if isinstance(node, (ast.If, ast.While)):
            node.test = self.test(node.test, n)
        if isinstance(node, ast.For):
            node.iter = self.items(node.iter, n)
        self.expressions(node, n)
        for field in ('body', 'orelse', 'finalbody'):
            if isinstance(getattr(node, field, None), list) and getattr(node, field):
                self.block(getattr(node, field), n, 'statement' if isinstance(node, TRY + (ast.With,)) else 'implied')
        for handler in getattr(node, 'handlers', []):
            h = handler._point = self.points.add('handler', self.function, self.line(handler), n)
            mark = ast.copy_location(ast.Expr(value=self.call('statement', h, handler.body[0])), handler.body[0])
            self.block(handler.body, h)
            handler.body.insert(0, mark)
        return node

    def members(self, node):
        """A class body is always run: only its functions are of interest."""
        for member in node.body:
            if isinstance(member, ast.FunctionDef):
                self.mark(member, -1)

    def test(self, node, n):
        """Mark the leaves of a condition."""
        if isinstance(node, ast.BoolOp):
            node.values = [self.test(v, n) for v in node.values]
            node._tested = True
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.test(node.operand, n)
            return node
        if isinstance(node, ast.Compare) or not is_constant(node):
            first = node._outcomes = self.points.add('true', self.function, self.line(node), n)
            self.points.add('false', self.function, self.line(node), n)
            return self.call('condition', first, node, node)
        return node

    def items(self, node, n):
        first = self.points.add('some', self.function, self.line(node), n)
        self.points.add('end', self.function, self.line(node), n)
        return self.call('loop', first, node, node)

    def expressions(self, statement, n):
        """Mark the conditions inside the expressions of a statement."""
        for field, value in ast.iter_fields(statement):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, (ast.expr, ast.comprehension, ast.keyword)):
                    self.expression(child, n)

    def expression(self, node, n):
        if isinstance(node, ast.IfExp):
            node.test = self.test(node.test, n)
        if isinstance(node, ast.comprehension):
            node.ifs = [self.test(c, n) for c in node.ifs]
        if isinstance(node, ast.BoolOp) and not hasattr(node, '_tested'):
            node.values[:-1] = [self.test(v, n) for v in node.values[:-1]]
        for child in ast.iter_child_nodes(node):
            self.expression(child, n)


def is_constant(node):
    kinds = (ast.Num, ast.Str) if PY2 else (ast.Num, ast.Str, ast.NameConstant) if sys.version_info < (3, 8) else (ast.Constant,)
    return isinstance(node, kinds) or isinstance(node, ast.Name) and node.id in ('True', 'False')


def is_docstring(node):
    kinds = (ast.Str,) if PY2 or sys.version_info < (3, 8) else (ast.Constant,)
    return isinstance(node, ast.Expr) and isinstance(node.value, kinds)


def mark(source, points):
    """A copy of a source's tree with marks in what is measured; the source's own nodes learn their points."""
    copied = copy.copy(source)
    copied.tree = copy.deepcopy(source.tree)
    marker = Marker(points, source)
    for (name, node), (_, original) in zip(copied.measured(), source.measured()):
        pairs = list(zip(ast.walk(node), ast.walk(original)))
        marker.function = name.rpartition('.')[0]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            marker.mark(node, -1)
        for s, o in pairs:
            vars(o).update((key, value) for key, value in vars(s).items() if key in ('_point', '_outcomes'))
    return ast.fix_missing_locations(copied.tree)


def run(plan, sources, names):
    """Ask all cases of the sources with marks in those of the names: the points, what each case hits, the answers."""
    points = Points()
    setattr(sys.modules['__builtin__' if PY2 else 'builtins'], '__points__', points)
    trees = dict((name, mark(sources[name], points)) for name in names)
    for name in names:
        if name not in inprocess.SERVER:
            inprocess.replace_library(sources[name], trees[name])
    answers, hits = [None] * len(plan.cases), [None] * len(plan.cases)
    for group in plan.groups:
        group.enter(sources, trees)
        for i, case in enumerate(plan.cases):
            if case['setup'] in group.by_number:
                points.hits = hits[i] = set()
                inprocess.forget(sources)
                answers[i] = inprocess.ask(group, case)
    for name in names:
        if name not in inprocess.SERVER:
            inprocess.replace_library(sources[name], sources[name].tree)
    return points.points, hits, answers


def main():
    plan, sources = inprocess.Plan(sys.argv[1]), inprocess.sources()
    points, hits, answers = run(plan, sources, inprocess.in_order(sources))
    for n, point in enumerate(points):
        point['hit'] = any(n in case for case in hits)
    with io.open(sys.argv[2], 'wb') as f:
        f.write(json.dumps({'answers': answers, 'points': points}).encode('ascii'))


if __name__ == '__main__':
    main()
