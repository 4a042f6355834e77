//! What the guide says to do after an ambiguous end, followed as written, over 500 faults: nothing is doubled and
//! nothing is lost.
//!
//! Half of the connections break while the service works, so that the effect lands after the reset; the other half
//! break before it begins, so that nothing ever lands and the call has to be repeated.

use std::{future::Future, time::Duration};

use common_transport::{RateClass, RateLimits};
use http::Method;
use shopwire::{
    Error, LookPolicy, Looked, look_until,
    model::{Decimal, Id, Map},
    nicechat::{self, products},
    retailcrm::{
        self,
        orders::{List, Order, OrderFilter},
    },
    uvygoda::{self, Markup, Pictures, products::ProductFilter},
};
use shopwire_sandbox::{Fault, Faults, Options, RateLimit, ResetAt};
use shopwire_tests::sandbox;
use tokio::task::JoinSet;

/// Calls at a time.
const AT_ONCE: usize = 40;

/// More than the sandbox works on a request at most, however busy the machine is.
fn policy() -> LookPolicy {
    LookPolicy::new()
        .within(Duration::from_secs(3))
        .first_wait(Duration::from_millis(15))
}

fn break_each(faults: &Faults, calls: usize, method: &Method, path: &str) {
    for number in 0..calls {
        let at = match number % 2 {
            0 => ResetAt::DuringCommit,
            _ => ResetAt::BeforeCommit,
        };
        faults.push(Fault::reset(at).on(method.clone(), path));
    }
}

/// Creates an object once, as the guide says.
async fn create_once<T>(
    create: impl AsyncFn() -> Result<(), Error>,
    look: impl AsyncFn() -> Result<Option<T>, Error>,
) -> Result<(), Error> {
    loop {
        match create().await {
            Err(error) if error.may_have_landed() => {}
            outcome => return outcome,
        }
        if let Looked::Found(_) = look_until(policy(), || look()).await? {
            return Ok(());
        }
    }
}

async fn all<F: Future<Output = Result<(), Error>> + 'static>(
    calls: usize,
    call: impl Fn(usize) -> F,
) {
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let mut running: JoinSet<Result<(), Error>> = JoinSet::new();
            for number in 0..calls {
                if running.len() == AT_ONCE {
                    running
                        .join_next()
                        .await
                        .expect("one runs")
                        .expect("it ends")
                        .expect("created");
                }
                running.spawn_local(call(number));
            }
            for outcome in running.join_all().await {
                outcome.expect("created");
            }
        })
        .await;
}

async fn card(client: uvygoda::Client, name: String) -> Result<(), Error> {
    let create = async || {
        let price = Markup::default().price(Decimal::from(150))?;
        let pictures = Pictures::new(["https://shop.example/1.jpg"])?;
        let properties: Map<Id> = Map::from([("501", Id::from("Свой")), ("503", Id::from(12))]);
        let call = client.products().add(
            311,
            name.as_str(),
            price,
            5,
            "<p>Кружка</p>",
            properties,
            pictures,
            "https://shop.example/0.jpg",
        );
        call.await.map(drop)
    };
    let look = async || {
        let list = client.products().list(ProductFilter::All).await?;
        let mut items = list.items.into_iter().flatten();
        Ok(items.find(|item| item.name.as_ref() == Some(&name)))
    };
    create_once(create, look).await
}

async fn order(client: retailcrm::Client, number: String) -> Result<(), Error> {
    // No external id: the service would take the order twice.
    let create = async || {
        let order = Order::new().number(number.as_str());
        client.orders().create(order).await.map(drop)
    };
    let look = async || {
        let filter = OrderFilter::new().numbers(vec![number.clone()]);
        client
            .pages(List::new().filter(filter))
            .items()
            .next()
            .await
    };
    create_once(create, look).await
}

async fn product(client: nicechat::Client, id: String) -> Result<(), Error> {
    let create = async || client.products().create(id.as_str()).await.map(drop);
    let look = async || {
        let mut products = client.pages(products::List::new()).items();
        while let Some(product) = products.next().await? {
            if product.id.as_ref() == Some(&id) {
                return Ok(Some(product));
            }
        }
        Ok(None)
    };
    create_once(create, look).await
}

// F19
#[tokio::test]
async fn f19_looking_as_the_guide_says_doubles_no_card() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let service = sandbox.uvygoda();
    break_each(service.faults(), 200, &Method::POST, "addProduct");
    let client = shopwire.uvygoda();
    all(200, |number| {
        card(client.clone(), format!("Кружка {number}"))
    })
    .await;
    assert_eq!((service.card_count(), service.faults().pending()), (200, 0));
}

// F19
#[tokio::test]
async fn f19_looking_as_the_guide_says_doubles_no_order() {
    let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (sandbox, _) = sandbox(options).await;
    let service = sandbox.retailcrm();
    let client =
        retailcrm::Client::builder(service.url().parse().expect("a URL"), service.api_key())
            .limits(RateLimits::new().class(RateClass::DEFAULT, 10_000))
            .build()
            .expect("a client");
    break_each(
        service.faults(),
        150,
        &Method::POST,
        "/api/v5/orders/create",
    );
    all(150, |number| order(client.clone(), format!("L-{number}"))).await;
    let answer = client.orders().list().await.expect("a list");
    let total = answer.pagination.and_then(|meta| meta.total_count);
    assert_eq!((total, service.faults().pending()), (Some(150), 0));
}

// F19
#[tokio::test]
async fn f19_looking_as_the_guide_says_loses_no_product() {
    let (sandbox, shopwire) = sandbox(Options::default().nicechat(|it| it.page_size(500))).await;
    let service = sandbox.nicechat();
    break_each(
        service.faults(),
        150,
        &Method::POST,
        "/marketplaces/v1/products/",
    );
    let client = shopwire.nicechat().expect("it is configured");
    all(150, |number| product(client.clone(), format!("P-{number}"))).await;
    assert_eq!(
        (service.product_count(), service.faults().pending()),
        (150, 0)
    );
}
