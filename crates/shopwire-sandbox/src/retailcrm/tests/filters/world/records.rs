//! Costs, tasks, packs, shipments, files.

use bytes::Bytes;
use http::Method;
use serde_json::json;

use super::post;
use crate::retailcrm::tests::harness::{Crm, KEY};

pub(super) fn records(crm: &Crm) {
    for cost in [
        json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-31", "summ": 700, "costItem": "advertising",
            "comment": "flyers", "order": {"externalId": "o-a"}, "userId": 1, "sites": ["simple-site"]}),
        json!({"dateFrom": "2026-03-01", "dateTo": "2026-03-31", "summ": 100, "costItem": "office",
            "comment": "desk", "order": {"externalId": "o-b"}, "userId": 2, "sites": ["second"]}),
        json!({"dateFrom": "2025-03-01", "dateTo": "2025-03-31", "summ": 900, "costItem": "office",
            "order": {"externalId": "o-ka"}}),
    ] {
        post(crm, "/api/v5/costs/create", "", "cost", &cost);
    }
    for task in [
        json!({"text": "call her", "performerId": 1, "datetime": "2026-02-01 10:00", "order": {"externalId": "o-a"},
            "customer": {"id": 1}}),
        json!({"text": "write him", "performerId": 2, "datetime": "2026-04-01 10:00", "order": {"externalId": "o-b"},
            "customer": {"id": 2}}),
        json!({"text": "visit them", "performerId": 2, "datetime": "2026-02-01 10:00",
            "customer": {"id": 1, "type": "customer_corporate"}}),
    ] {
        post(
            crm,
            "/api/v5/tasks/create",
            "site=simple-site",
            "task",
            &task,
        );
    }
    for pack in [
        json!({"itemId": 1, "store": "main", "quantity": 1, "shipmentDate": "2026-01-18", "invoiceNumber": "INV-A",
            "deliveryNoteNumber": "DN-A"}),
        json!({"itemId": 2, "store": "second", "quantity": 1, "shipmentDate": "2026-03-18", "invoiceNumber": "INV-B",
            "deliveryNoteNumber": "DN-B"}),
    ] {
        post(crm, "/api/v5/orders/packs/create", "", "pack", &pack);
    }
    for (kind, site, shipment) in [
        (
            "courier",
            "simple-site",
            json!({"externalId": "s-a", "date": "2026-01-18", "managerId": 1, "store": "main",
            "orders": [{"externalId": "o-a"}]}),
        ),
        (
            "russian-post",
            "second",
            json!({"externalId": "s-b", "date": "2026-03-18", "managerId": 2, "store": "second",
            "status": "processing", "orders": [{"externalId": "o-b"}]}),
        ),
    ] {
        let flat = format!("deliveryType={kind}&site={site}");
        post(
            crm,
            "/api/v5/delivery/shipments/create",
            &flat,
            "deliveryShipment",
            &shipment,
        );
    }
    files(crm);
}

fn files(crm: &Crm) {
    let png = [&[0x89, b'P', b'N', b'G'][..], &[7; 100]].concat();
    for content in [Bytes::from_static(b"small"), Bytes::from(png)] {
        let response = crm.send(Method::POST, "/api/v5/files/upload", content, Some(KEY));
        assert_eq!(response.status(), 200);
    }
    let attachment = json!([{"order": {"id": 1}}, {"customer": {"id": 1}}]);
    let file = json!({"filename": "a.txt", "attachment": attachment});
    post(crm, "/api/v5/files/1/edit", "", "file", &file);
    post(
        crm,
        "/api/v5/files/2/edit",
        "",
        "file",
        &json!({"filename": "b.png"}),
    );
}
