"""import-linter's `protected` contract, with doors that anybody may use."""

from typing import cast

import grimp
from importlinter import ContractCheck, fields
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ModuleExpression


class DoorsContract(ProtectedContract):
    """Protected packages are entered from outside by the modules named in `doors` alone."""

    type_name = "doors"

    doors = fields.ListField(subfield=fields.ModuleExpressionField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Set aside the imports of a door, then check as `protected` does."""
        # import-linter replaces a field by its value when it makes the contract.
        expressions = cast(list[ModuleExpression], self.doors)
        for door in module_expressions_to_modules(graph, expressions):
            if door.name not in graph.modules:
                continue
            for importer in graph.find_modules_that_directly_import(door.name):
                graph.remove_import(importer=importer, imported=door.name)
        return super().check(graph, verbose)
