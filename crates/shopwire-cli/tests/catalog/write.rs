//! `catalog write`.

use common_model::Value;

use crate::{
    folder,
    support::{Run, command, run},
};

fn write(args: &[&str], source: &str) -> Run {
    let all: Vec<&str> = [
        "catalog",
        "write",
        "-",
        "--date",
        "2026-01-01 10:00",
        "--shop-name",
        "S",
    ]
    .iter()
    .chain(args)
    .copied()
    .collect();
    run(&mut command(&all), source)
}

// J6
#[test]
fn j6_csv_becomes_a_feed_by_a_mapping_of_columns() {
    let source = "SKU;Title;Cost;Stock;Group;Photo;Second;Size;Note\n\
        K-1;Kettle;1250.00;14;Kitchen > Kettles;http://a/1;http://a/2;1.7 l;x\n\
        K-2;\"Kettle; small\";990,50;0;Kitchen > Kettles;;;;\n";
    let args = [
        "--from",
        "csv",
        "--to",
        "icml",
        "--map",
        "id=SKU",
        "--map",
        "name=Title",
        "--map",
        "price=Cost",
        "--map",
        "quantity=Stock",
        "--map",
        "category=Group",
        "--map",
        "picture=Photo",
        "--map",
        "picture=Second",
        "--map",
        "param.size=Size",
    ];
    let done = write(&args, source);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stderr.contains("source: Note (1)"), "{}", done.stderr);
    for part in [
        "<offer id=\"K-1\" productId=\"K-1\" quantity=\"14\">",
        "<price>1250.00</price>",
        "<price>990.50</price>",
        "<picture>http://a/1</picture>\n        <picture>http://a/2</picture>",
        "<name>Kettle; small</name>",
        "<param name=\"Size\" code=\"size\">1.7 l</param>",
        ">Kitchen</category>",
    ] {
        assert!(done.stdout.contains(part), "{part}\n{}", done.stdout);
    }
    let checked = run(
        &mut command(&["catalog", "check", "-", "--strict"]),
        &done.stdout,
    );
    assert_eq!(checked.code, 0, "{checked:?}");
}

// J6
#[test]
fn j6_json_lines_keep_the_digits_of_amounts() {
    let source = "{\"id\":\"1\",\"name\":\"A\",\"price\":10.00,\"currency\":\"UAH\",\"url\":\"http://a/1\",\"available\":true,\"categoryId\":5,\
        \"categoryName\":\"Tea\",\"params\":{\"Size\":\"L\"}}\n\n\
        {\"id\":\"2\",\"name\":\"B\",\"price\":12345678901234567.89,\"currency\":\"UAH\",\"url\":\"http://a/2\",\"categoryId\":5}\n";
    let done = write(&["--to", "yml"], source);
    assert_eq!(
        (done.code, done.stderr.as_str()),
        (0, "2 offers written, 0 refused\n"),
        "{done:?}"
    );
    for part in [
        "<price>10.00</price>",
        "<price>12345678901234567.89</price>",
        "<currency id=\"UAH\" rate=\"1\"/>",
        "<category id=\"5\">Tea</category>",
        "<param name=\"Size\">L</param>",
        "available=\"true\"",
    ] {
        assert!(done.stdout.contains(part), "{part}\n{}", done.stdout);
    }
}

// J6
#[test]
fn j6_bad_rows_are_told_with_their_lines() {
    let source = "{\"id\":\"1\",\"name\":\"A\",\"price\":1}\nnot JSON\n[1]\n{\"id\":\"2\",\"name\":\"B\",\"price\":\"1 000\"}\n";
    let done = write(&["--to", "icml", "--skip-bad"], source);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr
            .contains("standard input:2: error: the line is not JSON"),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr
            .contains("standard input:3: error: the line is not a JSON object [row]"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains(
        "standard input:4: error: offer 2: price: `1 000` has a thousands separator [thousands]"
    ));
    assert!(done.stderr.contains("1 offers written, 3 refused"));
    assert_eq!(write(&["--to", "icml"], source).code, 1);
    let wrong = write(&["--to", "icml", "--map", "prise=cost"], source);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong
            .stderr
            .contains("there is no field `prise`; there is price"),
        "{}",
        wrong.stderr
    );
}

// J6
#[test]
fn j6_an_export_of_retailcrm_becomes_a_feed() {
    let folder = folder("retailcrm");
    let groups = folder.join("groups.jsonl");
    std::fs::write(
        &groups,
        "{\"id\":1,\"externalId\":\"g-1\",\"name\":\"Kitchen\"}\n{\"id\":2,\"externalId\":\"g-2\",\"parentId\":1,\"name\":\"Kettles\"}\n",
    )
    .expect("written");
    let product = r#"{"id":10,"externalId":"43","name":"Kettle","url":"http://a/43","manufacturer":"Acme","article":"P","active":true,
        "markable":false,"popular":true,"description":"d","groups":[{"id":2,"externalId":"g-2"}],"imageUrl":"http://a/p.jpg",
        "offers":[{"id":100,"externalId":"43#1","name":"Kettle red","price":1250.50,"prices":[{"priceType":"base","price":1250.50,"currency":"UAH"},
        {"priceType":"wholesale","price":1000}],"quantity":3,"article":"A-1","xmlId":"x","images":["http://a/1.jpg"],"weight":1500,
        "properties":{"color":"red"},"active":true,"unit":{"code":"pcs","name":"Piece","sym":"pc."}},
        {"id":101,"name":"Kettle blue","price":1300,"quantity":0,"active":false}]}"#
        .replace('\n', "");
    let args = [
        "--from",
        "retailcrm",
        "--to",
        "icml",
        "--categories",
        groups.to_str().expect("UTF-8"),
    ];
    let done = write(&args, &product);
    assert_eq!(done.code, 0, "{done:?}");
    for part in [
        "<category id=\"g-2\" parentId=\"g-1\">Kettles</category>",
        "<offer id=\"43#1\" productId=\"43\" quantity=\"3\">",
        "<offer id=\"101\" productId=\"43\" quantity=\"0\">",
        "<price>1250.50</price>",
        "<productName>Kettle</productName>",
        "<param name=\"Article\" code=\"article\">A-1</param>",
        "<param name=\"color\" code=\"color\">red</param>",
        "<activity>N</activity>",
        "<unit code=\"pcs\" name=\"Piece\" sym=\"pc.\"/>",
    ] {
        assert!(done.stdout.contains(part), "{part}\n{}", done.stdout);
    }
    for lost in [
        "source: popular (1)",
        "source: price of type wholesale (1)",
        "--weight-unit) (1)",
        "id stands in its place (1)",
    ] {
        assert!(done.stderr.contains(lost), "{lost}\n{}", done.stderr);
    }
    let weighed = write(&[&args[..], &["--weight-unit", "g"]].concat(), &product);
    assert!(
        weighed.stdout.contains("<weight>1.5</weight>"),
        "{}",
        weighed.stdout
    );
    // A group that is not in the file is a mistake, and no group of its own.
    let strange = product.replace("g-2", "g-9");
    let refused = write(&args, &strange);
    assert!(
        refused.code == 1 && refused.stderr.contains("[category-unknown]"),
        "{refused:?}"
    );
}

// J6
#[test]
fn j6_exports_of_nicechat_and_uvygoda_become_feeds() {
    let product = r#"{"id":"PQ1","category":"CQ1","title":"T","price":10.00,"currency":"usd","description":"d","url":"http://a/1","image_url":"http://a/1.jpg","in_stock":true}"#;
    let done = write(&["--from", "nicechat", "--to", "google-csv"], product);
    assert_eq!(done.code, 0, "{done:?}");
    let row = done.stdout.lines().nth(1).expect("a row");
    assert!(
        row.starts_with("PQ1,T,d,http://a/1,http://a/1.jpg,,in_stock,10.00 USD,"),
        "{row}"
    );
    assert!(
        done.stderr.contains("name of a category"),
        "{}",
        done.stderr
    );

    let card = r#"{"ID":5,"NAME":"Card","STAGE":"PUBLIC","SECTION_ID":123,"URL":"https://uvygoda.ru/x","VALUES":{"PRICE":99.90},
        "PROPERTIES":{"1":{"ID":1,"NAME":"Colour","VALUES":{"1":{"ID":1,"VALUE":"red"}}},"2":{"ID":2,"NAME":"None","VALUES":false}}}"#
        .replace('\n', "");
    let done = write(
        &[
            "--from",
            "uvygoda",
            "--to",
            "yml",
            "--map",
            "price=VALUES.PRICE",
            "--currency",
            "RUB",
        ],
        &card,
    );
    assert_eq!(done.code, 0, "{done:?}");
    for part in [
        "<offer id=\"5\" available=\"true\">",
        "<price>99.90</price>",
        "<param name=\"Colour\">red</param>",
        "<categoryId>123<",
    ] {
        assert!(done.stdout.contains(part), "{part}\n{}", done.stdout);
    }
}

// J6
#[test]
fn j6_a_report_of_what_was_written_is_json() {
    let out = folder("report").join("yml.xml");
    let args = [
        "--to",
        "yml",
        "--json",
        "--output",
        out.to_str().expect("UTF-8"),
    ];
    let done = write(
        &args,
        "{\"id\":\"1\",\"name\":\"A\",\"price\":1,\"xmlId\":\"x\"}\n",
    );
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{done:?}");
    let report = done.json();
    assert_eq!(report.get("written").and_then(Value::as_i64), Some(1));
    assert_eq!(
        report.pointer("/lost/xmlId").and_then(Value::as_i64),
        Some(1)
    );
    assert_eq!(
        write(&["--to", "yml", "--json"], "").code,
        2,
        "the feed has standard output"
    );
}

// J6, J8: the reason of a full disk names what could not be written, not the source.
#[cfg(target_os = "linux")]
#[test]
fn j8_an_output_that_cannot_be_written_is_named() {
    let args = ["--to", "yml", "--currency", "UAH", "--output", "/dev/full"];
    let done = write(&args, "{\"id\":\"1\",\"name\":\"A\",\"price\":\"1\"}\n");
    assert_eq!(done.code, 1, "{done:?}");
    let told = "/dev/full cannot be written: ";
    assert!(done.stderr.contains(told), "{}", done.stderr);
}

// J6
#[test]
fn j6_a_mapped_column_that_the_table_lacks_is_told_once() {
    let source = "SKU;Title;Cost\nK-1;Kettle;12\nK-2;Mug;5\n";
    for (column, hint) in [
        ("sku", "there is no column sku; did you mean SKU?"),
        (
            "Quantity",
            "there is no column Quantity; there are SKU, Title, Cost",
        ),
    ] {
        let map = format!("id={column}");
        let done = write(&["--from", "csv", "--to", "yml", "--map", &map], source);
        assert_eq!((done.code, done.stdout.as_str()), (1, ""), "{done:?}");
        assert!(done.stderr.contains(hint), "{}", done.stderr);
        assert!(done.stderr.lines().count() <= 2, "{}", done.stderr);
    }
}
