//! Rows that are wrong: all are told, and nothing is sent.

use super::{
    shop::{Shop, orders},
    support::text,
};

/// A kind, an ending, the content of a file, and what is told of it.
const FAULTS: &[(&str, &str, &str, &[&str])] = &[
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"fristName\":\"x\"}\n",
        &["line 1, fristName", "did you mean firstName?"],
    ),
    (
        "orders",
        "jsonl",
        "{\"number\":\"5\"}\n",
        &["line 1, externalId: it is missing"],
    ),
    (
        "orders",
        "jsonl",
        "\n{\"externalId\":\"a\"}\nnot json\n",
        &["line 3: the line is not JSON"],
    ),
    (
        "orders",
        "jsonl",
        "[1]\n",
        &["line 1: the line is not a JSON object"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"createdAt\":\"31.01.2026\"}\n",
        &["line 1, createdAt", "2026-01-31 08:30:00"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"items\":{\"quantity\":1}}\n",
        &["line 1, items", "list"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"items\":[{\"quantity\":\"two\"}]}\n",
        &["line 1, items[0].quantity", "decimal"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"call\":\"maybe\"}\n",
        &["line 1, call", "boolean"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"delivery\":{\"adress\":{}}}\n",
        &["line 1, delivery.adress", "address"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\"}\n{\"externalId\":\"a\"}\n",
        &["line 2, externalId", "line 1"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"_unknown\":true}\n",
        &["line 1, _unknown", "look in the account"],
    ),
    (
        "orders",
        "csv",
        "externalId,fristName\na,x\n",
        &["line 1, fristName", "did you mean firstName?"],
    ),
    (
        "orders",
        "csv",
        "externalId,firstName,firstName\na,x,y\n",
        &["line 1, firstName", "again"],
    ),
    (
        "orders",
        "csv",
        "externalId,items\na,two kettles\n",
        &["line 2, items", "JSON"],
    ),
    (
        "orders",
        "csv",
        "externalId,firstName\na,x,y\n",
        &["line 2: 3 cells under a header of 2"],
    ),
    ("orders", "csv", "externalId,firstName\na,\"x\n", &["quote"]),
    (
        "orders",
        "csv",
        "externalId,items.quantity,payments.amount\na,1,2\n",
        &["line 1, payments.amount", "items"],
    ),
    (
        "customers",
        "csv",
        "externalId;birthday\na;1990-13-01\n",
        &["line 2, birthday", "2026-01-31"],
    ),
    (
        "products",
        "csv",
        "externalId;name;type\na;Kettle;thing\n",
        &["line 2, type", "product, service"],
    ),
    (
        "products",
        "csv",
        "externalId;name\na;\n",
        &["line 2, name: it is missing"],
    ),
    (
        "prices",
        "csv",
        "externalId;prices.code;prices.price\na;base;1 234,50\n",
        &["line 2, prices[0].price", "write 1234.50"],
    ),
    (
        "prices",
        "csv",
        "prices.code;prices.price\nbase;5\n",
        &["externalId, xmlId, id: one of them is needed"],
    ),
    (
        "inventories",
        "csv",
        "externalId\na\n",
        &["line 2, stores: it is missing"],
    ),
    (
        "costs",
        "csv",
        "dateFrom,dateTo,summ,costItem\n2026-01-01,2026-01-31,5.00,\n",
        &["line 2, costItem: it is missing"],
    ),
    (
        "tasks",
        "jsonl",
        "{\"text\":\"Call\"}\n",
        &["line 1, performerId: it is missing"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"100\"}\n{\"externalId\":1e2}\n",
        &["line 2, externalId: the row of line 1 has the same one"],
    ),
    // Of a key that comes twice, one value would be lost.
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"externalId\":\"b\",\"customFields\":{\"x\":1,\"x\":2}}\n",
        &["line 1: externalId, customFields.x: the key comes twice"],
    ),
    (
        "orders",
        "csv",
        "externalId;customFields\na;\"{\"\"x\"\":1,\"\"x\"\":2}\"\n",
        &["line 2, customFields: x: the key comes twice"],
    ),
    // Text behind a closing quote: a reader would join it with the cell.
    (
        "orders",
        "csv",
        "externalId;firstName\na;\"Ann\nB\"x\nb;\"say \"\"hi\"\"\"\n",
        &["line 3: there is text behind the closing quote", "1 fault"],
    ),
    (
        "orders",
        "csv",
        "externalId,_line\na,7\nb,Ann\nc,\n",
        &["line 3, _line: it must be the number of a line", "1 fault"],
    ),
    (
        "orders",
        "jsonl",
        "{\"externalId\":\"a\",\"_line\":\"1.5\"}\n{\"externalId\":\"b\",\"_line\":7}\n",
        &["line 1, _line: it must be", "1 fault"],
    ),
    (
        "prices",
        "csv",
        "externalId;prices.code;prices.price\na;base;1.234,50\nb;base;1,234\nc;base;1.234\n",
        &[
            "line 2, prices[0].price: it must be of type decimal; write 1234.50",
            "line 3, prices[0].price: it must be of type decimal; `1,234` may be 1234 or 1.234: write one of them",
            "2 faults",
        ],
    ),
    (
        "prices",
        "csv",
        "externalId;prices.code;prices.price\na;base;1\nb;base;2\na;cost;3\na;base;4\n",
        &[
            "line 4, prices.code: the row of line 2 sets the value of this object and code already",
            "1 fault",
        ],
    ),
    // Lines that follow each other are one row.
    (
        "prices",
        "csv",
        "externalId;prices.code;prices.price\na;base;1\na;base;2\n",
        &["line 2, prices.code: the row of line 2 sets"],
    ),
    (
        "inventories",
        "jsonl",
        "{\"externalId\":\"a\",\"stores\":[{\"code\":\"m\",\"available\":1}]}\n\
         {\"xmlId\":\"a\",\"stores\":[{\"code\":\"m\",\"available\":1}]}\n\
         {\"externalId\":\"a\",\"stores\":[{\"code\":\"m\",\"available\":2}]}\n",
        &["line 3, stores.code: the row of line 1 sets", "1 fault"],
    ),
    ("orders", "csv", "", &["no rows"]),
    ("orders", "jsonl", "\n", &["no rows"]),
    (
        "prices",
        "csv",
        "externalId;prices.code;prices.price\n",
        &["no rows"],
    ),
    (
        "orders",
        "csv",
        "sep=;\r\nexternalId;fristName\r\na;x\r\n",
        &["line 2, fristName", "did you mean firstName?"],
    ),
    (
        "orders",
        "csv",
        "externalId;;firstName;\na;b;c;\n",
        &[
            "line 1: the column 2 has no name",
            "line 1: the column 4 has no name",
        ],
    ),
];

// J5
#[test]
fn j5_each_fault_is_told_with_its_place_and_nothing_is_sent() {
    let shop = Shop::new("checks");
    for (at, (kind, ending, content, parts)) in FAULTS.iter().enumerate() {
        let name = format!("bad-{at}.{ending}");
        // Good rows beside it are not sent either.
        shop.write(&name, content);
        let run = shop.import(&[kind, &name, "--yes"]);
        assert_eq!(run.code, 1, "{content}\n{}", run.stderr);
        let dry = shop.import(&[kind, &name, "--dry-run"]);
        assert_eq!(dry.code, 1, "{content}\n{}", dry.stderr);
        for part in *parts {
            assert!(
                run.stderr.contains(part),
                "{content}\n{part}\n{}",
                run.stderr
            );
        }
        assert!(run.stderr.contains("nothing was sent"), "{}", run.stderr);
        assert!(!shop.path(&format!("{name}.rejects.{ending}")).exists());
    }
    assert_eq!(shop.writes(), []);
}

// J5
#[test]
fn j5_one_wrong_row_at_the_end_keeps_all_from_being_sent_and_faults_are_bounded() {
    let shop = Shop::new("bound");
    shop.write("orders.jsonl", &(orders(1..=100) + "{}\n"));
    let run = shop.import(&["orders", "orders.jsonl", "--yes", "--json"]);
    assert_eq!((run.code, text(&run.error(), "kind")), (1, "invalid_input"));
    assert!(
        run.stderr.contains("line 101, externalId"),
        "{}",
        run.stderr
    );
    shop.write("many.jsonl", &"{}\n".repeat(5_000));
    let run = shop.import(&["orders", "many.jsonl", "--yes"]);
    assert_eq!(run.stderr.lines().count(), 101, "{}", run.stderr);
    assert!(
        run.stderr.contains("5000 faults, of which 100 are told"),
        "{}",
        run.stderr
    );
    assert_eq!(shop.writes(), []);
}
