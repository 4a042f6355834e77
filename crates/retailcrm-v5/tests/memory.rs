//! What an answer costs in memory.

use allocation_counter::measure;
use retailcrm_v5::orders::OrdersResponse;

const MIB: usize = 1024 * 1024;

/// The cheapest way to ask for much: a page of orders without any fields. The peak of decoding it, and twice the
/// budget that decoding has for so many bytes.
fn flood(bytes: usize) -> (usize, usize) {
    let text = format!(r#"{{"orders":[{}{{}}]}}"#, "{},".repeat(bytes / 3));
    let cost = measure(|| drop(common_model::from_json::<OrdersResponse>(&text)));
    let peak = usize::try_from(cost.bytes_max).unwrap();
    println!(
        "{} bytes: {peak} at most, {} in all",
        text.len(),
        cost.bytes_total
    );
    (peak, 2 * (8 * text.len() + 64 * MIB))
}

#[test]
fn writing_asks_for_the_text_and_nothing_else() {
    let order = r#"{"phone":null,"email":"","call":true,"managerId":false,"customFields":[]}"#;
    let text = format!(
        r#"{{"success":true,"orders":[{}]}}"#,
        [order; 100].join(",")
    );
    let page: OrdersResponse = common_model::from_json(&text).unwrap();
    let cost = measure(|| drop(common_model::to_json(&page)));
    // It grows by doubling.
    assert!(cost.count_total <= 20, "{} allocations", cost.count_total);
}

// H1
#[test]
fn h1_empty_orders_cost_their_size_and_no_more() {
    let (peak, bound) = flood(64 * 1024);
    assert!(peak <= bound, "{peak} bytes, more than {bound}");
}

// H1
#[test]
fn h1_a_flood_of_empty_orders_stays_within_twice_the_budget() {
    let (peak, bound) = flood(MIB);
    assert!(peak <= bound, "{peak} bytes, more than {bound}");
}
