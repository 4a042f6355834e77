"""Files of `shopwire export`, read by DuckDB, pandas and pyarrow: the types and values are those of the service."""

import datetime
import decimal
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.parse
import urllib.request

import duckdb
import pandas
import pyarrow
import pyarrow.parquet

from sandbox import ROOT, SHOPWIRE, running

ORDERS = 250
PRICE = "1180.10"
CREATED = "2026-03-29 02:30:00"
COMMENT = 'a "comment", with\nlines; Це товар'


def load(retailcrm):
    """Creates orders; batches of 50 are the most that the service takes."""
    orders = [
        {
            "externalId": f"ext-{number}",
            "number": f"{number:03}",
            "firstName": "Анна",
            "customerComment": COMMENT,
            "createdAt": CREATED,
            "call": number % 2 == 0,
            "delivery": {"cost": PRICE, "date": "2026-04-01", "address": {"city": "Київ"}},
            "items": [
                {"productName": "Pen", "quantity": 2, "initialPrice": 1.5},
                {"productName": "Ink", "quantity": 1, "initialPrice": 10},
            ],
        }
        for number in range(1, ORDERS + 1)
    ]
    for start in range(0, ORDERS, 50):
        form = urllib.parse.urlencode({"orders": json.dumps(orders[start : start + 50])})
        request = urllib.request.Request(
            f"{retailcrm['url']}/api/v5/orders/upload",
            data=form.encode(),
            headers={"X-API-KEY": retailcrm["api_key"]},
        )
        with urllib.request.urlopen(request) as response:
            assert json.load(response)["success"], "the upload failed"


def export(settings, folder, name, *options):
    """Exports the orders to a file of this name."""
    path = pathlib.Path(folder) / name
    environment = {
        **os.environ,
        "RETAILCRM_URL": settings["url"],
        "RETAILCRM_API_KEY": settings["api_key"],
        "HOME": folder,
    }
    command = [SHOPWIRE, "export", "retailcrm", "orders", "--output", path, "--quiet", *options]
    subprocess.run(command, env=environment, check=True)
    return path


def same(what, found, wanted):
    """Stops with both values when they differ."""
    if found != wanted:
        raise SystemExit(f"{what}: {found!r}, not {wanted!r}")


def parquet_in_duckdb(path, count):
    """Types and values as DuckDB sees them."""
    table = duckdb.sql(f"select * from '{path}' order by number")
    types = dict(zip(table.columns, map(str, table.types)))
    for column, wanted in {
        "id": "BIGINT",
        "number": "VARCHAR",
        "totalSumm": "DECIMAL(38,9)",
        "createdAt": "TIMESTAMP",
        "call": "BOOLEAN",
        "delivery.cost": "DECIMAL(38,9)",
        "delivery.date": "DATE",
        "delivery.address.city": "VARCHAR",
        "items": "JSON",
        "customer": "JSON",
        "_other": "JSON",
    }.items():
        same(f"DuckDB's type of {column}", types[column], wanted)
    query = """select count(*), count(distinct id), sum("delivery.cost"), min("createdAt"), max("delivery.date"),
        min("customerComment"), count(*) filter ("call"), sum(json_array_length(items)) from orders"""
    found = table.query("orders", query).fetchall()[0]
    same("DuckDB's rows", found, (
        count, count, decimal.Decimal(PRICE) * count, datetime.datetime.fromisoformat(CREATED),
        datetime.date(2026, 4, 1), COMMENT, count // 2, 2 * count,
    ))


def parquet_in_pandas(path, count):
    """Types and values as pandas and pyarrow see them."""
    schema = pyarrow.parquet.read_schema(path)
    for column, wanted in {
        "id": pyarrow.int64(),
        "totalSumm": pyarrow.decimal128(38, 9),
        "createdAt": pyarrow.timestamp("us"),
        "delivery.date": pyarrow.date32(),
        "call": pyarrow.bool_(),
        "firstName": pyarrow.string(),
    }.items():
        same(f"pyarrow's type of {column}", schema.field(column).type, wanted)
    frame = pandas.read_parquet(path).sort_values("number")
    same("pandas' rows", len(frame), count)
    same("pandas' decimal", frame["delivery.cost"].iloc[0], decimal.Decimal(PRICE))
    same("pandas' date", frame["delivery.date"].iloc[0], datetime.date(2026, 4, 1))
    same("pandas' time", frame["createdAt"].iloc[0], pandas.Timestamp(CREATED))
    same("pandas' zone", frame["createdAt"].dt.tz, None)
    same("pandas' JSON", len(json.loads(frame["items"].iloc[0])), 2)
    same("pandas' text", frame["customerComment"].iloc[-1], COMMENT)


def guide(folder):
    """The SQL of the guide's chapter, as it stands there."""
    chapter = (ROOT / "docs/guide.md").read_text(encoding="utf-8").split("\n## A night's export\n")[1].split("\n## ")[0]
    blocks = [block.split("```")[0] for block in chapter.split("```sql\n")[1:]]
    queries = [query for block in blocks for query in block.split(";\n") if query.strip()]
    session = duckdb.connect()
    session.execute(f"set file_search_path = '{folder}'")
    answers = [session.execute(query).fetchall() for query in queries]
    cities, sold, customers = answers
    same("the guide's cities", [row[:2] for row in cities], [("Київ", ORDERS)])
    same("the guide's items", sold, [("Pen", 2 * ORDERS), ("Ink", ORDERS)])
    same("the guide's customers", sum(row[1] for row in customers), ORDERS)


def csv_and_lines(csv, lines, items, count):
    """The same rows out of CSV and JSON Lines."""
    rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    same("JSON Lines", len(rows), count)
    frame = pandas.read_csv(csv, dtype={"number": str})
    same("CSV in pandas", list(frame["number"]), [row["number"] for row in rows])
    same("a text with lines", frame["customerComment"].iloc[0], COMMENT)
    found = duckdb.sql(f"select count(*), sum(\"delivery.cost\"::decimal(18,2)) from read_csv('{csv}')").fetchall()[0]
    same("CSV in DuckDB", found, (count, decimal.Decimal(PRICE) * count))
    found = duckdb.sql(f"select count(*), sum(\"items.quantity\") from '{items}'").fetchall()[0]
    same("items as rows", found, (2 * count, decimal.Decimal(3 * count)))


def main():
    """Exports one account in all formats and reads the files back."""
    with running() as settings, tempfile.TemporaryDirectory() as folder:
        retailcrm = settings["retailcrm"]
        load(retailcrm)
        whole = export(retailcrm, folder, "orders.parquet")
        parquet_in_duckdb(whole, ORDERS)
        parquet_in_pandas(whole, ORDERS)
        guide(folder)
        items = export(retailcrm, folder, "items.parquet", "--flatten", "items")
        csv_and_lines(
            export(retailcrm, folder, "orders.csv"),
            export(retailcrm, folder, "orders.jsonl"),
            items,
            ORDERS,
        )
    print(f"DuckDB {duckdb.__version__}, pandas {pandas.__version__}, pyarrow {pyarrow.__version__}: {ORDERS} orders")


main()
