//! The table, read back.

use bytes::Bytes;
use common_model::Error;
use parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::{Field, Row, RowAccessor as _},
};

use super::*;
use crate::rows::Flattener;

const COLUMNS: [(&str, Kind); 9] = [
    ("id", Kind::Integer),
    ("sum", Kind::Decimal),
    ("name", Kind::Text),
    ("items", Kind::Json),
    ("created", Kind::DateTime),
    ("day", Kind::Date),
    ("paid", Kind::Boolean),
    ("at", Kind::Time),
    ("_other", Kind::Other),
];

fn columns() -> Vec<Column> {
    let columns = COLUMNS.iter();
    let columns = columns.map(|(name, kind)| Column::new(vec![(*name).to_owned()], *kind));
    columns.collect()
}

/// Writes rows. Returns the file, and the most bytes of cells that were in memory.
fn written(rows: &[String], sizes: Sizes) -> (Bytes, usize) {
    let columns = columns();
    let flattener = Flattener::new(&columns, None);
    let mut table =
        Table::sized(&columns, Vec::new(), std::env::temp_dir(), sizes).expect("a schema");
    let mut most = 0;
    for row in rows {
        let pushed = flattener.each::<Error>(row, &mut |record| {
            table.push(record).expect("a row");
            Ok(())
        });
        pushed.expect("JSON");
        most = most.max(table.cells.iter().map(|cells| cells.bytes().len()).sum());
    }
    (table.finish().expect("a file").0.into(), most)
}

fn read(file: Bytes) -> (usize, Vec<Row>) {
    let reader = SerializedFileReader::new(file).expect("a file");
    let rows = reader.get_row_iter(None).expect("rows");
    (
        reader.num_row_groups(),
        rows.map(|row| row.expect("a row")).collect(),
    )
}

// J2: by it, DuckDB takes the text for JSON.
#[test]
fn j2_columns_of_json_say_so() {
    use parquet::basic::LogicalType;
    let schema = schema::of(&columns()).expect("a schema");
    for (field, (name, kind)) in schema.get_fields().iter().zip(COLUMNS) {
        let is_json = field.get_basic_info().logical_type_ref() == Some(&LogicalType::Json);
        assert_eq!(is_json, matches!(kind, Kind::Json | Kind::Other), "{name}");
    }
}

// J2
#[test]
fn j2_values_keep_their_types() {
    let rows = [
        r#"{"id":7,"sum":1180.10,"name":"Тов\"ар","items":[{"a":1}],"created":"2026-03-29 02:30:00","day":"1969-12-31","paid":true,"at":"08:30:00"}"#,
        r#"{"id":"8","sum":"0.000000001","name":null,"created":"","day":"0000-00-00","paid":"x","new":1}"#,
        r#"{"id":9.5,"sum":1e-10}"#,
    ];
    let (_, rows) = read(written(&rows.map(str::to_owned), SIZES).0);
    assert_eq!(rows[0].get_long(0).expect("id"), 7);
    assert_eq!(rows[0].get_string(2).expect("name"), "Тов\"ар");
    assert_eq!(rows[0].get_string(3).expect("items"), r#"[{"a":1}]"#);
    let decimal = rows[0].get_decimal(1).expect("sum");
    let digits = i128::from_be_bytes(decimal.data().try_into().expect("16 bytes"));
    assert_eq!(
        (digits, decimal.scale(), decimal.precision()),
        (1_180_100_000_000, 9, 38)
    );
    assert_eq!(
        rows[0].get_timestamp_micros(4).expect("created"),
        1_774_751_400_000_000
    );
    let day = rows[0]
        .get_column_iter()
        .nth(5)
        .map(|(_, field)| field.clone());
    assert_eq!(day, Some(Field::Date(-1)));
    assert!(rows[0].get_bool(6).expect("paid"));
    assert_eq!(rows[1].get_long(0).expect("id"), 8);
    assert_eq!(
        rows[1].get_string(8).expect("others"),
        r#"{"new":1,"day":"0000-00-00","paid":"x"}"#
    );
    assert_eq!(
        rows[2].get_string(8).expect("others"),
        r#"{"id":9.5,"sum":1e-10}"#
    );
    assert!(rows[2].get_long(0).is_err() && rows[2].get_decimal(1).is_err());
}

/// Rows of all types, with nulls, and texts of different lengths.
fn mixed(count: usize) -> Vec<String> {
    let row = |at: usize| match at % 3 {
        0 => format!(
            r#"{{"id":{at},"name":"{}","paid":true,"day":"2026-01-01"}}"#,
            "x".repeat(at % 500)
        ),
        1 => format!(r#"{{"id":{at},"sum":{at}.5,"items":[{at}],"at":"08:30:00"}}"#),
        _ => format!(r#"{{"id":"{at}","created":"2026-03-29 02:30:00","new":{at}}}"#),
    };
    (0..count).map(row).collect()
}

// J2, J3
#[test]
fn j2_row_groups_of_any_size_have_the_same_rows() {
    let rows = mixed(10_000);
    let (whole, _) = written(&rows, SIZES);
    let (groups, wanted) = read(whole.clone());
    assert_eq!((groups, wanted.len()), (1, rows.len()));
    assert_eq!(
        whole,
        written(&rows, SIZES).0,
        "the same rows give the same bytes"
    );
    let small = Sizes {
        held: 10_000,
        group: 300_000,
        rows: 4_000,
    };
    for (held, group, most_rows) in [
        (10_000, 300_000, usize::MAX),
        (1, 1 << 30, 4_000),
        (1 << 30, 100_000, 2_500),
    ] {
        let sizes = Sizes {
            held,
            group,
            rows: most_rows,
        };
        let (groups, found) = read(written(&rows, sizes).0);
        assert!(groups > 2, "{sizes:?}");
        assert!(found == wanted, "{sizes:?}");
    }
    assert_eq!(written(&rows, small).0, written(&rows, small).0);
}

// J4: the writer holds the metadata of each row group up to the end, so there must be few.
#[test]
fn j4_a_row_group_is_larger_than_the_cells_in_memory() {
    let sizes = Sizes {
        held: 20_000,
        ..SIZES
    };
    let rows = mixed(50_000);
    let (file, most) = written(&rows, sizes);
    let longest = rows.iter().map(String::len).max().expect("rows");
    assert!(most < sizes.held + longest + 100, "{most} bytes");
    let reader = SerializedFileReader::new(file).expect("a file");
    let group = reader.metadata().row_group(0);
    assert_eq!(reader.num_row_groups(), 1);
    assert!(
        group.total_byte_size() > 20 * 20_000,
        "{}",
        group.total_byte_size()
    );
}
