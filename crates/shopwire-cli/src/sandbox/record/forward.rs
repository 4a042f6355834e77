//! One account: its requests are passed on and recorded.

use std::{
    io::{self, Write as _},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use common_api::cassette::Recorder;
use common_model::{Value as Json, from_json_bytes};
use common_transport::{
    BaseUrl, Client, Error, Metadata, Pool, RetryPolicy, Secret,
    client::{Hide, HideParameters},
};
use http::{Request, Response, StatusCode};
use shopwire::Config;

use super::{
    accept,
    losses::Losses,
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
    terminal,
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
    losses: Arc<Losses>,
    headers: Vec<String>,
    parameters: Arc<[String]>,
    /// Whether a line is printed for each request.
    prints: bool,
}

impl Forward {
    /// # Errors
    /// None is expected: the settings were checked.
    pub(super) fn new(
        account: &Account,
        recorder: &Recorder,
        losses: &Arc<Losses>,
        prints: bool,
    ) -> Result<Self, Error> {
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
            losses: Arc::clone(losses),
            headers: account.headers.clone(),
            parameters: account.parameters.clone().into(),
            prints,
        })
    }

    async fn forward(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let metadata = operation::find(self.service, &method, &path, request.headers());
        let sent = self.prepare(&mut request);
        let error = self.client.execute(metadata, request).await.err();
        if let Err(error) = self.recorder.finish() {
            output::warning(&format!("an exchange was not recorded: {error}"));
            self.losses.note(&error);
        }
        let Some(came) = sent.came() else {
            let why = error.map_or_else(String::new, |error| {
                let landed = sent.has_landed().unwrap_or(error.may_have_landed());
                no_answer(error.message(), landed)
            });
            self.print(metadata, &method, &why);
            return refusal(self.service, StatusCode::BAD_GATEWAY, &why);
        };
        let mut end = came.status.as_u16().to_string();
        if let Some(error) = error {
            // The client may read what cannot be masked here.
            end += &format!(" (recorded without the answer: {})", error.message());
        }
        self.print(metadata, &method, &end);
        as_it_came(came)
    }

    /// Attaches the headers to send, and marks what is secret by the settings alone.
    fn prepare(&self, request: &mut Request<Bytes>) -> Sent {
        accept::narrow(request.headers_mut());
        let sent = Sent::new(request.headers().clone());
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
        extensions.insert(sent.clone());
        sent
    }

    /// The path may hold data of customers, so the operation stands for it.
    fn print(&self, metadata: &Metadata, method: &http::Method, end: &str) {
        if !self.prints {
            return;
        }
        let (service, end) = (service_name(self.service), terminal::line(end));
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
    let login = body.get("LOGIN").and_then(|login| match login {
        Json::String(text) => Some(text.clone()),
        // It may be a phone.
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    });
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

/// The answer for the client. The recording has an expanded copy.
fn as_it_came(came: &Came) -> Response<Bytes> {
    let mut response = Response::new(came.body.clone());
    *response.status_mut() = came.status;
    *response.headers_mut() = end_to_end(&came.headers);
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
