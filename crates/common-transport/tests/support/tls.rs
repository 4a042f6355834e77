//! A TLS server of the tests' own, with certificates made on the spot.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{future::Future, sync::Arc};

use common_transport::{BaseUrl, client::Roots};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
        server::{ClientCertVerifierBuilder, WebPkiClientVerifier, danger::ClientCertVerifier},
    },
    server::TlsStream,
};

pub(crate) type Ca = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn ca(name: &str) -> Ca {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

pub(crate) struct Leaf {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) key: Vec<u8>,
}

pub(crate) fn leaf(ca: &Ca, name: &str, until: i32) -> Leaf {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let certificate = params.signed_by(&key, ca).unwrap();
    Leaf {
        certificate: certificate.der().clone(),
        key: key.serialize_der(),
    }
}

/// A server with this certificate that answers once per connection; with `clients`, it wants a certificate.
pub(crate) async fn serve(leaf: Leaf, clients: Option<&Ca>) -> BaseUrl {
    listen(config(leaf, clients), |mut socket: Socket| async move {
        let _ = socket
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            .await;
        let _ = socket.shutdown().await;
    })
    .await
}

pub(crate) type Socket = TlsStream<TcpStream>;

/// With `clients`, a certificate is wanted that this authority has signed.
pub(crate) fn config(leaf: Leaf, clients: Option<&Ca>) -> ServerConfig {
    config_with(leaf, clients.map(|ca| verifier(ca).build().unwrap()))
}

/// A certificate is asked for, and may be left out.
pub(crate) fn config_asking(leaf: Leaf, clients: &Ca) -> ServerConfig {
    let verifier = verifier(clients).allow_unauthenticated();
    config_with(leaf, Some(verifier.build().unwrap()))
}

fn config_with(leaf: Leaf, verifier: Option<Arc<dyn ClientCertVerifier>>) -> ServerConfig {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match verifier {
        None => config.with_no_client_auth(),
        Some(verifier) => config.with_client_cert_verifier(verifier),
    };
    let key = PrivateKeyDer::try_from(leaf.key).unwrap();
    config
        .with_single_cert(vec![leaf.certificate], key)
        .unwrap()
}

fn verifier(ca: &Ca) -> ClientCertVerifierBuilder {
    let mut roots = RootCertStore::empty();
    roots.add(ca.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    WebPkiClientVerifier::builder_with_provider(roots.into(), provider)
}

/// Serves each connection by `serve` after the handshake, until the runtime ends.
pub(crate) async fn listen<F>(
    config: ServerConfig,
    serve: impl Fn(Socket) -> F + Clone + Send + 'static,
) -> BaseUrl
where
    F: Future<Output = ()> + Send + 'static,
{
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // Where time is paused it would jump while an answer in pieces waits for an acknowledgement.
            socket.set_nodelay(true).unwrap();
            let (acceptor, serve) = (acceptor.clone(), serve.clone());
            tokio::spawn(async move {
                if let Ok(socket) = acceptor.accept(socket).await {
                    serve(socket).await;
                }
            });
        }
    });
    format!("https://{address}").parse().unwrap()
}

pub(crate) fn trusting(ca: &Ca) -> Roots {
    Roots::Only(vec![ca.der().to_vec()])
}
