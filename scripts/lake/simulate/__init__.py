"""DMS-shaped files of any size from a seeded random workload, with the true rows beside them.

    lake = generate(out, random_tables(100, seed=7), rounds=4, seed=7)

The oracle, the scenarios and the benchmarks all use it.
"""

from lake.simulate.deliver import LakeTable, Truth, copy_round
from lake.simulate.disorder import FULL_DISORDER, Disorder, random_disorder
from lake.simulate.events import Reload, Truncate
from lake.simulate.generate import Lake, generate
from lake.simulate.shape import Shape, as_records, random_shape, with_partial_images
from lake.simulate.spec import TableSpec, random_tables
from lake.simulate.values import KEY_KINDS, Column
from lake.simulate.workload import Mix

__all__ = [
    "FULL_DISORDER",
    "KEY_KINDS",
    "Column",
    "Disorder",
    "Lake",
    "LakeTable",
    "Mix",
    "Reload",
    "Shape",
    "TableSpec",
    "Truncate",
    "Truth",
    "as_records",
    "copy_round",
    "generate",
    "random_disorder",
    "random_shape",
    "random_tables",
    "with_partial_images",
]
