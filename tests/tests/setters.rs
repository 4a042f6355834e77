//! What setters and constructors take: whatever people have.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use common_model::{Decimal, Id, Map, Value, to_json};
use shopwire::retailcrm::{
    PageSize,
    costs::Cost,
    customers::CustomerFilter,
    orders::{self, Order},
    shared::Customer,
};
use shopwire::uvygoda;

// C7
#[test]
fn c7_setters_take_what_people_have() {
    let (text, count, size) = (String::from("a"), vec![1, 2].len(), 7_u64);
    for customer in [
        Customer::new().first_name("a"),
        Customer::new().first_name(&text),
        Customer::new().first_name(text.clone()),
        Customer::new().first_name(Cow::Borrowed("a")),
        Customer::new().first_name(text.as_str()),
        Customer::new().first_name('a'),
    ] {
        assert_eq!(to_json(&customer), r#"{"firstName":"a"}"#);
    }
    let numbers = [
        Customer::new().manager_id(7),
        Customer::new().manager_id(7_u8),
        Customer::new().manager_id(size),
        Customer::new().manager_id(7_usize),
        Customer::new().manager_id(7_i128),
    ];
    assert!(numbers.iter().all(|one| one.manager_id == Some(7)));
    let most = Customer::new().manager_id(u64::MAX).manager_id;
    assert_eq!(most, Some(i64::MAX), "the nearest that fits");
    assert_eq!(orders::List::new().limit(PageSize::P100).limit, Some(100));
    assert_eq!(orders::List::new().page(count).page, Some(2));

    let sums = [
        Cost::new().summ(100),
        Cost::new().summ(100_u64),
        Cost::new().summ(100_usize),
        Cost::new().summ(Decimal::from(100)),
        Cost::new().try_summ("100").expect("a decimal"),
    ];
    assert!(
        sums.iter()
            .all(|cost| cost.summ == Some(Decimal::from(100)))
    );
    let error = Cost::new().try_summ("1 000,5").expect_err("no decimal");
    assert_eq!(error.path(), "summ");
    let error = Cost::new().try_summ("").expect_err("no decimal");
    assert!(error.to_string().contains("summ"), "{error}");
}

// C7
#[test]
fn c7_lists_and_maps_are_made_of_whatever_yields_their_items() {
    let names = ["a".to_owned(), "b".to_owned()];
    for customer in [
        Customer::new().add_tags(["a", "b"]),
        Customer::new().add_tags(&names),
        Customer::new().add_tags(names.to_vec()),
        Customer::new().add_tags(names.iter().map(String::as_str)),
    ] {
        assert_eq!(to_json(&customer), r#"{"addTags":["a","b"]}"#);
    }
    let ids: Vec<u64> = vec![1, 2];
    for filter in [
        CustomerFilter::new().ids([1, 2]),
        CustomerFilter::new().ids(&ids),
        CustomerFilter::new().ids(ids.iter().map(|id| *id as usize)),
    ] {
        assert_eq!(to_json(&filter), r#"{"ids":[1,2]}"#);
    }
    let pairs = HashMap::from([(String::from("nps"), 5)]);
    let sorted = BTreeMap::from([("nps", 5_u64)]);
    let typed = Map::from([("nps", Value::from(5))]);
    for order in [
        Order::new().custom_fields([("nps", 5)]),
        Order::new().custom_fields(vec![("nps".to_owned(), 5_i64)]),
        Order::new().custom_fields(pairs),
        Order::new().custom_fields(sorted),
        Order::new().custom_fields(typed),
    ] {
        assert_eq!(to_json(&order), r#"{"customFields":{"nps":5}}"#);
    }
    for update in [
        uvygoda::products::Update::new(1_u32).all_properties([(123, Id::from("wool"))]),
        uvygoda::products::Update::new(1_usize).all_properties([("123", "wool")]),
        uvygoda::products::Update::new(1_u64).all_properties(BTreeMap::from([(123_i64, "wool")])),
    ] {
        assert_eq!(
            to_json(&update),
            r#"{"PRODUCT_ID":1,"PROPERTIES":{"123":"wool"}}"#
        );
    }
}
