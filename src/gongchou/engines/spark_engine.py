"""The selection by Apache Spark, for frames that lie on a cluster already. Needs pyspark; nothing else
does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from gongchou.draw.select import Quota, Ranked
from gongchou.engines.two_phase import FRAME, SURVIVORS, Dialect, two_phase, usual_margin

DIALECT = Dialect(
    ticket=Template("sha2(concat('$prefix:', $key), 256)"),
    # A plain view would hash the frame again for every question about it.
    keep=Template("CACHE TABLE $table AS $query"),
    drop=Template("DROP VIEW IF EXISTS $table"),
)


def select(
    source: Path | DataFrame,
    *,
    spark: SparkSession,
    prefix: str,
    quotas: Mapping[str, Quota],
    ticket_key: str = "object",
    suite: str = "sha256",
    excluded: Collection[str] = (),
    margin: Callable[[int], int] = usual_margin,
) -> Iterator[Ranked]:
    """Yield ranks 1 to n + reserve of every stratum, by (stratum, rank), as the core would.

    source: ``frame.tsv``, a Parquet file (named ``….parquet``), or a data frame with text columns stratum,
        object and, when ``ticket_key`` is ``unit``, unit. Its grammar, and that no object stands in it twice,
        is not checked here.
    spark: a session in which nobody else uses temporary views named ``gongchou_…`` meanwhile

    The other arguments and the errors are those of ``two_phase``.
    """
    frame = _read_frame(spark, source, with_unit=ticket_key == "unit") if isinstance(source, Path) else source
    frame.createOrReplaceTempView(FRAME)
    session = _Session(spark)
    try:
        yield from two_phase(
            session,
            prefix=prefix,
            quotas=quotas,
            ticket_key=ticket_key,
            suite=suite,
            excluded=excluded,
            margin=margin,
        )
    finally:
        for table in (SURVIVORS, FRAME):
            session.run(DIALECT.drop.substitute(table=table))


class _Session:
    dialect = DIALECT

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        shape = ", ".join(f"{column} STRING" for column in columns)
        self._spark.createDataFrame([tuple(row) for row in rows], shape).createOrReplaceTempView(table)

    def run(self, statement: str) -> None:
        self._spark.sql(statement)

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        # A row of Spark is a tuple already. Partitions come one after the other, in the order of the sort.
        yield from self._spark.sql(query).toLocalIterator(prefetchPartitions=True)


def _read_frame(spark: SparkSession, source: Path, *, with_unit: bool) -> DataFrame:
    if source.suffix == ".parquet":
        return spark.read.parquet(str(source))
    names = ["stratum", "object", "pool"] + ["unit"] * with_unit
    shape = ", ".join(f"{name} STRING" for name in names)
    return spark.read.schema(shape).csv(str(source), sep="\t", quote="", escape="", header=False, mode="FAILFAST")
