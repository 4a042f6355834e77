//! The tables of lists.

use super::*;

// J1
#[test]
fn j1_every_list_of_the_requirements_has_a_row() {
    let names =
        |service| -> Vec<String> { all(service).into_iter().map(|list| list.name).collect() };
    let known = names(Service::Retailcrm);
    for name in [
        "orders",
        "customers",
        "corporate-customers",
        "products",
        "offers",
        "inventories",
        "costs",
        "tasks",
        "files",
        "packs",
        "payments",
        "loyalty",
        "bonus-operations",
        "segments",
        "users",
        "references",
        "histories",
        "statuses",
        "stores",
        "orders-history",
    ] {
        assert!(known.iter().any(|known| known == name), "{name}");
    }
    assert_eq!(
        names(Service::Nicechat),
        ["categories", "products", "orders"]
    );
    assert_eq!(names(Service::Uvygoda), ["sections", "products"]);
    // Each row of the tables found its operation.
    assert_eq!(known.len(), RETAILCRM.len() + 3 + 22);
    let mut unique = known.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), known.len());
}
