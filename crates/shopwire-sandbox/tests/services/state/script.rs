//! Calls of all three services, chosen by numbers, and everything that can be read afterwards.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Clients};

/// One call: what is done, and with which number.
pub(super) type Step = (u8, u8);

/// The number of kinds of calls.
pub(super) const KINDS: u8 = 22;

/// Makes the calls and returns the answers as text. `feed` is the address of a feed.
pub(super) async fn play(clients: &Clients<'_>, steps: &[Step], feed: &str) -> String {
    let mut told = String::new();
    for &(kind, number) in steps {
        let answer = step(clients, kind % KINDS, number, feed).await;
        writeln!(told, "{kind} {number}: {answer}").expect("a text");
    }
    told
}

async fn step(clients: &Clients<'_>, kind: u8, number: u8, feed: &str) -> String {
    let few = number % 6 + 1;
    let crm = async |path: &str, field: &str, entity: Value| {
        shown(
            &clients
                .crm_post(path, &[("by", &json!("id")), (field, &entity)])
                .await,
        )
    };
    match kind {
        0 => {
            let order = json!({
                "externalId": format!("o-{number}"), "firstName": "Олена", "phone": "+380441112233",
                "items": [{"offer": {"id": few}, "quantity": few, "initialPrice": f64::from(number) + 0.1}],
                "payments": [{"type": "cash", "amount": 10.25}],
            });
            crm("/orders/create", "order", order).await
        }
        1 => {
            let status =
                ["new", "complete", "delivering", "no-such-status"][usize::from(number) % 4];
            let order = json!({"status": status, "managerComment": format!("коментар {number}")});
            crm(&format!("/orders/{few}/edit"), "order", order).await
        }
        2 => {
            let customer =
                json!({"externalId": format!("c-{number}"), "firstName": "Zoë", "tags": ["a"]});
            crm("/customers/create", "customer", customer).await
        }
        3 => {
            let customer =
                json!({"vip": number.is_multiple_of(2), "email": format!("c{number}@example.com")});
            crm(&format!("/customers/{few}/edit"), "customer", customer).await
        }
        4 => {
            let customers = json!([{"id": few}]);
            let result = json!({"id": number % 5 + 1});
            let fields = [("customers", &customers), ("resultCustomer", &result)];
            shown(&clients.crm_post("/customers/combine", &fields).await)
        }
        5 => {
            crm(
                "/payment/create-invoice",
                "createInvoice",
                json!({"paymentId": few}),
            )
            .await
        }
        6 => {
            crm(
                "/tasks/create",
                "task",
                json!({"text": format!("t{number}"), "performerId": 1}),
            )
            .await
        }
        7 => {
            let cost = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-02", "summ": 1.1, "costItem": "advertising"});
            crm("/costs/create", "cost", cost).await
        }
        8 => {
            let account = json!({"phoneNumber": "+380441112233", "customer": {"id": few}});
            crm("/loyalty/account/create", "loyaltyAccount", account).await
        }
        9 => {
            clients.sandbox.retailcrm().confirm_by_sms(true);
            let path = format!("/loyalty/account/{few}/activate");
            shown(&clients.crm_post(&path, &[]).await)
        }
        10 => shown(&clients.crm("/statistic/update").await),
        11 => {
            let product =
                json!({"id": format!("p{few}"), "title": "Чай", "price": 0.1, "currency": "uah"});
            shown(&clients.nicechat("POST", "/products/", &product).await)
        }
        12 => {
            let image = json!({"image_url": format!("https://shop.example/{number}.png")});
            let target = format!("/products/p{few}/");
            shown(&clients.nicechat("PATCH", &target, &image).await)
        }
        13 => shown(
            &clients
                .nicechat("DELETE", &format!("/products/p{few}/"), &Value::Null)
                .await,
        ),
        14 => {
            let push = json!({"url": feed, "format": "google-csv"});
            shown(&clients.nicechat("POST", "/import-products/", &push).await)
        }
        15 => shown(&clients.uvygoda("addProduct", &card(number)).await),
        16 | 17 => {
            let id = 1000 + u64::from(few);
            shown(
                &clients
                    .uvygoda("sendProductPublish", &json!({"ID": id}))
                    .await,
            )
        }
        18 => {
            let service = clients.sandbox.uvygoda();
            let login = json!({"LOGIN": service.login(), "PASS": service.password()});
            shown(&clients.uvygoda("getToken", &login).await)
        }
        19 => {
            let hook = json!({"URL": format!("http://127.0.0.1:9/{number}")});
            shown(&clients.uvygoda("setWebHook", &hook).await)
        }
        _ => {
            let seconds = u64::from(number) / 8;
            let clock = clients.sandbox.clock();
            clock.advance(Duration::from_secs(seconds)).await;
            format!("{:?}", clock.now())
        }
    }
}

fn card(number: u8) -> Value {
    json!({"SECTION_ID": 111, "NAME": format!("Футболка {number}"), "PRICE": 177.5, "STOCK": number,
        "DESCRIPTION": "<p>Хлопок</p>", "PROPERTIES": {"501": "Acme", "503": 12, "504": 12},
        "PICTURES": ["http://shop.example/1.png"], "PREVIEV_PICTURE": "http://shop.example/0.png"})
}

/// Everything that the services show, as text.
pub(super) async fn all(clients: &Clients<'_>) -> String {
    let mut told = String::new();
    for target in [
        "/orders?limit=100",
        "/orders/history?limit=100",
        "/customers?limit=100",
        "/customers/history?limit=100",
        "/tasks",
        "/costs",
        "/loyalty/accounts",
        "/store/products",
        "/users",
        "/reference/sites",
    ] {
        writeln!(told, "{target}: {}", shown(&clients.crm(target).await)).expect("a text");
    }
    for target in [
        "/products/",
        "/categories/",
        "/orders/",
        "/products/?page=2",
    ] {
        let answer = clients.nicechat("GET", target, &Value::Null).await;
        writeln!(told, "{target}: {}", shown(&answer)).expect("a text");
    }
    let imports = clients
        .sandbox
        .rows("nicechat", "imports", &Default::default());
    for import in imports.expect("imports").rows {
        let token = import["token"].as_str().expect("a token");
        let target = format!("/import-products-result/{token}/");
        let answer = clients.nicechat("GET", &target, &Value::Null).await;
        writeln!(told, "{token}: {}", shown(&answer)).expect("a text");
    }
    let cards = clients
        .uvygoda("getProductList", &json!({"FILTER": "ALL"}))
        .await;
    writeln!(told, "{}", shown(&cards)).expect("a text");
    told
}

fn shown(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.body)
}
