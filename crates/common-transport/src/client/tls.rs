//! TLS by rustls. The provider is named explicitly, so that the process-wide default of another crate has no effect.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier,
    client::WantsClientCert,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use rustls_platform_verifier::Verifier;

use super::{provider::Provider, refused::Refused};
use crate::Error;

/// The root certificates that a [`Pool`](super::Pool) trusts.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Roots {
    /// The certificates that the platform trusts, including those of a company.
    #[default]
    Platform,
    /// The certificates that the platform trusts, and these (DER).
    PlatformAnd(Vec<Vec<u8>>),
    /// The bundled certificates of Mozilla, for containers without certificates.
    #[cfg(feature = "webpki-roots")]
    WebPki,
    /// Only these certificates (DER).
    Only(Vec<Vec<u8>>),
}

/// A client certificate with its private key, for servers that ask for one.
#[derive(Clone)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: Arc<PrivateKeyDer<'static>>,
}

impl Identity {
    /// Builds an identity from a chain of certificates (DER, the client's own first) and its private key (DER: PKCS#8,
    /// SEC1 or PKCS#1).
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the key is in none of these forms.
    pub fn new(chain: Vec<Vec<u8>>, key: Vec<u8>) -> Result<Self, Error> {
        let unknown = |_| Error::invalid_input("key", "it is not a private key in DER");
        Ok(Self {
            chain: chain.into_iter().map(CertificateDer::from).collect(),
            key: Arc::new(PrivateKeyDer::try_from(key).map_err(unknown)?),
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}

/// The TLS configuration, built on first use, since reading the platform's certificates takes a while.
pub(super) struct Tls {
    roots: Roots,
    identity: Option<Identity>,
    provider: Option<Provider>,
    config: OnceLock<Result<Arc<ClientConfig>, Refused>>,
}

impl Tls {
    pub(super) fn new(
        roots: Roots,
        identity: Option<Identity>,
        provider: Option<Provider>,
    ) -> Self {
        Self {
            roots,
            identity,
            provider,
            config: OnceLock::new(),
        }
    }

    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, Refused> {
        self.config
            .get_or_init(|| match self.make() {
                Ok(config) => Ok(Arc::new(config)),
                Err(error) => Err(Refused::new(format!("no secure connection: {error}"))),
            })
            .clone()
    }

    fn make(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(Provider::resolve(self.provider)?);
        let mut config = config(&self.roots, self.identity.as_ref(), provider)?;
        if cfg!(feature = "http2") {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Ok(config)
    }
}

fn config(
    roots: &Roots,
    identity: Option<&Identity>,
    provider: Arc<CryptoProvider>,
) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match roots {
        Roots::Platform => with_platform(builder, &[], provider)?,
        Roots::PlatformAnd(certificates) => with_platform(builder, certificates, provider)?,
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
    match identity {
        Some(identity) => {
            builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())
        }
        None => Ok(builder.with_no_client_auth()),
    }
}

fn with_platform(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    extra: &[Vec<u8>],
    provider: Arc<CryptoProvider>,
) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error> {
    let extra = extra.iter().cloned().map(CertificateDer::from);
    let verifier = Verifier::new_with_extra_roots(extra, provider).map_err(no_roots)?;
    // The verifier is the platform's own: rustls calls any verifier that is not built in "dangerous".
    let builder = builder.dangerous();
    Ok(builder.with_custom_certificate_verifier(Arc::new(verifier)))
}

fn no_roots(error: rustls::Error) -> rustls::Error {
    let message = format!(
        "no roots: this system has no trusted certificates (install ca-certificates, or use the \
         webpki-roots feature): {error}"
    );
    rustls::Error::General(message)
}
