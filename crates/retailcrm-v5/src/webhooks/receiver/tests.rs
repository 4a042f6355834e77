use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering::SeqCst},
};

use common_api::receive::Rejected;
use http::Request;
use http_body_util::{BodyExt, Full};
use tokio::sync::Semaphore;
use tower_service::Service;

use super::*;
use crate::{
    shared::SuccessResponse,
    webhooks::{
        DeliveryGet, DeliveryPrint, DeliverySave, GetResponse, ModuleActivity, SaveResponse,
    },
};

type Answered = (u16, String, String);

async fn ask<H: Handler>(
    receiver: &receive::Receiver<H>,
    method: &str,
    uri: &str,
    body: &'static str,
) -> Answered {
    let request = Request::builder().method(method).uri(uri);
    let request = request.body(Full::<Bytes>::from(body)).unwrap();
    let response = receiver.clone().call(request).await.unwrap();
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.map(|it| it.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    (status, content_type.unwrap_or_default(), body)
}

fn answer(status: u16, content_type: &str, body: &str) -> Answered {
    (status, content_type.to_owned(), body.to_owned())
}

// RE17, X4
#[tokio::test]
async fn re17_a_module_answers_by_post_and_by_get() {
    let receiver = receiver("secret-1", async |asked: DeliveryGet| {
        match asked.delivery_id.as_str() {
            "d-1" => Ok(ModuleAnswer::json(GetResponse::new().success(true))),
            _ => Err(Refusal::new("no such delivery").status(StatusCode::NOT_FOUND)),
        }
    });
    let json = "application/json";
    let fine = answer(200, json, r#"{"success":true}"#);
    assert_eq!(
        ask(&receiver, "GET", "/get/secret-1?deliveryId=d-1", "").await,
        fine
    );
    assert_eq!(
        ask(&receiver, "POST", "/get/secret-1", "deliveryId=d-1").await,
        fine
    );
    let refused = answer(
        404,
        json,
        r#"{"success":false,"errorMsg":"no such delivery"}"#,
    );
    assert_eq!(
        ask(&receiver, "GET", "/get/secret-1?deliveryId=d-2", "").await,
        refused
    );
    assert_eq!(
        ask(&receiver, "GET", "/get/secret-2?deliveryId=d-1", "")
            .await
            .0,
        404
    );
    assert_eq!(
        ask(&receiver, "PUT", "/get/secret-1", "deliveryId=d-1")
            .await
            .0,
        405
    );
    assert_eq!(receiver.counts().taken, 3);
}

// RE17, H3
#[tokio::test]
async fn re17_h3_a_request_that_cannot_be_read_is_answered_and_leaves_a_trace() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let receiver = receiver("secret-1", async |_: DeliverySave| {
        Ok(ModuleAnswer::json(SaveResponse::new().success(true)))
    })
    .on_reject(move |rejected: &Rejected<'_>| {
        let seen = (rejected.reason, rejected.head.to_vec());
        keep.lock().unwrap().push(seen);
    });
    let broken = ask(&receiver, "POST", "/save/secret-1", "save={").await;
    assert_eq!((broken.0, broken.1.as_str()), (400, "application/json"));
    assert!(
        broken
            .2
            .starts_with(r#"{"success":false,"errorMsg":"save: "#),
        "{}",
        broken.2
    );
    assert_eq!(
        *told.lock().unwrap(),
        [(Reason::Unreadable, b"save={".to_vec())]
    );
}

// RE17
#[tokio::test]
async fn re17_a_module_answers_with_a_file() {
    let receiver = receiver("secret-1", async |_: DeliveryPrint| {
        let pdf = HeaderValue::from_static("application/pdf");
        Ok(ModuleAnswer::file(pdf, "%PDF"))
    });
    let printed = ask(&receiver, "POST", "/print/secret-1", "print=%7B%7D").await;
    assert_eq!(printed, answer(200, "application/pdf", "%PDF"));
}

// RE17, H3
#[tokio::test]
async fn re17_h3_what_a_module_began_it_ends_though_nobody_waits() {
    let gate = Arc::new(Semaphore::new(0));
    let done = Arc::new(AtomicU32::new(0));
    let (wait, count) = (Arc::clone(&gate), Arc::clone(&done));
    let receiver = receiver("secret-1", move |_: ModuleActivity| {
        let (wait, count) = (Arc::clone(&wait), Arc::clone(&count));
        async move {
            let _permit = wait.acquire().await;
            count.fetch_add(1, SeqCst);
            Ok(ModuleAnswer::json(SuccessResponse::new().success(true)))
        }
    });
    let body = Full::<Bytes>::from("activity=%7B%7D");
    let request = Request::post("/activity/secret-1").body(body).unwrap();
    drop(receiver.clone().call(request));
    gate.add_permits(1);
    receiver.drain().await;
    assert_eq!(done.load(SeqCst), 1);
}
