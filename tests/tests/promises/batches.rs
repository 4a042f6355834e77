//! RetailCRM: batches of which a part lands, and maps that come as lists.

use shopwire::retailcrm::{
    Batch, Client,
    costs::Cost,
    customers::Customer,
    orders::{Order, OrderProduct, SerializedEntityOrder, SerializedPayment},
};
use shopwire_sandbox::{Fault, Options, RateLimit, Sandbox};
use shopwire_tests::sandbox;

async fn lifted() -> (Sandbox, Client) {
    let lifted = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (sandbox, shopwire) = sandbox(lifted).await;
    let client = shopwire.retailcrm().expect("it is configured").clone();
    (sandbox, client)
}

/// What landed, what failed, and whether both reasons and summary are there.
fn parts(answer: &dyn Batch) -> (bool, Vec<Option<&str>>, bool) {
    let failed = answer.failed().iter();
    let failed = failed.map(|one| one.external_id.as_deref()).collect();
    let says_why = answer.errors().is_some() && answer.message().is_some();
    (answer.is_partial(), failed, says_why)
}

// RE7
#[tokio::test]
async fn re7_each_batch_tells_what_landed_and_what_failed() {
    let (sandbox, client) = lifted().await;
    let whole = (false, Vec::new(), false);
    let part = |id| (true, vec![Some(id)], true);

    let order = |id: &str| Order::new().external_id(id);
    let answer = client
        .orders()
        .upload([order("a"), order("a"), order("b")])
        .await
        .expect("in part");
    assert_eq!(parts(&answer), part("a"));
    assert_eq!(answer.uploaded_orders.map(|rows| rows.len()), Some(2));
    let answer = client.orders().upload([order("c")]).await.expect("whole");
    assert_eq!(parts(&answer), whole);

    let customer = |id: &str| Customer::new().external_id(id);
    let answer = client
        .customers()
        .upload([customer("a"), customer("a"), customer("b")])
        .await;
    let answer = answer.expect("in part");
    assert_eq!(parts(&answer), part("a"));
    assert_eq!(answer.uploaded_customers.map(|rows| rows.len()), Some(2));
    let answer = client
        .customers()
        .upload([customer("c")])
        .await
        .expect("whole");
    assert_eq!(parts(&answer), whole);

    // Of costs the service says how many failed and why, not which.
    let answer = client.costs().upload([Cost::new(), Cost::new()]).await;
    match answer {
        Ok(answer) => assert_eq!(parts(&answer), (true, Vec::new(), true)),
        Err(error) => assert!(error.is_validation(), "{error:?}"),
    }
    assert!(sandbox.retailcrm().requests().answered(460) >= 2);
}

// RE11, X8
#[tokio::test]
async fn re11_maps_that_come_as_lists_read_the_same() {
    let (sandbox, client) = lifted().await;
    let order = Order::new()
        .external_id("m")
        .items([OrderProduct::new().product_name("Кружка").initial_price(10)]);
    client.orders().create(order).await.expect("created");
    let payment = SerializedPayment::new()
        .type_("cash")
        .order(SerializedEntityOrder::new().external_id("m"));
    client.orders().create_payment(payment).await.expect("paid");
    let read = async || {
        client
            .orders()
            .get("m")
            .await
            .expect("found")
            .order
            .expect("an order")
    };
    let plain = read().await;
    sandbox.retailcrm().faults().push(Fault::flipped_shapes());
    let flipped = read().await;
    assert_eq!(sandbox.retailcrm().faults().pending(), 0);
    let payments = |order: &Order| {
        let payments = order.payments.iter().flat_map(|all| all.iter());
        payments
            .map(|one| (one.id, one.type_.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(payments(&plain).len(), 1);
    assert_eq!(payments(&flipped), payments(&plain));
    let fields = |order: &Order| order.custom_fields.as_ref().map_or(0, |map| map.len());
    assert_eq!(fields(&flipped), fields(&plain));
    let properties = |order: &Order| {
        let items = order.items.iter().flatten();
        let properties = items.map(|item| item.properties.as_ref().map_or(0, |map| map.len()));
        properties.collect::<Vec<_>>()
    };
    assert_eq!(properties(&flipped), properties(&plain));

    // A refusal names its fields whichever shape they come in.
    let refused = async || {
        let bad = Order::new().external_id("x").status("no-such-status");
        client.orders().create(bad).await.expect_err("refused")
    };
    let plain = refused().await.service_error().fields.len();
    sandbox.retailcrm().faults().push(Fault::flipped_shapes());
    let flipped = refused().await;
    assert!(plain > 0 && flipped.is_validation(), "{flipped:?}");
    assert_eq!(flipped.service_error().fields.len(), plain);
}
