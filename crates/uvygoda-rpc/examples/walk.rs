//! Adds a card and walks the list of cards.
//!
//! `cargo run -p uvygoda-rpc --example walk`

use common_transport::BoxError;
use shopwire_sandbox::{Options, Sandbox};
use uvygoda_rpc::{
    Client, Decimal, Id, Map, Markup, Pictures,
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
    client.call(card).await?;

    let mut cards = client
        .pages(products::List::new(ProductFilter::All))
        .items();
    let mut names = Vec::new();
    while let Some(card) = cards.next().await? {
        names.extend(card.name);
    }
    assert_eq!(names, ["Кружка"]);
    println!("{names:?}");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
