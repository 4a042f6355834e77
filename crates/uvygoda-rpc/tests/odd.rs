//! Answers of which a part is not of its type.

use bytes::Bytes;
use common_model::to_json;
use http::Response;
use uvygoda_rpc::{Decoding, SectionFilter, catalog};

// F6
#[test]
fn f6_a_false_among_the_sections_leaves_the_others() {
    let body = r#"{"RESULT":true,"SECTIONS":{"10":{"ID":"10","NAME":"A","LVL":"1","PARENT_ID":false},"14":false},"ERROR":false}"#;
    let sections = catalog::Sections::new(SectionFilter::All);
    let read = Decoding::new()
        .decode(
            &sections,
            Response::new(Bytes::from_static(body.as_bytes())),
        )
        .unwrap();
    let found = read.value.sections.as_ref().unwrap();
    assert_eq!((found.len(), found[0].id), (1, Some(10)));
    assert_eq!(read.odd[0].path, "SECTIONS.14");
    assert_eq!(to_json(&read.value), body);
}
