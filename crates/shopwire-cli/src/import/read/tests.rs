//! Tables as rows.

use common_model::to_json;

use super::{
    super::{
        check::Checker,
        kind::Kind,
        read::{Fault, Header, Rows, rows},
    },
    *,
};
use crate::{
    args::{ImportMode, Service},
    call::Description,
};

/// Takes rows and faults as texts.
#[derive(Default)]
struct Taken(Vec<String>);

impl Rows for Taken {
    fn header(&mut self, _: &Header) {}

    fn row(&mut self, line: u64, row: Map<Value>) -> io::Result<()> {
        self.0
            .push(format!("{line} {}", to_json(&Value::Object(row))));
        Ok(())
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.0
            .push(format!("{} {}: {}", fault.line, fault.path, fault.why));
        Ok(())
    }
}

fn read(kind: &str, table: &str) -> Vec<String> {
    let said = |failure: crate::failure::Failure| failure.message();
    let kind = Kind::find(kind).map_err(said).expect("a kind");
    let method = kind
        .method(ImportMode::Create)
        .map_err(said)
        .expect("a method");
    let description = Description::of(Service::Retailcrm);
    let checker = Checker::new(&description, kind, method)
        .map_err(said)
        .expect("described");
    let mut taken = Taken::default();
    let format = RowFormat::Csv;
    rows(
        format,
        &mut table.as_bytes(),
        None,
        checker.place,
        &mut taken,
    )
    .expect("read");
    taken.0
}

// J5
#[test]
fn j5_cells_have_the_types_of_their_columns_and_numbers_keep_their_digits() {
    let table = "externalId,delivery.cost,call,items,delivery.address.city,customFields.code\n\
                 7,10.50,TRUE,\"[{\"\"quantity\"\":1.0}]\",\" Kyiv \",5\n\
                 8,,,,,\n";
    assert_eq!(
        read("orders", table),
        [
            "2 {\"externalId\":\"7\",\"delivery\":{\"cost\":10.50,\"address\":{\"city\":\" Kyiv \"}},\"call\":true,\
             \"items\":[{\"quantity\":1.0}],\"customFields\":{\"code\":\"5\"}}",
            "3 {\"externalId\":\"8\"}",
        ]
    );
}

// J5
#[test]
fn j5_lines_that_follow_each_other_and_are_otherwise_equal_are_one_row() {
    let table = "externalId\tprices.code\tprices.price\n\
                 a\tbase\t1.10\na\tcost\t2.20\nb\tbase\t3.30\n\na\tbase\t4.40\nc\t\t\n";
    assert_eq!(
        read("prices", table),
        [
            r#"2 {"externalId":"a","prices":[{"code":"base","price":1.10},{"code":"cost","price":2.20}]}"#,
            r#"4 {"externalId":"b","prices":[{"code":"base","price":3.30}]}"#,
            r#"6 {"externalId":"a","prices":[{"code":"base","price":4.40}]}"#,
            r#"7 {"externalId":"c"}"#,
        ]
    );
}

// J5
#[test]
fn j5_a_value_without_a_place_is_told_with_its_line() {
    let table = "externalId,delivery.cost,_other\na,1,\"{\"\"delivery.cost\"\":2}\"\nb,1,5\n";
    assert_eq!(
        read("orders", table),
        [
            "2 delivery.cost: the row has this value twice",
            "3 _other: it must be a JSON object",
        ]
    );
}
