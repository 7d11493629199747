"""Loads an exported sweep with other tools and checks types, row count and sums. Run by hand:

    npx oomscape sweep model=llama-3-8b --axis batch=1..512 --axis seq=512..128k:512 --axis weights=bf16,fp8 --csv x.csv
    npx oomscape sweep … --parquet x.parquet
    pip install duckdb pandas && python scripts/check-tables.py x.csv x.parquet
"""
import csv
import sys

import duckdb
import pandas

csv_file, parquet_file = sys.argv[1:]
components = ["weights", "gradients", "optimizer", "masterWeights", "adapters", "kvCache", "activations",
              "communication", "overhead"]

with open(csv_file, newline="") as handle:
    reader = csv.reader(handle, strict=True)
    names = next(reader)
    rows = sum(1 for row in reader if len(row) == len(names) or sys.exit(f"A row has {len(row)} cells: {row}"))

frame = pandas.read_csv(csv_file, low_memory=False)
assert list(frame.columns) == names and len(frame) == rows
estimated = frame[frame["verdict"] != "impossible"]
total = estimated["total [B]"]
assert (sum(estimated[f"{name} [B]"] for name in components) == total).all(), "components do not add up"
assert ((total > estimated["capacity [B]"]) == (estimated["verdict"] == "oom")).all(), "verdicts"

database = duckdb.connect()
types = {name: kind for name, kind, *_ in database.sql(f"describe select * from '{parquet_file}'").fetchall()}
assert all(types[f"{name} [B]"] == "BIGINT" for name in [*components, "total", "capacity"]), types
both = [database.sql(f"""select count(*), sum("total [B]") from {source}""").fetchall()[0]
        for source in (f"read_csv('{csv_file}', sample_size=-1)", f"'{parquet_file}'")]
assert both[0] == both[1] == (rows, int(total.sum())), both
differing = f"(select * from read_csv('{csv_file}', sample_size=-1) except select * from '{parquet_file}')"
assert database.sql(f"select count(*) from {differing}").fetchall() == [(0,)], "CSV and Parquet differ"
print(f"{rows} rows; {dict(frame['verdict'].value_counts())}; CSV and Parquet agree")
