//! The emulated Uvygoda: methods by header, PHP's shapes, cards, webhook events.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};
use shopwire_sandbox::{Event, Fault, Moderation, Options, Sandbox, Seller as Account};

use crate::support::{Http, Inbox};

struct Seller<'s> {
    sandbox: &'s Sandbox,
    http: Http,
    token: String,
}

impl<'s> Seller<'s> {
    fn of(sandbox: &'s Sandbox) -> Self {
        Self {
            sandbox,
            http: Http::new(),
            token: sandbox.uvygoda().token(),
        }
    }

    async fn call(&self, method: &str, body: &Value) -> Value {
        self.call_as(&self.token, method, &body.to_string()).await
    }

    async fn call_as(&self, token: &str, method: &str, body: &str) -> Value {
        let url = format!("{}/local/api/api.php", self.sandbox.uvygoda().url());
        let headers = [
            ("content-type", "application/json;charset=UTF-8"),
            ("token", token),
            ("method", method),
        ];
        let answer = self.http.send("POST", &url, &headers, body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }
}

fn card() -> Value {
    json!({"SECTION_ID": 111, "NAME": "Футболка", "PRICE": 177, "STOCK": 5, "DESCRIPTION": "<p>Хлопок</p>",
        "PROPERTIES": {"501": "Acme", "503": 12, "504": 12}, "PICTURES": ["http://shop.example/1.png"],
        "PREVIEV_PICTURE": "http://shop.example/0.png"})
}

fn failed(payload: &str, error: &str) -> Value {
    json!({"RESULT": false, payload: false, "ERROR": error})
}

#[tokio::test]
async fn u13_u14_u4_a_token_is_replaced_by_the_next() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let seller = Seller::of(&sandbox);
    let old = seller.token.clone();
    assert_eq!(
        seller.call("getStages", &json!([])).await["RESULT"],
        true,
        "a token is there from the start"
    );
    let login = json!({"LOGIN": sandbox.uvygoda().login(), "PASS": sandbox.uvygoda().password()})
        .to_string();
    let wrong = json!({"LOGIN": sandbox.uvygoda().login(), "PASS": "x"}).to_string();
    assert_eq!(
        seller.call_as("NO_AUTH", "getToken", &wrong).await,
        failed("TOKEN", "Неверный логин или пароль")
    );
    assert_eq!(
        seller.call_as(&old, "getToken", &login).await["RESULT"],
        false,
        "NO_AUTH is asked for"
    );
    let issued = seller.call_as("NO_AUTH", "getToken", &login).await;
    let token = issued["TOKEN"].as_str().expect("a token");
    assert_eq!(
        (&issued["RESULT"], &issued["ERROR"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(token, sandbox.uvygoda().token());
    assert_eq!(
        seller.call_as(&old, "getStages", "[]").await,
        failed("STAGES", "Неверный токен")
    );
    assert_eq!(
        seller
            .call_as(&format!("  {token} "), "getStages", "[]")
            .await["RESULT"],
        true,
        "spaces are trimmed"
    );
}

#[tokio::test]
async fn u2_a_basic_account_is_told_why() {
    let sandbox = Sandbox::start(Options::default().uvygoda(|it| it.seller(Account::Basic)))
        .await
        .expect("a sandbox");
    let refused = Seller::of(&sandbox).call("getStages", &json!([])).await;
    assert_eq!(
        refused,
        failed("STAGES", "Для доступа к API необходим PRO аккаунт")
    );
}

#[tokio::test]
async fn u1_u3_u5_u11_one_endpoint() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let seller = Seller::of(&sandbox);
    let url = format!("{}/local/api/api.php", sandbox.uvygoda().url());
    assert_eq!(
        seller.call("dropTables", &json!([])).await,
        json!({"RESULT": false, "ERROR": "Метод не найден"})
    );
    assert_eq!(
        seller.call_as(&seller.token, "getStages", "{").await,
        failed("STAGES", "Некорректный JSON в теле запроса")
    );
    let headers = [
        ("token", seller.token.as_str()),
        ("content-type", "application/json"),
    ];
    let nameless = seller.http.send("POST", &url, &headers, "[]").await;
    assert_eq!(
        (nameless.status, nameless.json()),
        (200, json!({"RESULT": false, "ERROR": "Не указан метод"}))
    );
    assert_eq!(
        seller.http.send("GET", &url, &headers, "").await.status,
        405
    );
    let elsewhere = seller
        .http
        .send("POST", &sandbox.uvygoda().url(), &headers, "[]")
        .await;
    assert_eq!(elsewhere.status, 404);
    let headers = [
        ("token", seller.token.as_str()),
        ("method", "getStages"),
        ("content-type", "text/plain"),
    ];
    assert_eq!(
        seller.http.send("POST", &url, &headers, "[]").await.json()["RESULT"],
        false,
        "JSON is asked for"
    );
}

#[tokio::test]
async fn u6_u15_u16_u25_u26_u27_u28_u29_the_catalog() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let seller = Seller::of(&sandbox);
    assert_eq!(
        seller.call("getStages", &json!([])).await["STAGES"]["0"],
        json!({"ID": 123, "NAME": "Новый, не оплачен"})
    );
    assert_eq!(
        seller.call("getOrderProperties", &json!({})).await["PROPERTIES"]["1"]["NAME"],
        "Фамилия"
    );
    assert_eq!(
        seller.call("getStages", &json!({"FILTER": "ALL"})).await["ERROR"],
        "Неизвестное поле: FILTER"
    );

    let sections = seller
        .call("getSections", &json!({"FILTER": "LVL_3"}))
        .await["SECTIONS"]
        .clone();
    assert_eq!(
        sections["111"],
        json!({"ID": 111, "NAME": "Футболки", "LVL": 3, "PARENT_ID": 11})
    );
    assert_eq!(
        seller.call("getSections", &json!({"FILTER": "ID_1"})).await["SECTIONS"]["1"]["PARENT_ID"],
        false
    );
    assert_eq!(
        seller
            .call("getSections", &json!({"FILTER": "PARENT_1"}))
            .await["SECTIONS"],
        json!([]),
        "PHP's empty array"
    );
    assert_eq!(
        seller
            .call("getSections", &json!({"FILTER": "LVL_4"}))
            .await,
        failed("SECTIONS", "Неверное значение поля: FILTER")
    );
    assert_eq!(
        seller.call("getSections", &json!([])).await,
        failed("SECTIONS", "Не заполнено обязательное поле: FILTER")
    );

    let properties = seller
        .call("getSectionProperties", &json!({"SECTION_ID": "111"}))
        .await["PROPERTIES"]
        .clone();
    let types: BTreeSet<&str> = properties
        .as_object()
        .expect("a map")
        .values()
        .filter_map(|one| one["TYPE"].as_str())
        .collect();
    assert_eq!(types, BTreeSet::from(["INTEGER", "LIST", "STRING"]));
    assert_eq!(
        (
            &properties["501"]["VALUES"],
            &properties["504"]["VALUES"]["12"]
        ),
        (&json!(false), &json!({"ID": 12, "VALUE": "M"}))
    );
    let refused = seller
        .call("getSectionProperties", &json!({"SECTION_ID": 11}))
        .await;
    assert_eq!(
        refused,
        failed("PROPERTIES", "Требуется раздел 3-го уровня: SECTION_ID")
    );
}

#[tokio::test]
async fn u31_u34_u36_u43_u44_u45_a_card_goes_on_sale() {
    let sandbox =
        Sandbox::start(Options::default().uvygoda(|it| it.moderation(Moderation::Manual)))
            .await
            .expect("a sandbox");
    let seller = Seller::of(&sandbox);
    assert_eq!(
        seller
            .call("getProductList", &json!({"FILTER": "ALL"}))
            .await["ITEMS"],
        json!([])
    );
    let added = seller.call("addProduct", &card()).await;
    assert_eq!(
        added,
        json!({"RESULT": true, "PRODUCT_ID": 1001, "ERROR": false})
    );
    let seller = &seller;
    let listed = |stage: &'static str| async move {
        seller
            .call("getProductList", &json!({ "FILTER": stage }))
            .await["ITEMS"]["1001"]
            .clone()
    };
    assert_eq!(listed("DRAFT").await["STAGE"], "DRAFT");
    let published = seller
        .call("sendProductPublish", &json!({"ID": 1001}))
        .await;
    assert_eq!(
        published,
        json!({"RESULT": true, "MODERATION": "SUCCESS", "ERROR": false})
    );
    assert_eq!(listed("MODERATION").await["VALUES"], false);
    let again = seller
        .call("sendProductPublish", &json!({"ID": 1001}))
        .await;
    assert_eq!(
        again,
        failed(
            "MODERATION",
            "Товар уже отправлен на модерацию или опубликован"
        )
    );
    assert!(sandbox.uvygoda().moderate(1001, "PUBLIC"));
    assert_eq!(
        (
            listed("PUBLIC").await["SECTION_ID"].clone(),
            listed("MODERATION").await
        ),
        (json!(111), Value::Null)
    );

    let updated = seller
        .call("updateProduct", &json!({"PRODUCT_ID": 1001, "STOCK": 4}))
        .await;
    assert_eq!(
        updated,
        json!({"RESULT": true, "UPDATE": "SUCCESS", "ERROR": false})
    );
    assert!(
        sandbox
            .uvygoda()
            .card(1001)
            .is_some_and(|card| card.contains("\"STOCK\":4"))
    );
    let info = seller.call("getProductInfo", &json!({"ID": 1001})).await["ITEM"]["1001"].clone();
    assert_eq!(info["PROPERTIES"]["504"]["TYPE"], "LIST");
    assert_eq!(info.get("STOCK"), None, "the service does not show it");
    for (method, payload, body) in [
        ("getProductInfo", "ITEM", json!({"ID": 7})),
        ("sendProductPublish", "MODERATION", json!({"ID": 7})),
        ("updateProduct", "UPDATE", json!({"PRODUCT_ID": 7})),
    ] {
        assert_eq!(
            seller.call(method, &body).await,
            failed(payload, "Товар не найден")
        );
    }
}

#[tokio::test]
async fn u36_u37_u39_u40_u42_a_card_is_checked() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let seller = Seller::of(&sandbox);
    for field in [
        "SECTION_ID",
        "NAME",
        "PRICE",
        "STOCK",
        "DESCRIPTION",
        "PROPERTIES",
        "PICTURES",
        "PREVIEV_PICTURE",
    ] {
        let mut incomplete = card();
        incomplete.as_object_mut().expect("an object").remove(field);
        let error = format!("Не заполнено обязательное поле: {field}");
        assert_eq!(
            seller.call("addProduct", &incomplete).await,
            failed("PRODUCT_ID", &error)
        );
    }
    let picture = "http://shop.example/1.png";
    for (field, value, error) in [
        (
            "SECTION_ID",
            json!(11),
            "Требуется раздел 3-го уровня: SECTION_ID",
        ),
        ("SECTION_ID", json!(9), "Раздел не найден"),
        ("PRICE", json!("дорого"), "Неверное значение поля: PRICE"),
        ("STOCK", json!(-1), "Неверное значение поля: STOCK"),
        (
            "PICTURES",
            json!([picture, picture, picture, picture, picture]),
            "Не более 4 картинок: PICTURES",
        ),
        (
            "PICTURES",
            json!(["1.png"]),
            "Неверное значение поля: PICTURES[0]",
        ),
        (
            "DESCRIPTION",
            json!("<a href=x>x</a>"),
            "Недопустимый тег в поле DESCRIPTION: a href=x",
        ),
        (
            "PROPERTIES",
            json!([]),
            "Не заполнено обязательное поле: PROPERTIES.501",
        ),
        (
            "PROPERTIES",
            json!({"501": "a", "503": 1, "504": 99}),
            "Значение не входит в список свойства: 504",
        ),
        (
            "PREVIEW_PICTURE",
            json!(picture),
            "Неизвестное поле: PREVIEW_PICTURE",
        ),
    ] {
        let mut wrong = card();
        wrong[field] = value;
        assert_eq!(
            seller.call("addProduct", &wrong).await,
            failed("PRODUCT_ID", error)
        );
    }
    assert_eq!(sandbox.uvygoda().card_count(), 0);
    let mut texts = card();
    (texts["PRICE"], texts["SECTION_ID"]) = (json!("177.00"), json!("111"));
    assert_eq!(
        seller.call("addProduct", &texts).await["RESULT"],
        true,
        "numbers may be texts (U50)"
    );
}

#[tokio::test]
async fn u17_u18_u19_u20_u21_u22_u24_events_are_posted_to_the_webhook() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let seller = Seller::of(&sandbox);
    let mut inbox = Inbox::start("", StatusCode::OK).await;
    sandbox
        .uvygoda()
        .emit(Event::chat_message(1, "nobody listens yet"));
    let odd = seller
        .call("setWebHook", &json!({"URL": "no address"}))
        .await;
    assert_eq!(
        (&odd["RESULT"], &odd["URL"]),
        (&json!(false), &json!(false))
    );
    let set = seller
        .call("setWebHook", &json!({"URL": inbox.url("/hook/s3cret")}))
        .await;
    assert_eq!(
        set,
        json!({"RESULT": true, "URL": "SUCCES", "ERROR": false})
    );

    seller.call("addProduct", &card()).await;
    seller
        .call("sendProductPublish", &json!({"ID": 1001}))
        .await;
    for stage in ["MODERATION", "PUBLIC"] {
        let posted = inbox.next().await;
        assert_eq!(
            (posted.path.as_str(), posted.content_type.as_str()),
            ("/hook/s3cret", "application/json;charset=UTF-8")
        );
        let event: Value = serde_json::from_str(&posted.body).expect("JSON");
        assert_eq!(
            event,
            json!({"EVENT": "PRODUCT_STATUS", "PRODUCT": {"ID": 1001, "STAGE": stage}})
        );
    }
    let service = sandbox.uvygoda();
    service.faults().push(Fault::lost_callback().after(1));
    service.emit(Event::new_order(501, [(1001, 2)]));
    service.emit(Event::chat_message(7, "lost"));
    service.emit(Event::order_status(501, 124));
    service.emit(Event::incoming_message(7, "Здравствуйте"));
    let order: Value = serde_json::from_str(&inbox.next().await.body).expect("JSON");
    assert_eq!(
        order["ORDER"]["PRODUCTS"]["0"],
        json!({"ID": 1001, "QUANTITY": 2, "NAME": "Футболка", "PRICE": 177})
    );
    assert_eq!(order["ORDER"]["PROPERTIES"]["0"]["NAME"], "Имя");
    let status: Value = serde_json::from_str(&inbox.next().await.body).expect("JSON");
    assert_eq!(
        status["ORDER"],
        json!({"ID": 501, "STAGE": {"ID": 124, "NAME": "Оплачен"}})
    );
    assert!(inbox.next().await.body.contains("INCOMING_MESSAGE"));
    assert_eq!(service.callbacks().lost_count(), 1);
}

// F15
#[tokio::test]
async fn f15_any_web_address_is_taken_and_a_delivery_that_fails_is_shown() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let seller = Seller::of(&sandbox);
    let addresses = [
        "https://mydomain.ru/path-to-webhook",
        "http://example.com/hook",
        "https://127.0.0.1:9/",
    ];
    for (index, url) in addresses.into_iter().enumerate() {
        let set = seller.call("setWebHook", &json!({"URL": url})).await;
        assert_eq!(set["RESULT"], true, "{url}");
        sandbox.uvygoda().emit(Event::chat_message(1, "hello"));
        // The counter moves when the delivery has failed, which may be a moment later.
        while sandbox.uvygoda().callbacks().failed_count() <= index {
            tokio::task::yield_now().await;
        }
    }
    let callbacks = sandbox.uvygoda().callbacks();
    assert_eq!(
        (callbacks.delivered_count(), callbacks.failed_count()),
        (0, 3)
    );
    for url in ["", "/hook", "ftp://mydomain.ru/", "https://"] {
        let odd = seller.call("setWebHook", &json!({"URL": url})).await;
        assert_eq!(odd["RESULT"], false, "{url}");
    }
}
