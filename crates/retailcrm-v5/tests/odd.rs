//! Answers of which a part is not of its type.
#![cfg(feature = "client")]

use bytes::Bytes;
use common_model::{Value, to_json};
use common_transport::BoxError;
use http::{Request, Response};
use retailcrm_v5::{Client, ClientBuilder, Decoding, customers, orders};

const NULL_IN_LIST: &str = r#"{"success":true,"pagination":{"limit":20,"totalCount":3,"currentPage":1,"totalPageCount":1},"orders":[{"id":1},null,{"id":3}]}"#;

fn response(body: &str) -> Response<Bytes> {
    Response::new(Bytes::copy_from_slice(body.as_bytes()))
}

/// Members in any order, digits as they are.
fn same(left: &str, right: &str) -> bool {
    left.parse::<Value>().unwrap() == right.parse::<Value>().unwrap()
}

// F6
#[test]
fn f6_a_null_in_a_list_leaves_the_other_orders() {
    let read = Decoding::new().decode(&orders::List::new(), response(NULL_IN_LIST));
    let read = read.unwrap();
    let ids = read.value.orders.as_ref().unwrap().iter();
    assert_eq!(
        ids.map(|order| order.id).collect::<Vec<_>>(),
        [Some(1), Some(3)]
    );
    assert_eq!(read.odd.len(), 1);
    assert_eq!(read.odd[0].path, "orders[1]");
    assert!(same(&to_json(&read.value), NULL_IN_LIST));
}

// F6
#[test]
fn f6_a_date_of_zeros_as_php_gives_it_is_no_value_and_comes_back() {
    let body = r#"{"success":true,"customers":[{"id":1,"birthday":"-0001-11-30"},{"id":2,"birthday":"1985-03-04"}]}"#;
    let read = Decoding::new().decode(&customers::List::new(), response(body));
    let read = read.unwrap();
    let customers = read.value.customers.as_ref().unwrap();
    assert_eq!(customers[0].birthday, None);
    assert_eq!(customers[1].birthday.unwrap().to_string(), "1985-03-04");
    assert_eq!(read.odd[0].path, "customers[0].birthday");
    assert!(same(&to_json(&read.value), body));
}

// F6
#[test]
fn f6_numbers_and_gaps_in_keys_are_nothing_odd() {
    for body in [
        r#"{"success":true,"order":{"id":9007199254740993,"number":123456789012345678901234567890,"summ":29.949999999999999,"totalSumm":1E+2,"prepaySum":-0.0,"purchaseSumm":"10.00"}}"#,
        r#"{"success":true,"order":{"id":1,"items":{"5":{"id":5,"quantity":"1.000"},"9":{"id":9,"quantity":0.5}},"payments":{"12":{"id":12,"amount":1e3},"40":{"id":40,"amount":"10.00"}}}}"#,
    ] {
        let read = Decoding::new().decode(&orders::Get::new("1"), response(body));
        let read = read.unwrap();
        assert!(read.odd.is_empty(), "{:?}", read.odd);
        assert!(same(&to_json(&read.value), body));
    }
}

fn client(configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let service =
        tower::service_fn(async |_: Request<Bytes>| Ok::<_, BoxError>(response(NULL_IN_LIST)));
    configure(Client::builder(
        "https://demo.retailcrm.ru".parse().unwrap(),
        "key",
    ))
    .transport(|builder| {
        builder
            .service(service)
            .limits(common_transport::RateLimits::new())
    })
    .build()
    .unwrap()
}

// F6, H1
#[tokio::test(start_paused = true)]
async fn f6_h1_a_client_reads_as_it_is_told() {
    let answer = client(|builder| builder).orders().list().await.unwrap();
    assert_eq!(answer.orders.unwrap().len(), 2);
    let strict = client(|builder| builder.decoding(Decoding::new().strict(true)));
    let error = strict.orders().list().await.unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("orders[1]"),
        "{error}"
    );
    let tight = client(|builder| builder.decoding(Decoding::new().budget(1000)));
    let error = tight.orders().list().await.unwrap_err();
    assert_eq!(error.kind(), common_transport::ErrorKind::BodyLimit);
}
