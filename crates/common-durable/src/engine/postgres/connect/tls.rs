//! TLS by rustls on ring. The provider is named explicitly, so that another crate's default has no effect.

use std::{
    fs,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use rustls::{
    ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::{
    Socket,
    tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream},
};
use tokio_rustls::{TlsConnector, client};

use super::super::libpq::{Given, NamedPath, check_private};
use crate::{Error, ErrorKind};

/// Makes TLS connections that check the server's certificate and name.
#[derive(Clone)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
}

impl Tls {
    /// Trusts the certificates of the platform or of the file that was given, and these (DER).
    pub(super) fn new(given: &Given, roots: &[Vec<u8>]) -> Result<Self, Error> {
        Ok(Self {
            config: Arc::new(config(given, roots)?),
        })
    }
}

fn config(given: &Given, roots: &[Vec<u8>]) -> Result<ClientConfig, Error> {
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(given, roots, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        // A verifier was built from these roots: rustls calls every way to hand one over "dangerous".
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    match (&given.certificate, &given.key) {
        (None, None) => Ok(builder.with_no_client_auth()),
        (Some(certificate), Some(key)) => builder
            .with_client_auth_cert(certificates(certificate)?, private_key(key)?)
            .map_err(|_| certificate.error("the key does not belong to the certificate")),
        (Some(alone), None) => {
            Err(alone.error("a certificate needs its key: set sslkey or PGSSLKEY"))
        }
        (None, Some(alone)) => {
            Err(alone.error("a key needs its certificate: set sslcert or PGSSLCERT"))
        }
    }
}

fn verifier(
    given: &Given,
    roots: &[Vec<u8>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let more = roots.iter().cloned().map(CertificateDer::from);
    let Some(file) = given
        .root
        .as_ref()
        .filter(|file| file.path.as_os_str() != "system")
    else {
        let verifier = Verifier::new_with_extra_roots(more, Arc::clone(provider));
        return Ok(Arc::new(verifier.map_err(|error| unusable(&error))?));
    };
    let mut store = RootCertStore::empty();
    for certificate in certificates(file)?.into_iter().chain(more) {
        store
            .add(certificate)
            .map_err(|_| file.error("one of its certificates cannot be a root"))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(store.into(), Arc::clone(provider));
    Ok(verifier.build().map_err(|error| file.error(error))?)
}

fn unusable(error: &rustls::Error) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!("TLS: no trusted certificates can be loaded: {error}"),
    )
}

fn certificates(file: &NamedPath) -> Result<Vec<CertificateDer<'static>>, Error> {
    let opened = fs::File::open(&file.path).map_err(|error| file.of_system(&error))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_reader_iter(opened).collect();
    match read {
        Ok(read) if !read.is_empty() => Ok(read),
        _ => Err(file.error("it holds no certificate as PEM")),
    }
}

fn private_key(file: &NamedPath) -> Result<PrivateKeyDer<'static>, Error> {
    let opened = fs::File::open(&file.path).map_err(|error| file.of_system(&error))?;
    check_private(file, &opened)?;
    PrivateKeyDer::from_pem_reader(opened)
        .map_err(|_| file.error("it holds no private key as PEM, or one with a password"))
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Stream;
    type TlsConnect = Handshake;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<Handshake> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| io::Error::other("the host's name cannot be in a certificate"))?;
        Ok(Handshake {
            connector: TlsConnector::from(Arc::clone(&self.config)),
            name,
        })
    }
}

/// One handshake that is to come.
pub(super) struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let stream = self.connector.connect(self.name, socket).await?;
            Ok(Stream(Box::new(stream)))
        })
    }
}

/// An encrypted connection.
pub(super) struct Stream(Box<client::TlsStream<Socket>>);

impl TlsStream for Stream {
    /// None: the certificate's name and chain are checked, so a password cannot be passed on by somebody in between.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
