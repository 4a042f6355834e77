//! One configuration, three clients: walks a list of each service.
//!
//! `cargo run -p shopwire --example walk`

use std::time::Duration;

use shopwire::{
    Config, Shopwire, nicechat, retailcrm, transport::BoxError, uvygoda,
    uvygoda::products::ProductFilter,
};
use shopwire_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the services; `Config::from_env()` would find the real ones.
    let sandbox = Sandbox::start(Options::default()).await?;
    let (shop, market, crm) = (sandbox.nicechat(), sandbox.uvygoda(), sandbox.retailcrm());
    let config = Config::new()
        .nicechat(shop.api_key(), shop.api_secret())
        .nicechat_url(shop.url().parse()?)
        .uvygoda(market.token())
        .uvygoda_url(market.url().parse()?)
        .retailcrm(crm.url().parse()?, crm.api_key())
        .client(|all| {
            all.user_agent("shop/1")
                .total_timeout(Duration::from_secs(60))
        });
    let shopwire = Shopwire::new(&config)?;

    shopwire.nicechat()?.products().create("A-1").await?;
    let order = retailcrm::orders::Order::new().number("A-1");
    shopwire.retailcrm()?.orders().create(order).await?;

    let products = nicechat::products::List::new();
    let products = shopwire
        .nicechat()?
        .pages(products)
        .items()
        .collect()
        .await?;
    let orders = retailcrm::orders::List::new();
    let orders = shopwire
        .retailcrm()?
        .pages(orders)
        .items()
        .collect()
        .await?;
    let cards = uvygoda::products::List::new(ProductFilter::All);
    let cards = shopwire.uvygoda().pages(cards).items().collect().await?;
    assert_eq!((products.len(), orders.len(), cards.len()), (1, 1, 0));
    println!(
        "{} product, {} order, {} cards",
        products.len(),
        orders.len(),
        cards.len()
    );
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
