"""Parquet files of follows between Birdbox and the programs of researchers: pyarrow and DuckDB."""

import os
import subprocess
import tempfile
from functools import wraps
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
from runner import run

BIRDBOX = os.environ["BIRDBOX"]
# Ids of X, large and small, and more rows than one page or dictionary holds.
PAIRS = [(1_500_000_000_000_000_000 + row % 997, 1 + row * 7919 % 300_007) for row in range(60_000)]


def birdbox(place, *arguments):
    done = subprocess.run([BIRDBOX, *arguments, "--data", place / "data"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def load(place, file, *arguments):
    """The follows of a data directory that has just taken in a file."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        folder = Path(folder)
        birdbox(folder, "import", "edges", str(file), "--direction", "follows", "--yes", *arguments)
        rows = birdbox(folder, "export", "edges").splitlines()[1:]
        return sorted(tuple(map(int, row.split(","))) for row in rows)


def table(kind):
    value = int if pyarrow.types.is_integer(kind) else str
    followers, followed = (pyarrow.array(map(value, ids), kind) for ids in zip(*PAIRS))
    return pyarrow.table({"a": followers, "b": followed})


def pyarrow_writes(place):
    """what pyarrow writes is read, with each packing and each kind of ids"""
    kinds = [pyarrow.int64(), pyarrow.uint64(), pyarrow.string(), pyarrow.large_string()]
    packed = [(pyarrow.int64(), packing) for packing in ["none", "gzip", "zstd", "lz4"]]
    for kind, compression in [(kind, "snappy") for kind in kinds] + packed:
        file = place / "follows.parquet"
        pyarrow.parquet.write_table(table(kind), file, compression=compression, row_group_size=25_000)
        assert load(place, file) == sorted(set(PAIRS)), (kind, compression)


def pyarrow_writes_otherwise(place):
    """and with checksums of pages, pages of the second version, other encodings and more columns"""
    file = place / "follows.parquet"
    delta = {"use_dictionary": False, "column_encoding": {"a": "DELTA_BINARY_PACKED", "b": "BYTE_STREAM_SPLIT"}}
    for options in [{"write_page_checksum": True}, {"data_page_version": "2.0"}, {"version": "1.0"}, delta]:
        pyarrow.parquet.write_table(table(pyarrow.int64()), file, **options)
        assert load(place, file) == sorted(set(PAIRS)), options
    wide = table(pyarrow.int64()).append_column("weight", pyarrow.array([1.5] * len(PAIRS)))
    pyarrow.parquet.write_table(wide, file)
    assert load(place, file, "--columns", "b,a") == sorted({(followed, follower) for follower, followed in PAIRS})


def duckdb_writes(place):
    """what DuckDB writes is read"""
    file = place / "follows.parquet"
    with duckdb.connect() as base:
        base.register("follows", table(pyarrow.int64()))
        base.execute(f"COPY follows TO '{file}' (FORMAT parquet)")
    assert load(place, file) == sorted(set(PAIRS))


def both_read(place):
    """what Birdbox writes is read by both, with whole ids and in its order"""
    text, file = place / "follows.csv", place / "follows.parquet"
    text.write_text("".join(f"{one},{other}\n" for one, other in PAIRS))
    birdbox(place, "import", "edges", str(text), "--direction", "follows", "--yes")
    birdbox(place, "export", "edges", "--format", "parquet", "-o", str(file))
    rows = [tuple(map(int, row.split(","))) for row in birdbox(place, "export", "edges").splitlines()[1:]]
    read = pyarrow.parquet.read_table(file)
    assert read.schema.names == ["follower_id", "followed_id"], read.schema
    assert set(read.schema.types) == {pyarrow.uint64()}, read.schema
    assert list(zip(*(column.to_pylist() for column in read.columns))) == rows
    with duckdb.connect() as base:
        assert base.execute(f"SELECT * FROM '{file}'").fetchall() == rows


def in_a_folder(check):
    """The check with a folder of its own."""

    @wraps(check)
    def checked():
        with tempfile.TemporaryDirectory() as place:
            check(Path(place))

    return checked


run(map(in_a_folder, [pyarrow_writes, pyarrow_writes_otherwise, duckdb_writes, both_read]))
