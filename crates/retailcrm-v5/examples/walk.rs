//! Creates orders and walks the list of them.
//!
//! `cargo run -p retailcrm-v5 --example walk`

use common_transport::BoxError;
use retailcrm_v5::{Client, orders, orders::Order};
use shopwire_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service.
    let sandbox = Sandbox::start(Options::default()).await?;
    let service = sandbox.retailcrm();
    let client = Client::builder(service.url().parse()?, service.api_key()).build()?;
    for number in ["A-1", "A-2", "A-3"] {
        client.orders().create(Order::new().number(number)).await?;
    }
    let mut orders = client.pages(orders::List::new()).items();
    let mut numbers = Vec::new();
    while let Some(order) = orders.next().await? {
        numbers.extend(order.number);
    }
    numbers.sort();
    assert_eq!(numbers, ["A-1", "A-2", "A-3"]);
    println!("{numbers:?}");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
