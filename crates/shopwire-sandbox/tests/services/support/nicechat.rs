//! NiceChat requests, signed by the sentence of its document.

use sha2::{Digest, Sha256};
use shopwire_sandbox::NiceChat;

use super::{Answer, Http};

/// Lower-case hex SHA-256 of secret, path, body and method.
pub(crate) fn signature(secret: &str, path: &str, body: &str, method: &str) -> String {
    let digest = Sha256::digest(format!("{secret}{path}{body}{method}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Percent-encoding as PHP's `urlencode` does it.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) => {
                out.push(char::from(byte))
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A client with the key pair of one sandbox.
#[derive(Debug)]
pub(crate) struct Signed<'s> {
    pub(crate) http: Http,
    pub(crate) service: &'s NiceChat,
}

impl<'s> Signed<'s> {
    pub(crate) fn new(service: &'s NiceChat) -> Self {
        Self {
            http: Http::new(),
            service,
        }
    }

    /// JSON (or nothing) with headers. `target` is path and query below `/marketplaces/v1`.
    pub(crate) async fn call(&self, method: &str, target: &str, json: &str) -> Answer {
        self.try_call(method, target, json)
            .await
            .unwrap_or_else(|error| panic!("{method} {target}: {error}"))
    }

    pub(crate) async fn try_call(
        &self,
        method: &str,
        target: &str,
        json: &str,
    ) -> Result<Answer, String> {
        let target = format!("/marketplaces/v1{target}");
        let path = target.split('?').next().unwrap_or_default();
        let sign = signature(&self.service.api_secret(), path, json, method);
        let key = self.service.api_key();
        let mut headers = vec![("x-api-key", key.as_str()), ("x-api-sign", sign.as_str())];
        if !json.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.http
            .try_send(
                method,
                &format!("{}{target}", self.service.url()),
                &headers,
                json,
            )
            .await
    }

    /// A form whose fields carry key and signature, in the order they are given.
    pub(crate) async fn form(&self, method: &str, target: &str, fields: &[(&str, &str)]) -> Answer {
        let path = format!("/marketplaces/v1{target}");
        let pairs = |fields: &[(&str, &str)]| {
            let pairs: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
                .collect();
            pairs.join("&")
        };
        let mut sorted = fields.to_vec();
        sorted.sort_unstable();
        let sign = signature(&self.service.api_secret(), &path, &pairs(&sorted), method);
        let mut sent = fields.to_vec();
        let key = self.service.api_key();
        sent.extend([("_key", key.as_str()), ("_sign", sign.as_str())]);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.http
            .send(
                method,
                &format!("{}{path}", self.service.url()),
                &headers,
                &pairs(&sent),
            )
            .await
    }
}
