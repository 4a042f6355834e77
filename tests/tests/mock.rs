//! The clients of the three services over a mock: handles, pages, items, changes, files, faults.

use common_api::mock::Mock;
use common_model::{Value, from_json};
use nicechat_api::{Credentials, Encoding};
use retailcrm_v5::{FileContents, RawOperation, files, orders};
use shopwire::{nicechat, retailcrm, uvygoda};

/// A page of orders with these ids.
fn page(number: i64, of: i64, ids: &[i64]) -> orders::OrdersResponse {
    let rows: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let json = format!(
        r#"{{"pagination":{{"limit":20,"totalCount":{},"currentPage":{number},"totalPageCount":{of}}},"orders":[{}]}}"#,
        20 * (of - 1) + 1,
        rows.join(",")
    );
    from_json(&json).unwrap()
}

#[tokio::test(start_paused = true)]
async fn c4_retailcrm_pages_items_and_changes() {
    let mock = Mock::new();
    let client = retailcrm::Client::mock(&mock);
    let all: Vec<i64> = (1..=21).collect();
    let (first, second) = (all[..20].to_vec(), all[20..].to_vec());
    mock.on::<orders::List>()
        .when(|list| list.page.unwrap_or(1) == 1)
        .answer_with(move |_| page(1, 2, &first))
        .always();
    mock.on::<orders::List>()
        .when(|list| list.page == Some(2) && list.limit == Some(20))
        .answer_with(move |_| page(2, 2, &second))
        .always();
    let list = || orders::List::new().limit(20);
    let mut items = client.pages(list()).items();
    let mut seen = Vec::new();
    while let Some(order) = items.next().await.unwrap() {
        seen.push(order.id.unwrap());
    }
    assert_eq!(seen, all);
    let mut pages = client.pages(list());
    let mut rows = 0;
    while let Some(page) = pages.next().await.unwrap() {
        rows += page.items.len();
    }
    assert_eq!(rows, 21);

    // The position goes along in the filter.
    let portion = |json: &str| from_json::<orders::OrdersHistoryResponse>(json).unwrap();
    mock.on::<orders::ListHistory>()
        .when(|history| history.filter.as_ref().and_then(|filter| filter.since_id) == Some(5))
        .answer(portion(
            r#"{"history":[{"id":6},{"id":7}],"pagination":{"limit":100,"totalCount":101,"currentPage":1,"totalPageCount":2}}"#,
        ));
    mock.on::<orders::ListHistory>()
        .when(|history| history.filter.as_ref().and_then(|filter| filter.since_id) == Some(7))
        .answer(portion(
            r#"{"history":[{"id":8}],"pagination":{"limit":100,"totalCount":1,"currentPage":1,"totalPageCount":1}}"#,
        ));
    let mut changes = client.changes(orders::ListHistory::new(), Some(5));
    assert_eq!(changes.next().await.unwrap().unwrap().items.len(), 2);
    assert_eq!(changes.next().await.unwrap().unwrap().items[0].id, Some(8));
    assert!(changes.next().await.unwrap().is_none());
    mock.verify();
}

#[tokio::test(start_paused = true)]
async fn c4_retailcrm_handles_files_and_refusals() {
    let mock = Mock::new();
    let client = retailcrm::Client::mock(&mock);
    let mut invoice = FileContents::new(&b"%PDF \xff"[..]);
    invoice.filename = Some("счёт 1.pdf".to_owned());
    mock.on::<files::Download>().answer(invoice.clone());
    mock.on::<files::Upload>()
        .when_request(|request| request.body() == "bytes")
        .answer(from_json(r#"{"file":{"id":9}}"#).unwrap());
    mock.on::<orders::Get>()
        .refuse(404, "Not found")
        .refuse(403, "Wrong \"apiKey\" value.")
        .refuse(500, "Internal error")
        .times(4);
    mock.on_request("freeze", |request| {
        request.uri().path() == "/api/v5/orders/freeze"
    })
    .respond(http::Response::new(
        r#"{"success":true,"frozen":[1]}"#.into(),
    ));

    let file = client.files().download(9).await.unwrap();
    assert_eq!(
        (&file.bytes, &file.filename),
        (&invoice.bytes, &invoice.filename)
    );
    let uploaded = client.files().upload("bytes").await.unwrap();
    assert_eq!(uploaded.file.unwrap().id, Some(9));
    let refused = async || client.orders().get("a-1").await.unwrap_err();
    assert!(refused().await.is_not_found());
    assert!(refused().await.is_auth());
    let broken = refused().await;
    assert_eq!(
        (broken.status().unwrap().as_u16(), broken.attempts()),
        (500, 4)
    );
    static FREEZE: common_transport::Metadata = common_transport::Metadata::new(
        "retailcrm",
        "orders.freeze",
        http::Method::POST,
        "/api/v5/orders/freeze",
        common_transport::Idempotency::NonIdempotent,
    );
    let frozen: Value = client.call(RawOperation::new(&FREEZE)).await.unwrap();
    assert_eq!(frozen.pointer("/frozen/0").and_then(Value::as_i64), Some(1));
    mock.verify();
}

#[tokio::test(start_paused = true)]
async fn c4_retailcrm_a_condition_sees_the_types_that_the_request_does_not_tell() {
    let mock = Mock::new();
    let client = retailcrm::Client::mock(&mock);
    let order: orders::Order = from_json(
        r#"{"externalId":"7","call":true,"firstName":"Фома","items":[{"quantity":1.50,"offer":{"externalId":"9"}}]}"#,
    )
    .unwrap();
    let expected = order.clone();
    mock.on::<orders::Create>()
        .when(move |create| *create.order == expected && create.site.as_deref() == Some("main"))
        .answer(from_json(r#"{"id":7}"#).unwrap());
    let create = client.orders().create(order);
    let created = create.with(|create| create.site("main")).await.unwrap();
    assert_eq!(created.id, Some(7));
    let received = mock.received();
    let seen = received[0].operation::<orders::Create>().unwrap();
    assert_eq!(seen.order.external_id.as_deref(), Some("7"));
    let shown = format!("{received:?}");
    assert!(
        shown.contains("orders.create") && !shown.contains("mock-key"),
        "{shown}"
    );
}

#[tokio::test(start_paused = true)]
async fn c4_nicechat_pages_envelopes_and_encodings() {
    use nicechat::{categories, products};

    let mock = Mock::new();
    let clients = [
        nicechat::Client::mock(&mock),
        nicechat::Client::builder(Credentials::new("key-12345", "secret-12345"))
            .encoding(Encoding::FormWithParameters)
            .transport(|transport| transport.service(mock.service()))
            .build()
            .unwrap(),
    ];
    for client in &clients {
        mock.on::<products::Create>()
            .when(|product| product.id == "PQ1" && product.in_stock == Some(true))
            .answer(from_json(r#"{"code":201,"result":{"id":"PQ1"}}"#).unwrap())
            .status(201);
        mock.on::<products::Create>().refuse(412, "exists");
        let create = async || {
            let create = client.products().create("PQ1");
            create.with(|product| product.in_stock(true)).await
        };
        assert_eq!(create().await.unwrap().code, Some(201));
        assert!(create().await.unwrap_err().is_conflict());
    }
    let first = r#"{"result":{"results":[{"id":"1"}],"next":"?page=2"}}"#;
    let second = r#"{"result":{"results":[{"id":"2"}],"next":null}}"#;
    mock.on::<categories::List>()
        .when(|list| list.extra.get("page").is_none())
        .answer(from_json(first).unwrap())
        .always();
    mock.on::<categories::List>()
        .when(|list| list.extra.get("page").and_then(Value::as_str) == Some("2"))
        .answer(from_json(second).unwrap())
        .always();
    let mut items = clients[0].pages(categories::List::new()).items();
    let mut seen = Vec::new();
    while let Some(category) = items.next().await.unwrap() {
        seen.push(category.id.unwrap());
    }
    assert_eq!(seen, ["1", "2"]);
    mock.verify();
    let shown = format!("{mock:?}");
    assert!(
        !shown.contains("secret-12345") && !shown.contains("key-12345"),
        "{shown}"
    );
    // A signature is worth as much as a secret.
    for received in mock.received() {
        let signature = received.request().headers().get("x-api-sign");
        let signature = signature.map(|value| value.to_str().unwrap());
        assert!(
            signature.is_none_or(|text| !shown.contains(text)),
            "{shown}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn c4_uvygoda_answers_and_refusals_by_the_method_in_the_header() {
    use uvygoda::{Markup, access, catalog, orders, products};

    let mock = Mock::new();
    let client = uvygoda::Client::mock(&mock);
    mock.on::<orders::Stages>().answer(Default::default());
    mock.on::<catalog::Sections>().refuse(200, "Нет доступа");
    mock.on::<products::Update>()
        .when(|update| update.price == Some(177.into()))
        .lost()
        .answer(Default::default());
    mock.on::<access::Token>()
        .answer(from_json(r#"{"TOKEN":"t-S3CRET"}"#).unwrap());
    let error = client
        .catalog()
        .sections(uvygoda::SectionFilter::All)
        .await
        .unwrap_err();
    assert_eq!(
        error.service_error().message.as_deref(),
        Some("Нет доступа")
    );
    client.orders().stages().await.unwrap();
    let price = Markup::default().price(150.into()).unwrap();
    client
        .products()
        .update(5)
        .with(|update| update.price(price))
        .await
        .unwrap();
    let token = client.access().token("login-1", "pass-1234").await.unwrap();
    assert_eq!(token.token.unwrap().expose(), "t-S3CRET");
    mock.verify();
    let shown = format!("{mock:?}");
    for secret in ["login-1", "pass-1234", "mock-token"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// Generated code makes each operation of the tables one that a mock can answer.
#[tokio::test(start_paused = true)]
async fn c4_every_operation_can_be_mocked() {
    let tables = [
        nicechat::operations(),
        uvygoda::operations(),
        retailcrm::operations(),
    ];
    let all: Vec<_> = tables.into_iter().flatten().collect();
    assert!(all.len() > 200);
    let mut sources = String::new();
    for folder in ["nicechat-api", "uvygoda-rpc", "retailcrm-v5"] {
        let folder = format!(
            "{}/../crates/{folder}/src/generated",
            env!("CARGO_MANIFEST_DIR")
        );
        for file in std::fs::read_dir(folder).unwrap() {
            sources += &std::fs::read_to_string(file.unwrap().path()).unwrap();
        }
    }
    assert_eq!(sources.matches("common_api::mocked!(").count(), all.len());
}
