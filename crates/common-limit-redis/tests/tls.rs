//! `rediss://`: a Redis with a certificate of the test's own authority. Each call is a process of its own, which finds
//! the authority in `SSL_CERT_FILE`.

#![cfg(feature = "tls")]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/redis.rs"]
mod redis;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common_limit_redis::{RedisLimits, RedisLimitsOptions};
use common_transport::{
    Limiter as _, RateClass,
    limit::{Key, PermitOutcome},
};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use redis::Redis;
use tempfile::TempDir;

/// An authority with its files.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("it signs itself");
        let folder = TempDir::new().expect("a folder");
        let authority = Self { issuer, folder };
        authority.write("root", "CERTIFICATE", authority.issuer.der());
        authority
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn write(&self, name: &str, what: &str, der: &[u8]) -> String {
        let path = self.folder.path().join(name);
        let lines = STANDARD.encode(der);
        let lines: Vec<_> = lines
            .as_bytes()
            .chunks(64)
            .map(String::from_utf8_lossy)
            .collect();
        let text = format!(
            "-----BEGIN {what}-----\n{}\n-----END {what}-----\n",
            lines.join("\n")
        );
        fs::write(&path, text).expect("it is written");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// Starts a Redis whose certificate is for these names, until this year.
    fn redis(&self, names: &[&str], until: i32) -> Option<Redis> {
        let key = KeyPair::generate().expect("a key");
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).expect("it is signed");
        let certificate = self.write("certificate", "CERTIFICATE", certificate.der());
        let key = self.write("key", "PRIVATE KEY", &key.serialize_der());
        let root = self.root();
        Redis::with(&[
            "--port",
            "0",
            "--tls-port",
            "PORT",
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            root.to_str().expect("UTF-8"),
        ])
    }
}

/// Makes one call in another process that trusts this authority; returns what it says.
fn call(address: &str, root: &Path) -> String {
    let program = env::current_exe().expect("a path");
    let output = Command::new(program)
        .args(["--exact", "process", "--ignored", "--nocapture"])
        .env("LIMIT_ADDRESS", address)
        .env("SSL_CERT_FILE", root)
        .output()
        .expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
#[ignore = "a process of the other tests"]
async fn process() {
    let Ok(address) = env::var("LIMIT_ADDRESS") else {
        return;
    };
    let options = RedisLimitsOptions::new(&address).expect("an address");
    let limits = RedisLimits::new(options.class(RateClass::DEFAULT, 10));
    let key = Key::new("demo.example", RateClass::DEFAULT);
    match limits.acquire(key, None).await {
        Ok(permit) => {
            permit.end(PermitOutcome::Answered);
            println!("a permit");
        }
        Err(error) => println!("{error}"),
    }
    limits.close().await;
}

// D17
#[test]
fn d17_a_redis_behind_tls_is_used_by_name_and_by_number() {
    let authority = Authority::new("one");
    let Some(redis) = authority.redis(&["localhost", "127.0.0.1"], 2100) else {
        return;
    };
    for host in ["localhost", "127.0.0.1"] {
        let address = format!("rediss://{host}:{}", redis.port());
        let said = call(&address, &authority.root());
        assert!(said.contains("a permit"), "{host}: {said}");
    }
}

// D17, X7
#[test]
fn d17_a_certificate_that_is_not_trusted_is_named() {
    let (authority, other) = (Authority::new("one"), Authority::new("another one"));
    let cases = [
        (&other, "localhost", 2100, "UnknownIssuer"),
        (&authority, "other.example", 2100, "not valid for name"),
        (&authority, "localhost", 2020, "expired"),
    ];
    for (root, name, until, why) in cases {
        let Some(redis) = authority.redis(&[name], until) else {
            return;
        };
        let address = format!("rediss://:S3CRET@localhost:{}", redis.port());
        let said = call(&address, &root.root());
        assert!(said.contains("certificate") && said.contains(why), "{said}");
        assert!(!said.contains("S3CRET"), "{said}");
    }
}

// D17: each side waits for the other one, or hangs up. The address says which kind was expected.
#[test]
fn d17_tls_on_one_side_alone_is_named() {
    let authority = Authority::new("one");
    let (Some(tls), Some(plain)) = (authority.redis(&["localhost"], 2100), Redis::start()) else {
        return;
    };
    for address in [
        format!("redis://localhost:{}", tls.port()),
        format!("rediss://localhost:{}", plain.port()),
    ] {
        let said = call(&address, &authority.root());
        assert!(
            said.contains("never reached") && said.contains(&address),
            "{said}"
        );
    }
}
