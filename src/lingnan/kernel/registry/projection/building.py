"""Making a copy and bringing it up to date.

In this order, without a long transaction: first the mark of bulk loads is taken, then the rows
without versions are read, then the mark of versions is taken, then the versions up to it are read.
A row that was changed before we came to it has all its versions below the second mark; one that is
changed afterwards was read as it was, and its versions come with the next delta. Statements are
never altered, so that what is read twice says the same twice.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.db.models import Max, Min

from lingnan.kernel.registry.projection import engine, manifest, source, watermark
from lingnan.kernel.registry.projection.files import Family, schema, written
from lingnan.kernel.registry.projection.layout import Layout, layout, projected_types
from lingnan.kernel.registry.projection.manifest import Manifest, Part
from lingnan.kernel.registry.projection.memory import given_back
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.models import BulkLoad

logger = logging.getLogger(__name__)
# So many files of deltas are folded into one; so great a share of touched rows is a rebuild.
MANY, SHARE = 16, 0.2


def bring_up_to_date(model: type[Record], rebuild: bool = False) -> Manifest:
    """A copy that knows what is committed now. Raises Busy, Unsettled, NotProjected."""
    shape = layout(model)
    with manifest.building(model) as place:
        held = manifest.read(model)
        if rebuild or held is None or held.schema != shape.digest or _worn(held):
            made = _rebuilt(model, shape, place)
        else:
            made = _continued(model, shape, place, held)
            if len(made.several) > MANY:
                made = replace(made, several=_folded(shape, place, made))
        return manifest.write(model, made)


def all_up_to_date() -> int:
    """Every copy; returns how many statements they hold. A busy one is left to who makes it."""
    rows = 0
    for model in projected_types():
        try:
            with given_back():
                rows += bring_up_to_date(model).rows
        except (manifest.Busy, watermark.Unsettled):
            continue
        except Exception:
            # One register does not hold up the others; its copy stays as it was, and ages.
            logger.exception("the copy of %s was not brought up to date", model._meta.label)
    return rows


def _worn(held: Manifest) -> bool:
    """Whether so many rows were touched that every count folds more than it scans."""
    several = sum(part.rows for part in held.several)
    return several > 1_000_000 and several > SHARE * held.rows and len(held.several) > MANY


def _rebuilt(model: type[Record], shape: Layout, place: Path) -> Manifest:
    loads = watermark.of_loads()
    single = written(place, shape, "single", source.unversioned(model, shape, source.Span()))
    to = watermark.of_versions(model)
    alone, several = Family(place, shape, "single"), Family(place, shape, "several")
    for one, others in _divided(source.versions(model, shape, to)):
        alone.add(one)
        several.add(others)
    return _stated(shape, to, loads, (*single, *alone.close()), several.close())


def _stated(
    shape: Layout, versions: int, loads: int, single: tuple[Part, ...], several: tuple[Part, ...]
) -> Manifest:
    legal = legal_time.now().isoformat()
    return Manifest(shape.digest, versions, loads, manifest.now(), legal, single, several)


def _divided(tables: Iterator[pa.Table]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Versions by key, apart: records with one open version, and all versions of the others."""
    rest: pa.Table | None = None
    for table in tables:
        whole = pa.concat_tables([rest, table]) if rest is not None else table
        keys = whole["key"].to_numpy()
        # The last record may go on in the next table.
        end = int(np.searchsorted(keys, keys[-1]))
        rest = whole.slice(end)
        yield _apart(whole.slice(0, end))
    if rest is not None:
        yield _apart(rest)


def _apart(table: pa.Table) -> tuple[pa.Table, pa.Table]:
    keys = table["key"].to_numpy()
    same = keys[1:] == keys[:-1]
    several = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    if not len(keys):
        return table, table
    several |= table["valid_to"].is_valid().to_numpy()
    return table.filter(pa.array(~several)), table.filter(pa.array(several))


def _continued(model: type[Record], shape: Layout, place: Path, held: Manifest) -> Manifest:
    """The copy with what was loaded and stated since: files added, none rewritten."""
    loads = watermark.of_loads()
    loaded = _loaded(model, shape, place, held, loads)
    to = watermark.of_versions(model)
    new = source.new_versions(model, shape, held.versions_to, to)
    several = written(place, shape, "delta", new)
    return _stated(shape, to, loads, (*held.single, *loaded), (*held.several, *several))


def _loaded(
    model: type[Record], shape: Layout, place: Path, held: Manifest, to: int
) -> tuple[Part, ...]:
    """Rows of bulk loads since the last mark that the copy does not have yet."""
    marks = BulkLoad.objects.filter(
        record_type=model._meta.label_lower, id__gt=held.loads_to, id__lte=to
    )
    span = marks.aggregate(low=Min("low"), high=Max("high"))
    if span["low"] is None:
        return ()
    keys = source.Span(span["low"], span["high"])
    known = [part.file for part in held.single]
    tables = source.unversioned(model, shape, keys)
    return written(place, shape, "loaded", _unknown(place, known, tables))


def _unknown(place: Path, known: list[str], tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Rows whose key stands in none of the files: of a key that stands alone there is one row."""
    if not known:
        yield from tables
        return
    with engine.connect() as duck:
        for table in tables:
            if not table.num_rows:
                continue
            keys = table["key"].to_numpy()
            sql = (
                f"SELECT key FROM {engine.files(place, known)} "
                f"WHERE key BETWEEN {int(keys[0])} AND {int(keys[-1])}"
            )
            there = duck.sql(sql).fetchnumpy()["key"]
            yield table.filter(pa.array(~np.isin(keys, there)))


def _folded(shape: Layout, place: Path, made: Manifest) -> tuple[Part, ...]:
    """All files of several statements as one family, by key and number, each statement once."""
    columns = ", ".join(engine.named(name) for name in shape.names)
    listed = engine.files(place, [part.file for part in made.several])
    with engine.connect() as duck:
        sql = f"SELECT DISTINCT ON (key, version) {columns} FROM {listed} ORDER BY key, version"
        reader = duck.sql(sql).to_arrow_reader(65_536)
        tables = (pa.Table.from_batches([batch]).cast(schema(shape)) for batch in reader)
        return written(place, shape, "several", tables)
