"""Conditions on the flows of a process: comparisons and logic, nothing that could run code."""

import ast
from collections.abc import Mapping
from typing import Any

COMPARE = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


class BadCondition(ValueError):
    """The expression is more than names, constants, comparisons, and/or/not."""


def parse(text: str) -> ast.expr:
    """The checked tree of a condition."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise BadCondition(text) from error
    _check(tree)
    return tree


def names(text: str) -> set[str]:
    return {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}


def holds(text: str, data: Mapping[str, Any]) -> bool:
    """Whether a condition holds. A name without a value is None."""
    return bool(_value(parse(text), data))


def _check(node: ast.expr) -> None:
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            _check(part)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check(node.operand)
    elif isinstance(node, ast.Compare):
        if any(type(operator) not in COMPARE for operator in node.ops):
            raise BadCondition(ast.unparse(node))
        for part in (node.left, *node.comparators):
            _check(part)
    elif not isinstance(node, ast.Name) and not (
        isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool)
    ):
        raise BadCondition(ast.unparse(node))


def _value(node: ast.expr, data: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.BoolOp):
        parts = (_value(part, data) for part in node.values)
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if isinstance(node, ast.UnaryOp):
        return not _value(node.operand, data)
    if isinstance(node, ast.Compare):
        return _compare(node, data)
    if isinstance(node, ast.Name):
        return data.get(node.id)
    assert isinstance(node, ast.Constant)
    return node.value


def _compare(node: ast.Compare, data: Mapping[str, Any]) -> bool:
    left = _value(node.left, data)
    for operator, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, data)
        try:
            if not COMPARE[type(operator)](left, right):
                return False
        except TypeError:
            return False
        left = right
    return True
