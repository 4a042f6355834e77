//! Certificates of an authority of the test's own, as files.

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::support::private_file;

/// An authority that signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: &'static str,
    /// Its own certificate.
    pub(crate) root: PathBuf,
}

/// A certificate and its key, as files.
pub(crate) struct Signed {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Authority {
    pub(crate) fn new(folder: &'static str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "an authority of the test");
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("a certificate");
        let root = private_file(folder, "root.pem", pem("CERTIFICATE", own.der()));
        Self {
            issuer: Issuer::new(params, key),
            folder,
            root,
        }
    }

    /// Signs a certificate for a name.
    pub(crate) fn sign(&self, name: &str) -> Signed {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&key, &self.issuer).expect("it is signed");
        let file = |what: &str, text: String| {
            private_file(self.folder, &format!("{name}.{what}.pem"), text)
        };
        Signed {
            certificate: file("certificate", pem("CERTIFICATE", signed.der())),
            key: file("key", pem("PRIVATE KEY", &key.serialize_der())),
        }
    }
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("letters"))
        .collect();
    format!(
        "-----BEGIN {what}-----\n{}\n-----END {what}-----\n",
        lines.join("\n")
    )
}

/// Copies a file to a place that only its owner reads.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).expect("copied");
    crate::support::chmod(to, 0o600);
}
