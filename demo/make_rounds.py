"""Write demo/rounds: the files that AWS DMS would leave on S3, in the two rounds of `lake demo`.

`retail` as Parquet (a full load, then one change file) and `shop` as CSV with a header line stand
here, the systems with other envelopes in other_systems.py. The files are committed; run this after a
change: `python demo/make_rounds.py`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from other_systems import other_systems

ROUNDS = Path(__file__).resolve().parent / "rounds"

# DMS puts the timestamp column first in a load file, and after `Op` in a change file.
RETAIL_LOAD = pa.schema(
    [
        pa.field("dms_received_ts", pa.string(), nullable=False),
        pa.field("tran_id", pa.int32()),
        pa.field("tran_date", pa.date32()),
        pa.field("store_id", pa.int32()),
        pa.field("store_city", pa.string()),
        pa.field("store_state", pa.string()),
        pa.field("item_code", pa.string()),
        pa.field("quantity", pa.int32()),
        pa.field("total", pa.float64()),
    ]
)
RETAIL_CHANGES = pa.schema([pa.field("Op", pa.string()), *RETAIL_LOAD])

LOADED = "2019-03-19 09:00:00.000000"
RETAIL_ROWS = [
    (LOADED, 1, dt.date(2019, 3, 17), 1, "CHICAGO", "IL", "XXXXXX", 5, 106.25),
    (LOADED, 2, dt.date(2019, 3, 16), 2, "NEW YORK", "NY", "XXXXXX", 6, 116.25),
    (LOADED, 3, dt.date(2019, 3, 15), 3, "SPRINGFIELD", "IL", "XXXXXX", 7, 126.25),
    (LOADED, 4, dt.date(2019, 3, 17), 4, "SAN FRANCISCO", "CA", "XXXXXX", 8, 136.25),
    (LOADED, 5, dt.date(2019, 3, 11), 1, "CHICAGO", "IL", "XXXXXX", 9, 146.25),
    (LOADED, 6, dt.date(2019, 3, 18), 1, "CHICAGO", "IL", "XXXXXX", 10, 156.25),
    (LOADED, 7, dt.date(2019, 3, 14), 2, "NEW YORK", "NY", "XXXXXX", 11, 166.25),
    (LOADED, 8, dt.date(2019, 3, 11), 1, "CHICAGO", "IL", "XXXXXX", 12, 176.25),
    (LOADED, 9, dt.date(2019, 3, 10), 4, "SAN FRANCISCO", "CA", "XXXXXX", 13, 186.25),
    (LOADED, 10, dt.date(2019, 3, 13), 1, "CHICAGO", "IL", "XXXXXX", 14, 196.25),
    (LOADED, 11, dt.date(2019, 3, 14), 5, "CHICAGO", "IL", "XXXXXX", 15, 106.25),
    (LOADED, 12, dt.date(2019, 3, 15), 6, "CHICAGO", "IL", "XXXXXX", 16, 116.25),
    (LOADED, 13, dt.date(2019, 3, 16), 7, "CHICAGO", "IL", "XXXXXX", 17, 126.25),
    (LOADED, 14, dt.date(2019, 3, 16), 7, "CHICAGO", "IL", "XXXXXX", 17, 126.25),
]
INSERT_15 = (15, dt.date(2019, 3, 16), 7, "CHICAGO", "IL", "XXXXXX", 17, 126.25)
UPDATE_12 = (12, dt.date(2019, 3, 15), 6, "SPRINGFIELD", "IL", "XXXXXX", 16, 116.25)
DELETE_2 = (2, dt.date(2019, 3, 16), 2, "NEW YORK", "NY", "XXXXXX", 6, 116.25)
RETAIL_CHANGE_ROWS = [
    ("I", "2019-03-19 10:14:31.207114", *INSERT_15),
    ("U", "2019-03-19 10:14:40.553020", *UPDATE_12),
    ("D", "2019-03-19 10:14:52.018655", *DELETE_2),
]

# No timestamp column: later means a later file name, then a later place in the file.
SHOP = {
    "1/shop/public/product/LOAD00000001.csv": """\
id,name,price
1,Garden chair,49.90
2,"Table, oak",219.00
3,Reading lamp,35.50
4,Wool rug,120.00
5,Wall mirror,NULL
""",
    "1/shop/public/store/LOAD00000001.csv": """\
id,city
1,Chicago
2,New York
3,San Francisco
""",
    "1/shop/public/productorder/LOAD00000001.csv": """\
id,product_id,store_id,quantity,order_date
1001,1,1,4,2024-01-01
1002,3,2,1,2024-01-01
1003,2,1,1,2024-01-02
""",
    "2/shop/public/product/20240102-101500250.csv": """\
Op,id,name,price
U,3,Reading lamp,29.90
D,5,Wall mirror,NULL
""",
    "2/shop/public/store/20240102-101500251.csv": """\
Op,id,city
I,4,Springfield
""",
    "2/shop/public/productorder/20240102-101500252.csv": """\
Op,id,product_id,store_id,quantity,order_date
I,1004,1,4,2,2024-01-02
""",
    # The table has no key, so nobody can say which row this update means: it is rejected, and kept.
    "2/shop/public/productorder/20240102-101600118.csv": """\
Op,id,product_id,store_id,quantity,order_date
I,1005,4,2,1,2024-01-02
U,1002,3,2,2,2024-01-01
""",
}


def write_parquet(path: Path, rows: list[tuple[object, ...]], schema: pa.Schema) -> None:
    """One Parquet file of the rows, uncompressed as DMS writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [
        pa.array(column, field.type)
        for column, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    table = pa.Table.from_arrays(columns, schema=schema)
    pq.write_table(table, path, compression="NONE", store_schema=False)


def main() -> None:
    """Write every file of both rounds."""
    table = Path("retail/dev/retail_transactions")
    write_parquet(ROUNDS / "1" / table / "LOAD00000001.parquet", RETAIL_ROWS, RETAIL_LOAD)
    changes = ROUNDS / "2" / table / "20190319-101500123.parquet"
    write_parquet(changes, RETAIL_CHANGE_ROWS, RETAIL_CHANGES)
    texts = {name: text.encode() for name, text in SHOP.items()}
    for name, content in {**texts, **other_systems()}.items():
        path = ROUNDS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
