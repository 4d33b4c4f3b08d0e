"""A squashed migration makes what those that it replaces made, one after the other."""

from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState


class OneAfterTheOther(MigrationLoader):
    """As a node reads them that has some of the replaced ones."""

    def load_disk(self) -> None:
        super().load_disk()
        found = self.disk_migrations.items()
        self.disk_migrations = {key: one for key, one in found if not one.replaces}


def made(loader: MigrationLoader) -> dict[tuple[str, str], Any]:
    """All tables as the migrations leave them; no database is asked."""
    return {key: described(state) for key, state in loader.project_state().models.items()}


def described(state: ModelState) -> dict[str, Any]:
    fields = {name: field.deconstruct()[1:] for name, field in state.fields.items()}
    named = {
        kind: sorted((one.deconstruct() for one in state.options.get(kind, [])), key=str)
        for kind in ("indexes", "constraints")
    }
    return {"fields": fields, "bases": state.bases, **(state.options | named)}


def test_a_new_node_has_the_tables_of_an_old_one() -> None:
    at_once, after = MigrationLoader(None), OneAfterTheOther(None)
    assert set(at_once.graph.nodes) - set(after.graph.nodes), "some are squashed"
    new, old = made(at_once), made(after)
    assert new.keys() == old.keys() and len(new) > 200
    assert {key: new[key] for key in new if new[key] != old[key]} == {}
