//! The Uvygoda client against the sandbox, from facade to socket.

use shopwire::{
    model::{Decimal, Id, Map},
    uvygoda::{
        Client, Markup, Pictures, SectionFilter, SectionTree,
        products::{AddFields, ProductFilter, Stage},
    },
};
use shopwire_sandbox::{Fault, Moderation, Options};
use shopwire_tests::sandbox;

const MUGS: i64 = 311;

fn properties() -> Map<Id> {
    Map::from([("501", Id::from("Свой")), ("503", Id::from(12))])
}

async fn add(client: &Client, name: &str) -> i64 {
    let price = Markup::default()
        .price(Decimal::from(150))
        .expect("a price");
    let pictures = Pictures::new(["https://shop.example/1.jpg"]).expect("one picture");
    let call = client.products().add(AddFields {
        section_id: MUGS,
        name: name.to_owned(),
        price,
        stock: 5,
        description: "<p>Кружка</p>".to_owned(),
        properties: properties(),
        pictures,
        preview_picture: "https://shop.example/0.jpg".to_owned(),
    });
    call.await.expect("added").product_id.expect("an id")
}

// U25, U26, U27, U28
#[tokio::test]
async fn u26_the_catalogue_leads_to_a_section_with_properties() {
    let (_sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.uvygoda();
    let all = client
        .catalog()
        .sections(SectionFilter::All)
        .await
        .expect("sections");
    let sections = all.sections.expect("sections");
    let tree = SectionTree::new(sections.iter());
    assert_eq!(tree.path(MUGS).len(), 3);
    let answer = client
        .catalog()
        .section_properties(MUGS)
        .await
        .expect("properties");
    assert!(!answer.properties.expect("properties").is_empty());
    let refused = client
        .catalog()
        .section_properties(1)
        .await
        .expect_err("not the third level");
    assert!(refused.is_service(), "{refused}");
}

// U36, U37, U38, U41, U44, U45
#[tokio::test]
async fn u38_a_card_costs_what_is_wanted_times_1_18_and_goes_on_sale() {
    let (sandbox, shopwire) =
        sandbox(Options::default().uvygoda(|it| it.moderation(Moderation::Manual))).await;
    let client = shopwire.uvygoda();
    let id = add(client, "Кружка").await;
    let card = sandbox
        .uvygoda()
        .card(id.unsigned_abs())
        .expect("it is there");
    assert!(card.contains("\"PRICE\":177"), "{card}");

    let sent = client.products().publish(id).await.expect("sent");
    assert!(sent.moderation.is_some_and(|done| done.is_success()));
    assert!(sandbox.uvygoda().moderate(id.unsigned_abs(), "PUBLIC"));
    let list = client
        .products()
        .list(ProductFilter::Public)
        .await
        .expect("a list");
    let items = list.items.expect("items");
    assert_eq!(
        items.first().and_then(|item| item.stage.clone()),
        Some(Stage::Public)
    );

    client
        .products()
        .update(id)
        .with(|update| update.stock(9))
        .await
        .expect("updated");
    let info = client.products().info(id).await.expect("info");
    assert_eq!(
        info.card().and_then(|card| card.name.as_deref()),
        Some("Кружка")
    );
}

// U48, U49, U50, X8
#[tokio::test]
async fn u48_flipped_shapes_read_the_same() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.uvygoda();
    let ids = async || {
        let answer = client
            .catalog()
            .sections(SectionFilter::All)
            .await
            .expect("sections");
        let sections = answer.sections.expect("sections");
        sections
            .iter()
            .map(|one| (one.id, one.parent_id))
            .collect::<Vec<_>>()
    };
    let plain = ids().await;
    sandbox.uvygoda().faults().push(Fault::flipped_shapes());
    assert_eq!(ids().await, plain);
    assert_eq!(sandbox.uvygoda().faults().pending(), 0);
}

// U14, U53, X8
#[tokio::test]
async fn u53_a_lost_answer_to_add_product_is_not_repeated_and_a_read_is() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.uvygoda();
    let faults = sandbox.uvygoda().faults();
    faults.push(Fault::unavailable().on(http::Method::POST, "getStages"));
    assert!(client.orders().stages().await.is_ok());

    faults.push(Fault::unavailable().on(http::Method::POST, "getToken"));
    let call = client
        .access()
        .token(sandbox.uvygoda().login(), sandbox.uvygoda().password());
    assert!(call.await.expect_err("it is not repeated").is_throttled());
    assert_eq!(
        sandbox
            .uvygoda()
            .requests()
            .count(&http::Method::POST, "getToken"),
        1
    );
}
