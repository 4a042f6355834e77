//! RetailCRM: times without a zone.

use shopwire::{
    model::civil::{Date, DateTime},
    retailcrm::{
        costs::{Cost, CostFilter},
        orders::Order,
    },
};
use shopwire_sandbox::{Options, RateLimit};
use shopwire_tests::sandbox;

// R6: no zone is read, guessed or sent; the one that is known to the user alone makes an instant of it.
#[tokio::test]
async fn r6_a_time_of_the_account_gets_a_zone_where_the_user_names_one() {
    let lifted = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (_sandbox, shopwire) = sandbox(lifted).await;
    let client = shopwire.retailcrm().expect("it is configured");
    // A night that summer time skips in many zones, and the hour that comes twice: both are times of day like others.
    for (number, at) in [
        DateTime::constant(2026, 3, 29, 2, 30, 0, 0),
        DateTime::constant(2026, 10, 25, 2, 30, 0, 0),
        DateTime::constant(2026, 1, 1, 0, 0, 0, 0),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("z-{number}");
        let order = Order::new().external_id(id.as_str()).created_at(at);
        client.orders().create(order).await.expect("created");
        let read = client.orders().get(id.as_str()).await.expect("found").order;
        let read: DateTime = read.expect("an order").created_at.expect("a time");
        assert_eq!(read, at, "the same time of day");
        let json = shopwire::model::to_json(&read);
        assert_eq!(
            json.trim_matches('"'),
            at.strftime("%Y-%m-%d %H:%M:%S").to_string()
        );

        // The account's zone, as its settings name it.
        let moscow = jiff::tz::TimeZone::fixed(jiff::tz::offset(3));
        let utc = jiff::tz::TimeZone::UTC;
        let instant = |zone| read.to_zoned(zone).expect("an instant").timestamp();
        assert_eq!(
            instant(utc).as_second() - instant(moscow).as_second(),
            3 * 3600
        );
    }
    let cost = Cost::new()
        .date_from(Date::constant(2026, 3, 29))
        .date_to(Date::constant(2026, 3, 29));
    assert_eq!(
        shopwire::model::to_json(&cost),
        r#"{"dateFrom":"2026-03-29","dateTo":"2026-03-29"}"#
    );
    assert_eq!(shopwire::model::to_json(&CostFilter::new()), "{}");
}
