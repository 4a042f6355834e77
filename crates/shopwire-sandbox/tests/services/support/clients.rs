//! Clients of the three services, with the keys that are valid at each call.

use serde_json::Value;
use shopwire_sandbox::Sandbox;

use super::{Answer, Http, Signed, nicechat};

/// Clients of one sandbox.
#[derive(Debug)]
pub(crate) struct Clients<'s> {
    pub(crate) sandbox: &'s Sandbox,
    http: Http,
}

impl<'s> Clients<'s> {
    pub(crate) fn new(sandbox: &'s Sandbox) -> Self {
        Self {
            sandbox,
            http: Http::new(),
        }
    }

    /// A signed request to NiceChat.
    pub(crate) async fn nicechat(&self, method: &str, target: &str, json: &Value) -> Answer {
        let json = match json {
            Value::Null => String::new(),
            json => json.to_string(),
        };
        let signed = Signed {
            http: self.http.clone(),
            service: self.sandbox.nicechat(),
        };
        signed.call(method, target, &json).await
    }

    /// A call of Uvygoda with the valid token.
    pub(crate) async fn uvygoda(&self, method: &str, body: &Value) -> Answer {
        let token = match method {
            "getToken" => "NO_AUTH".to_owned(),
            _ => self.sandbox.uvygoda().token(),
        };
        let url = format!("{}/local/api/api.php", self.sandbox.uvygoda().url());
        let headers = [
            ("content-type", "application/json;charset=UTF-8"),
            ("token", token.as_str()),
            ("method", method),
        ];
        let body = body.to_string();
        self.http.send("POST", &url, &headers, &body).await
    }

    /// A GET of RetailCRM; `target` is path and query below `/api/v5`.
    pub(crate) async fn crm(&self, target: &str) -> Answer {
        let crm = self.sandbox.retailcrm();
        let url = format!("{}/api/v5{target}", crm.url());
        let headers = [("x-api-key", crm.api_key())];
        let headers = headers.each_ref().map(|(name, key)| (*name, key.as_str()));
        self.http.send("GET", &url, &headers, "").await
    }

    /// A POST of RetailCRM with form fields, whose values are JSON.
    pub(crate) async fn crm_post(&self, target: &str, fields: &[(&str, &Value)]) -> Answer {
        let crm = self.sandbox.retailcrm();
        let url = format!("{}/api/v5{target}", crm.url());
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                format!("{name}={}", nicechat::encoded(&text))
            })
            .collect();
        let key = crm.api_key();
        let headers = [
            ("x-api-key", key.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.http
            .send("POST", &url, &headers, &pairs.join("&"))
            .await
    }
}
