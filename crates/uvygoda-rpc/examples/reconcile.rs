//! Adds a card whose answer is lost, and finds out that it was added.
//!
//! `cargo run -p uvygoda-rpc --example reconcile`

use std::time::Duration;

use common_transport::BoxError;
use http::Method;
use shopwire_sandbox::{Fault, Options, ResetAt, Sandbox};
use uvygoda_rpc::{
    Client, Decimal, Id, LookPolicy, Looked, Map, Markup, Pictures, look_until,
    products::{self, ProductFilter},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service.
    let sandbox = Sandbox::start(Options::default()).await?;
    let service = sandbox.uvygoda();
    let client = Client::builder()
        .token(service.token())
        .base_url(service.url().parse()?)
        .build()?;
    // The connection breaks while the service works.
    let fault = Fault::reset(ResetAt::DuringCommit);
    service.faults().push(fault.on(Method::POST, "addProduct"));

    let price = Markup::default().price(Decimal::from(150))?;
    let pictures = Pictures::new(["https://shop.example/1.jpg"])?;
    let properties: Map<Id> = Map::from([("501", Id::from("Свой")), ("503", Id::from(12))]);
    let card = products::Add::new(products::AddFields {
        section_id: 311,
        name: "Кружка".to_owned(),
        price,
        stock: 5,
        description: "<p>Кружка</p>".to_owned(),
        properties,
        pictures,
        preview_picture: "https://shop.example/0.jpg".to_owned(),
    });
    let error = client.call(card).await.unwrap_err();
    assert!(error.may_have_landed());

    let policy = LookPolicy::new()
        .within(Duration::from_secs(3))
        .first_wait(Duration::from_millis(15));
    let looked = look_until(policy, || async {
        let list = client.products().list(ProductFilter::All).await?;
        let mut items = list.items.into_iter().flatten();
        Ok(items.find(|item| item.name.as_deref() == Some("Кружка")))
    });
    // A card that was not found could be added again.
    assert!(matches!(looked.await?, Looked::Found(_)));
    assert_eq!(service.card_count(), 1);
    println!("one card");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
