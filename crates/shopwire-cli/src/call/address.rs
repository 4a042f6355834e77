//! The address that was asked, for the report of a failed call.

use common_transport::{BaseUrl, Error, ErrorKind};
use shopwire::Config;

use crate::args::Service;

/// The address of a service, and the path of it that comes before the path of every operation.
#[derive(Debug, Default)]
pub(super) struct Address {
    whole: String,
    path: String,
}

impl Address {
    pub(super) fn of(config: &Config, service: Service) -> Self {
        let (url, usual) = match service {
            Service::Nicechat => (&config.nicechat.url, "/marketplaces/v1"),
            Service::Uvygoda => (&config.uvygoda.url, "/local/api/api.php"),
            Service::Retailcrm => (&config.retailcrm.url, "/api/v5"),
        };
        // The clients take an address with the service's usual path as the host's.
        url.clone()
            .map(|url| Self::new(&url.without(usual)))
            .unwrap_or_default()
    }

    fn new(url: &BaseUrl) -> Self {
        let whole = url.to_string();
        let path = whole.split_once(url.authority()).map(|parts| parts.1);
        Self {
            path: path.unwrap_or_default().to_owned(),
            whole,
        }
    }

    /// The part of the report about the address, which may be that of another server.
    pub(super) fn note(&self, error: &Error) -> String {
        let is_elsewhere = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Decode)
            || error
                .status()
                .is_some_and(|status| matches!(status.as_u16(), 404 | 405));
        match (is_elsewhere, self.path.as_str()) {
            (true, path) if !path.is_empty() => format!(
                "; {} was asked: its path, {path}, comes before the path of every operation, is it meant?",
                self.whole
            ),
            // Nothing of the service's own was said: another server may have answered.
            (true, _) if error.service_error().message.is_none() && !self.whole.is_empty() => {
                format!("; {} was asked: is it the service's address?", self.whole)
            }
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_transport::{ServiceError, verdict::Verdict};

    // C14
    #[test]
    fn c14_a_path_in_the_address_is_told_when_nothing_is_found_there() {
        let of = |url: &str| {
            let config = Config::new().retailcrm(url.parse().expect("a URL"), "k-1");
            Address::of(&config, Service::Retailcrm)
        };
        let mut said = ServiceError::default();
        said.message = Some("no such order".into());
        let verdict = Verdict::new(ErrorKind::NotFound, false, false);
        let missing = Error::from_service_error(verdict, http::StatusCode::NOT_FOUND, said);
        let odd = Error::new(ErrorKind::Decode, "x");
        let told = of("https://demo.example/foo/").note(&missing);
        assert!(
            told.contains("https://demo.example/foo was asked: its path, /foo,"),
            "{told}"
        );
        for url in ["https://demo.example/", "https://demo.example/api/v5"] {
            assert_eq!(of(url).note(&missing), "");
            assert!(
                of(url)
                    .note(&odd)
                    .contains("https://demo.example was asked")
            );
        }
        let refused = Error::new(ErrorKind::Auth, "x");
        assert_eq!(of("https://demo.example/foo").note(&refused), "");
    }
}
