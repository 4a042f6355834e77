//! One account: its requests are passed on and recorded.

use std::{
    io::{self, Write as _},
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use common_api::cassette::Recorder;
use common_model::{Value as Json, from_json_bytes};
use common_transport::{
    BaseUrl, Client, Error, Metadata, Pool, RetryPolicy, Secret,
    client::{Hide, HideParameters},
};
use http::{HeaderMap, Request, Response, StatusCode};
use shopwire::Config;

use super::{
    accept,
    raw::{Came, Raw, Sent},
};
use crate::{
    args::Service,
    call::service_name,
    output,
    sandbox::{
        loopback::{Answer, Answers, end_to_end},
        operation,
        refusal::refusal,
    },
};

/// Time in which a service must answer: more than its clients wait.
const TIMEOUT: Duration = Duration::from_secs(120);

/// An account of the settings.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) service: Service,
    /// Its address, without the path that every operation has.
    pub(super) url: BaseUrl,
    /// The secrets that errors must not show, if the settings know them.
    secrets: Vec<Secret>,
    /// Names of NiceChat's headers and parameters for key and signature.
    headers: Vec<String>,
    parameters: Vec<String>,
}

/// The secrets of the settings.
pub(super) fn secrets(config: &Config) -> Vec<Secret> {
    let all = [
        &config.nicechat.api_key,
        &config.nicechat.api_secret,
        &config.uvygoda.token,
        &config.retailcrm.api_key,
    ];
    all.into_iter().flatten().cloned().collect()
}

/// The account of a service, if its address is in the settings.
pub(super) fn account(service: Service, config: &Config) -> Option<Account> {
    let (url, usual) = match service {
        Service::Nicechat => (&config.nicechat.url, "/marketplaces/v1"),
        Service::Uvygoda => (&config.uvygoda.url, "/local/api/api.php"),
        Service::Retailcrm => (&config.retailcrm.url, "/api/v5"),
    };
    let url = url.clone()?.without(usual);
    let names = &config.nicechat.names;
    let (headers, parameters) = match service {
        Service::Nicechat => (
            vec![names.key_header_name(), names.signature_header_name()],
            vec![names.key_parameter_name(), names.signature_parameter_name()],
        ),
        _ => (Vec::new(), Vec::new()),
    };
    Some(Account {
        service,
        url,
        secrets: secrets(config),
        headers: headers.into_iter().map(str::to_lowercase).collect(),
        parameters: parameters.into_iter().map(str::to_owned).collect(),
    })
}

/// Passes requests on to one account, unchanged, and returns its answers, unchanged.
#[derive(Debug)]
pub(super) struct Forward {
    service: Service,
    client: Client,
    recorder: Recorder,
    headers: Vec<String>,
    parameters: Arc<[String]>,
    /// Whether a line is printed for each request.
    prints: bool,
}

impl Forward {
    /// # Errors
    /// None is expected: the settings were checked.
    pub(super) fn new(account: &Account, recorder: &Recorder, prints: bool) -> Result<Self, Error> {
        let mut client = Client::builder(origin(&account.url)?)
            .retry(RetryPolicy::none())
            .total_timeout(TIMEOUT)
            .attempt_timeout(TIMEOUT)
            .response_timeout(TIMEOUT)
            .layer(recorder.clone())
            .service(Raw::new(Pool::new()));
        for secret in &account.secrets {
            client = client.hide(secret.clone());
        }
        Ok(Self {
            service: account.service,
            client: client.build()?,
            recorder: recorder.clone(),
            headers: account.headers.clone(),
            parameters: account.parameters.clone().into(),
            prints,
        })
    }

    async fn forward(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let metadata = operation::find(self.service, &method, &path, request.headers());
        let has_landed = self.prepare(&mut request);
        let answer = self.client.execute(metadata, request).await;
        if let Err(error) = self.recorder.finish() {
            output::warning(&format!("an exchange was not recorded: {error}"));
        }
        let answer = answer.map_err(|error| {
            let landed = has_landed.get().copied();
            no_answer(error.message(), landed.unwrap_or(error.may_have_landed()))
        });
        self.print(metadata, &method, &answer);
        match answer {
            Ok(response) => came(response),
            Err(why) => refusal(self.service, StatusCode::BAD_GATEWAY, &why),
        }
    }

    /// Attaches the headers to send, and marks what is secret by the settings alone.
    /// Returns where it will stand whether a request without an answer may have been processed.
    fn prepare(&self, request: &mut Request<Bytes>) -> Arc<OnceLock<bool>> {
        accept::narrow(request.headers_mut());
        let sent = Sent {
            headers: request.headers().clone(),
            has_landed: Arc::default(),
        };
        let has_landed = Arc::clone(&sent.has_landed);
        for (name, value) in request.headers_mut() {
            if self.headers.iter().any(|known| known == name.as_str()) {
                value.set_sensitive(true);
            }
        }
        let hidden = HideParameters(Arc::clone(&self.parameters));
        let login = login(self.service, request.body());
        let extensions = request.extensions_mut();
        extensions.insert(Hide(login));
        extensions.insert(hidden);
        extensions.insert(sent);
        has_landed
    }

    /// The path may hold data of customers, so the operation stands for it.
    fn print(
        &self,
        metadata: &Metadata,
        method: &http::Method,
        answer: &Result<Response<Bytes>, String>,
    ) {
        if !self.prints {
            return;
        }
        let end = match answer {
            Ok(response) => response.status().as_u16().to_string(),
            Err(why) => why.clone(),
        };
        let service = service_name(self.service);
        // Without standard error the requests are still forwarded.
        let _ = writeln!(io::stderr(), "{service} {method} {} {end}", metadata.name);
    }
}

/// The login that Uvygoda's `getToken` takes. It is half of a credential, and elsewhere the name says less.
fn login(service: Service, body: &[u8]) -> Vec<Secret> {
    if service != Service::Uvygoda {
        return Vec::new();
    }
    let body: Json = from_json_bytes(body).unwrap_or_default();
    let login = body.get("LOGIN").and_then(Json::as_str);
    login.map(Secret::from).into_iter().collect()
}

impl Answers for Forward {
    fn answer(self: Arc<Self>, request: Request<Bytes>) -> Answer {
        Box::pin(async move { self.forward(request).await })
    }
}

/// Scheme and host: the paths of requests are passed on as they are.
fn origin(url: &BaseUrl) -> Result<BaseUrl, Error> {
    let whole = url.to_string();
    let host = url.authority();
    let end = whole.find(host).map_or(whole.len(), |at| at + host.len());
    let origin = whole[..end].parse();
    origin.map_err(|error| Error::invalid_input("url", format!("{error}")))
}

/// The answer as it came. The recording has an expanded copy.
fn came(mut response: Response<Bytes>) -> Response<Bytes> {
    if let Some(came) = response.extensions_mut().remove::<Came>() {
        *response.headers_mut() = came.headers;
        *response.body_mut() = came.body;
    }
    let headers: HeaderMap = end_to_end(response.headers());
    *response.headers_mut() = headers;
    response.extensions_mut().clear();
    response
}

/// Why there is no answer: for the client, for people, and from a recording.
pub(in super::super) fn no_answer(why: &str, may_have_landed: bool) -> String {
    let landed = match may_have_landed {
        true => "; the service may have processed the request",
        false => "; the service has not processed the request",
    };
    format!("no answer from the account: {why}{landed}")
}
