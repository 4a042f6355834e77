//! Answers of this command's own, in the shape of the service's errors, so that each client can read them.

use bytes::Bytes;
use common_model::to_json;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};

use crate::args::Service;

/// Builds an answer that tells in the service's envelope why there is no other.
pub(super) fn refusal(service: Service, status: StatusCode, why: &str) -> Response<Bytes> {
    let text = to_json(why);
    let code = status.as_u16();
    let body = match service {
        Service::Nicechat => {
            format!(r#"{{"status":"error","code":{code},"description":{text}}}"#)
        }
        Service::Uvygoda => format!(r#"{{"RESULT":false,"ERROR":{text}}}"#),
        Service::Retailcrm => format!(r#"{{"success":false,"errorMsg":{text}}}"#),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
