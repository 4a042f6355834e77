//! Creates an order whose answer is lost, and finds out that it was created.
//!
//! `cargo run -p retailcrm-v5 --example reconcile`

use std::time::Duration;

use common_transport::BoxError;
use http::Method;
use retailcrm_v5::{
    Client, LookPolicy, Looked, look_until,
    orders::{List, Order, OrderFilter},
};
use shopwire_sandbox::{Fault, Options, ResetAt, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service.
    let sandbox = Sandbox::start(Options::default()).await?;
    let service = sandbox.retailcrm();
    let client = Client::builder(service.url().parse()?, service.api_key()).build()?;
    // The connection breaks while the service works.
    let fault = Fault::reset(ResetAt::DuringCommit);
    service
        .faults()
        .push(fault.on(Method::POST, "/api/v5/orders/create"));

    let create = client.orders().create(Order::new().number("A-1"));
    let error = create.await.unwrap_err();
    assert!(error.may_have_landed());

    let policy = LookPolicy::new()
        .within(Duration::from_secs(3))
        .first_wait(Duration::from_millis(15));
    let looked = look_until(policy, || async {
        let filter = OrderFilter::new().numbers(vec!["A-1".to_owned()]);
        let mut orders = client.pages(List::new().filter(filter)).items();
        orders.next().await
    });
    // An order that was not found could be created again.
    assert!(matches!(looked.await?, Looked::Found(_)));
    let orders = client.pages(List::new()).items().collect().await?;
    assert_eq!(orders.len(), 1);
    println!("one order");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
