//! The histories over the whole service.

use crate::retailcrm::tests::harness::Crm;

// RE10
#[test]
fn re10_every_history_refuses_a_page_beside_a_position() {
    let crm = Crm::new();
    let kinds = [
        "customers",
        "customers-corporate",
        "orders",
        "orders/packs",
        "tasks",
    ];
    for path in kinds.map(|kind| format!("/api/v5/{kind}/history?filter[sinceId]=5")) {
        assert_eq!(crm.get(&path).0, 200, "{path}");
        assert_eq!(crm.get(&format!("{path}&page=1")).0, 400, "{path}");
    }
}
