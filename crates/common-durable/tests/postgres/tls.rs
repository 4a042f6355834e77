//! TLS: the server's certificate is checked.

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use common_durable::{
    ErrorKind, Inbox, NewEvent,
    postgres::{Postgres, PostgresOptions},
};

use crate::{
    binaries::give,
    server::{Server, block_on},
};

#[test]
fn d19_a_server_is_trusted_by_its_certificate_alone() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let certificate =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    server.stop();
    for (name, text) in [
        ("server.crt", pem("CERTIFICATE", certificate.cert.der())),
        (
            "server.key",
            pem("PRIVATE KEY", &certificate.signing_key.serialize_der()),
        ),
    ] {
        let path = server.data().join(name);
        fs::write(&path, text).expect("a file");
        private(&path);
        give(&path);
    }
    server.configure(&["ssl = on"]);
    assert!(server.run(), "the server starts");
    let address = server
        .address("postgres")
        .replace("host=127.0.0.1", "host=localhost hostaddr=127.0.0.1");
    let options =
        || PostgresOptions::new(&format!("{address} sslmode=require")).expect("an address");
    block_on(async {
        let error = Postgres::open(options())
            .await
            .expect_err("nobody vouches for it");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.to_string().contains("certificate"), "{error}");

        let trusting = options().root_certificate(certificate.cert.der().to_vec());
        let store = Postgres::open(trusting).await.expect("it opens");
        let inbox = Inbox::new(std::sync::Arc::new(store));
        inbox.append(NewEvent::new("s", "x")).await.expect("stored");
        let client = server.connect("postgres").await.expect("a connection");
        let row = client
            .query_one(
                "select count(*) filter (where ssl), count(*) from pg_stat_ssl join pg_stat_activity using (pid)
                 where application_name = 'common-durable'",
                &[],
            )
            .await
            .expect("statistics");
        let (encrypted, all): (i64, i64) = (row.get(0), row.get(1));
        assert!(all > 0);
        assert_eq!(encrypted, all);

        // The certificate is for another name.
        let elsewhere =
            PostgresOptions::new(&format!("{} sslmode=require", server.address("postgres")))
                .expect("an address")
                .root_certificate(certificate.cert.der().to_vec());
        let error = Postgres::open(elsewhere).await.expect_err("another name");
        assert!(error.to_string().contains("certificate"), "{error}");
    });
}

fn pem(what: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {what}-----\n{}\n-----END {what}-----\n",
        STANDARD.encode(der)
    )
}

fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("permissions");
}
