//! TLS: rustls with ring, named here and not taken from the process, so that no other crate's choice matters.

use std::{
    fmt, io,
    sync::{Arc, OnceLock},
};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::BoxError;

/// Whose certificates a [`Pool`](super::Pool) trusts.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Roots {
    /// Those that the platform trusts, a company's own included.
    #[default]
    Platform,
    /// Mozilla's, bundled: for containers that ship none.
    #[cfg(feature = "webpki-roots")]
    WebPki,
    /// These certificates (DER) and no others.
    Only(Vec<Vec<u8>>),
}

/// The configuration, made on first use: reading the platform's certificates takes a while.
pub(super) struct Tls {
    roots: Roots,
    config: OnceLock<Result<Arc<ClientConfig>, TlsFailure>>,
}

impl Tls {
    pub(super) fn new(roots: Roots) -> Self {
        Self {
            roots,
            config: OnceLock::new(),
        }
    }

    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, TlsFailure> {
        self.config
            .get_or_init(|| match config(&self.roots) {
                Ok(config) => Ok(Arc::new(config)),
                Err(error) => Err(TlsFailure(error.to_string())),
            })
            .clone()
    }
}

fn config(roots: &Roots) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = match roots {
        Roots::Platform => builder.with_platform_verifier().map_err(no_roots)?,
        #[cfg(feature = "webpki-roots")]
        Roots::WebPki => builder.with_root_certificates(RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.into(),
        }),
        Roots::Only(certificates) => {
            let mut store = RootCertStore::empty();
            for certificate in certificates {
                store.add(certificate.clone().into())?;
            }
            builder.with_root_certificates(store)
        }
    };
    Ok(builder.with_no_client_auth())
}

fn no_roots(error: rustls::Error) -> rustls::Error {
    let message = format!(
        "no roots: this system has no trusted certificates (install ca-certificates, or use the \
         webpki-roots feature): {error}"
    );
    rustls::Error::General(message)
}

/// TLS that will not come about however often it is tried.
#[derive(Debug, Clone)]
pub(super) struct TlsFailure(String);

impl TlsFailure {
    /// Tells a refused certificate or protocol from a connection that broke.
    pub(super) fn explain(error: BoxError) -> BoxError {
        let refused = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match refused {
            Some(refused) => Self(refused.to_string()).into(),
            None => error,
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no secure connection: {}", self.0)
    }
}

impl std::error::Error for TlsFailure {}
