//! Errors: 4xx with JSON that names the field, whatever is wrong.

use super::support::{Admin, send};

// S1
#[tokio::test]
async fn s1_a_wrong_request_is_told_which_field_is_wrong() {
    let admin = Admin::start().await;
    for (method, path, body, status, error) in [
        (
            "GET",
            "/api/requests?service=amazon",
            "",
            400,
            "service: must be one of nicechat, uvygoda, retailcrm",
        ),
        (
            "GET",
            "/api/requests?limit=0",
            "",
            400,
            "limit: must be at least 1",
        ),
        (
            "GET",
            "/api/requests?limit=1001",
            "",
            400,
            "limit: must be at most 1000",
        ),
        (
            "GET",
            "/api/requests?limit=ten",
            "",
            400,
            "limit: must be integer",
        ),
        (
            "GET",
            "/api/requests?limit=1&limit=2",
            "",
            400,
            "limit: is given twice",
        ),
        (
            "GET",
            "/api/requests?status=4x",
            "",
            400,
            "status: must match",
        ),
        (
            "GET",
            "/api/requests?color=red",
            "",
            400,
            "color: is unknown",
        ),
        (
            "GET",
            "/api/requests/7",
            "",
            404,
            "id: there is no request 7",
        ),
        (
            "GET",
            "/api/requests/7/explain",
            "",
            404,
            "id: there is no request 7",
        ),
        (
            "POST",
            "/api/requests/7/resend",
            "",
            404,
            "id: there is no request 7",
        ),
        ("GET", "/api/requests/seven", "", 400, "id: must be integer"),
        ("GET", "/api/requests/%ff", "", 400, "path: "),
        (
            "GET",
            "/api/nothing",
            "",
            404,
            "path: there is no /api/nothing",
        ),
        (
            "PATCH",
            "/api/requests",
            "",
            405,
            "method: PATCH is not allowed",
        ),
        (
            "DELETE",
            "/api/faults/7",
            "",
            404,
            "id: there is no fault 7",
        ),
        ("DELETE", "/api/faults?service=x", "", 400, "service: "),
        ("POST", "/api/faults", "", 400, "body: is required"),
        ("POST", "/api/faults", "{", 400, "body: is not JSON"),
        (
            "POST",
            "/api/faults",
            "[{},7]",
            400,
            "faults[0].service: is missing",
        ),
        (
            "POST",
            "/api/faults",
            r#"{"service":"retailcrm","kind":"latancy"}"#,
            400,
            "did you mean \"latency\"",
        ),
        (
            "POST",
            "/api/faults",
            r#"[{"service":"retailcrm","kind":"stall","rate":2}]"#,
            400,
            "faults[0].rate: must be a number from 0 to 1",
        ),
        (
            "POST",
            "/api/reset",
            r#"{"keep":["all"]}"#,
            400,
            "keep[0]: must be one of",
        ),
        (
            "POST",
            "/api/reset",
            r#"{"kepp":[]}"#,
            400,
            "kepp: is unknown",
        ),
        (
            "POST",
            "/api/seed",
            r#"{"retailcrm":{"order":1}}"#,
            400,
            "retailcrm.order: is unknown",
        ),
        ("PUT", "/api/clock", "{}", 400, "frozen: is required"),
        (
            "PUT",
            "/api/clock",
            r#"{"frozen":"yes"}"#,
            400,
            "frozen: must be boolean",
        ),
        (
            "POST",
            "/api/clock/advance",
            "{}",
            400,
            "seconds: give either seconds or to",
        ),
        (
            "POST",
            "/api/clock/advance",
            r#"{"seconds":-1}"#,
            400,
            "seconds: must be at least 0",
        ),
        (
            "POST",
            "/api/clock/advance",
            r#"{"to":"tomorrow"}"#,
            400,
            "to: must be a time like",
        ),
        (
            "POST",
            "/api/clock/advance",
            r#"{"to":"1999-01-01T00:00:00Z"}"#,
            400,
            "to: ",
        ),
        ("GET", "/api/wait", "", 400, "for: is required"),
        (
            "GET",
            "/api/wait?for=peace",
            "",
            400,
            "for: must be one of request, webhook",
        ),
        (
            "GET",
            "/api/wait?for=request&timeout_ms=600001",
            "",
            400,
            "timeout_ms: must be at most 600000",
        ),
        (
            "GET",
            "/api/state/amazon/orders",
            "",
            400,
            "service: must be one of",
        ),
        ("GET", "/api/state/retailcrm/oders", "", 404, "entity: "),
        (
            "GET",
            "/api/state/retailcrm/orders?page=0",
            "",
            400,
            "page: must be at least 1",
        ),
        (
            "GET",
            "/api/state/retailcrm/orders/99",
            "",
            404,
            "id: retailcrm has no orders 99",
        ),
        (
            "GET",
            "/api/state/retailcrm/orders/99/history",
            "",
            404,
            "id: ",
        ),
        ("PUT", "/api/snapshot", "{}", 400, "format: must be"),
        ("PUT", "/api/snapshot", "7", 400, "body: is no snapshot"),
        (
            "PUT",
            "/api/snapshot",
            r#"{"format":"shopwire-sandbox","version":99,"state":{}}"#,
            400,
            "version: is 99",
        ),
        (
            "POST",
            "/api/changes",
            r#"{"entity":"order","changes":{}}"#,
            400,
            "id",
        ),
        (
            "POST",
            "/api/scenario",
            r#"{"name":"a bad year"}"#,
            400,
            "name: ",
        ),
        (
            "POST",
            "/api/scenario",
            r#"{"steps":[{"at_s":-1}]}"#,
            400,
            "steps[0].at_s: ",
        ),
        (
            "POST",
            "/api/webhooks",
            r#"{"service":"nicechat"}"#,
            400,
            "event: is missing",
        ),
        (
            "POST",
            "/api/webhooks/7/resend",
            "",
            404,
            "id: there is no webhook 7",
        ),
    ] {
        let told = admin.refused(method, path, body, status).await;
        assert!(told.contains(error), "{method} {path} {body}: {told}");
    }
    // All mistakes at once.
    let told = admin
        .refused("GET", "/api/requests?limit=0&service=x&color=red", "", 400)
        .await;
    assert_eq!(told.split("; ").count(), 3, "{told}");
}

// S1
#[tokio::test]
async fn s1_a_body_has_to_be_declared_as_json() {
    let admin = Admin::start().await;
    let fault = r#"{"service":"retailcrm","kind":"stall"}"#;
    for (content_type, status) in [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
    ] {
        let headers = [("Content-Type", content_type)];
        let answer = send(admin.port, "POST", "/api/faults", &headers, fault).await;
        assert_eq!(answer.status, status, "{content_type}");
        if status == 415 {
            assert_eq!(
                answer.json()["error"],
                "Content-Type: must be application/json"
            );
        }
    }
    assert_eq!(admin.sandbox.retailcrm().faults().pending(), 2);
}
