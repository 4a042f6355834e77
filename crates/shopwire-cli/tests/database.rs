//! How the command connects to PostgreSQL: passwords, certificates, and errors that name the setting.
#![cfg(unix)]

#[path = "../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "support/pki.rs"]
mod pki;
#[path = "../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "this test uses a part of it")]
mod server;
mod support;

use std::{path::Path, process::Command};

use pki::Authority;
use server::{PASSWORD, Server, block_on};
use support::{
    Run, chmod, command, private_file,
    receiving::{Receiving, post, webhooks},
    run,
};

/// The address of a database without a password, and its port.
fn address(server: &Server, database: &str) -> (String, String) {
    let full = server.address(database);
    let port = full
        .split(' ')
        .find_map(|word| word.strip_prefix("port="))
        .expect("a port")
        .to_owned();
    (
        format!("postgres://postgres@localhost:{port}/{database}"),
        port,
    )
}

fn list(address: &str, variables: &[(&str, &str)]) -> Run {
    let mut list = command(&["inbox", "list"]);
    list.env("SHOPWIRE_STORE_URL", address);
    list.envs(variables.iter().copied());
    run(&mut list, "")
}

#[track_caller]
fn is_refused(run: &Run, named: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("SHOPWIRE_STORE_URL"), "{run:?}");
    assert!(run.stderr.contains(named), "{named}: {run:?}");
    shows_no_secret(run);
}

#[track_caller]
fn shows_no_secret(run: &Run) {
    for secret in [PASSWORD, "hidden"] {
        let shown = [&run.stdout, &run.stderr];
        assert!(!shown.iter().any(|text| text.contains(secret)), "{run:?}");
    }
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

// D16, H9, X7
#[test]
fn d16_x7_a_password_comes_from_a_variable_or_a_file_of_the_user_alone() {
    let Some(server) = server::shared() else {
        return;
    };
    let database = block_on(server.database());
    let (url, port) = address(server, &database);
    let mut start = webhooks(Path::new(""), &["-vvv"]);
    start
        .env("SHOPWIRE_STORE_URL", &url)
        .env("PGPASSWORD", PASSWORD);
    let receiving = Receiving::spawn(&mut start);
    assert_eq!(receiving.post("{}"), 200);
    let guess = post("/uvygoda/guess", "x: y", "");
    assert_eq!(receiving.send(&guess).0, 404);
    let id = receiving.child.id();
    let arguments = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let announced = receiving.announced.clone();
    let (_, metrics) = receiving.get("/metrics");

    works(&list(&url, &[("PGPASSWORD", PASSWORD)]));
    let lines = format!(
        "# lines of others\nelsewhere:*:*:*:hidden\nlocalhost:{port}:{database}:postgres:{PASSWORD}\n"
    );
    let file = private_file("passwords", ".pgpass", &lines);
    let named = file.to_str().expect("UTF-8");
    works(&list(&url, &[("PGPASSFILE", named)]));
    works(&list(&format!("{url}?passfile={named}"), &[]));
    let home = file.parent().and_then(Path::to_str).expect("UTF-8");
    works(&list(&url, &[("HOME", home)]));

    is_refused(&list(&url, &[("PGPASSWORD", "hidden")]), "password");
    is_refused(
        &list(&url, &[("PGPASSFILE", "none/hid.pass")]),
        "PGPASSFILE: none/hid.pass: there is no such file",
    );
    is_refused(&list(&url, &[]), "PGPASSWORD");
    let other = private_file("passwords", "other", "elsewhere:*:*:*:hidden\n");
    is_refused(
        &list(&url, &[("PGPASSFILE", other.to_str().expect("UTF-8"))]),
        "that fits host, port",
    );
    chmod(&file, 0o640 | 0o004);
    is_refused(&list(&url, &[("PGPASSFILE", named)]), "chmod 600");

    let (code, log) = receiving.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("refused"), "there is a log: {log}");
    let arguments = String::from_utf8_lossy(&arguments).into_owned();
    for text in [&arguments, &announced, &metrics, &log] {
        assert!(!text.contains(PASSWORD), "{text}");
    }
}

// D16, C14, X7
#[test]
fn d16_x7_wrong_settings_of_a_database_are_named_without_their_values() {
    let u = "postgres://u:hidden@127.0.0.1:1/d";
    for (address, variables, named) in [
        (u, &[][..], "connection"),
        ("hidden", &[], "postgres://user@host/database"),
        ("postgres://u:hid@hidden@127.0.0.1:1/d", &[], "%40"),
        ("postgres://u:hidden@127.0.0.1:hidden/d", &[], "`port`"),
        (
            "postgres://u:hidden@127.0.0.1:1/d?hidden=1",
            &[],
            "unknown parameter",
        ),
        ("host=127.0.0.1 password='hidden", &[], "cannot be read"),
        (
            "postgres://u:hidden@127.0.0.1:1/d?sslmode=hidden",
            &[],
            "sslmode",
        ),
        (
            "postgres://u@127.0.0.1:1/d?sslrootcert=/none/ca.pem",
            &[],
            "sslrootcert: /none/ca.pem",
        ),
        (u, &[("PGSSLMODE", "hidden")], "PGSSLMODE"),
        (
            u,
            &[("PGSSLROOTCERT", "/none/ca.pem")],
            "PGSSLROOTCERT: /none/ca.pem",
        ),
        (
            u,
            &[("PGSSLROOTCERT", "/dev/null")],
            "PGSSLROOTCERT: /dev/null: it holds no certificate",
        ),
        (
            u,
            &[("PGSSLMODE", "require"), ("PGSSLKEY", "/none/key.pem")],
            "PGSSLKEY: /none/key.pem: a key needs its certificate",
        ),
    ] {
        is_refused(&list(address, variables), named);
    }
    let named_as_file = command(&["inbox", "list", "--store", u]).output();
    let named_as_file = named_as_file.expect("it runs");
    let shown = String::from_utf8_lossy(&named_as_file.stderr);
    assert_eq!(named_as_file.status.code(), Some(2), "{shown}");
    assert!(
        shown.contains("SHOPWIRE_STORE_URL") && !shown.contains("hidden"),
        "{shown}"
    );
}

/// A server that speaks TLS only, and wants a certificate of its clients.
fn server_with_tls(authority: &Authority) -> Option<Server> {
    let server = Server::start(&[])?;
    server.stop();
    let signed = authority.sign("localhost");
    for (name, from) in [
        ("server.crt", &signed.certificate),
        ("server.key", &signed.key),
        ("root.crt", &authority.root),
    ] {
        let to = server.data().join(name);
        pki::copy(from, &to);
        binaries::give(&to);
    }
    let rules = "hostssl all all all scram-sha-256 clientcert=verify-ca\n";
    std::fs::write(
        server.data().join("pg_hba.conf"),
        format!("{rules}host postgres all all scram-sha-256\n"),
    )
    .expect("written");
    server.configure(&["ssl = on", "ssl_ca_file = 'root.crt'"]);
    assert!(server.run(), "the server starts");
    Some(server)
}

// D16, H9
#[test]
fn d16_a_server_with_an_authority_of_its_own_is_reached_by_tls() {
    let (authority, stranger) = (Authority::new("pki"), Authority::new("pki-stranger"));
    let Some(server) = server_with_tls(&authority) else {
        return;
    };
    block_on(server.admin("create database shop template template0"));
    let (url, port) = address(&server, "shop");
    let client = authority.sign("client");
    let foreign = stranger.sign("client");
    let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let (root, certificate, key) = (
        path(&authority.root),
        path(&client.certificate),
        path(&client.key),
    );
    let all = [
        ("PGPASSWORD", PASSWORD),
        ("PGSSLROOTCERT", &root),
        ("PGSSLCERT", &certificate),
        ("PGSSLKEY", &key),
    ];
    let with = |changes: &[(&'static str, &str)]| {
        let variables: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| {
                let change = changes.iter().find(|change| change.0 == *name);
                (*name, change.map_or(*value, |change| change.1))
            })
            .chain(
                changes
                    .iter()
                    .copied()
                    .filter(|change| !all.iter().any(|row| row.0 == change.0)),
            )
            .collect();
        list(&url, &variables)
    };
    let mut start: Command = webhooks(Path::new(""), &[]);
    start.env(
        "SHOPWIRE_STORE_URL",
        format!("{url}?sslmode=verify-full&sslrootcert={root}&sslcert={certificate}&sslkey={key}"),
    );
    let receiving = Receiving::spawn(start.env("PGPASSWORD", PASSWORD));
    assert_eq!(receiving.post("{}"), 200);
    works(&with(&[]));
    works(&with(&[("PGSSLMODE", "verify-full")]));
    let (encrypted, connections) = block_on(async {
        let client = server.connect("postgres").await.expect("a connection");
        let row = client
            .query_one(
                "select count(*) filter (where ssl), count(*) from pg_stat_ssl join pg_stat_activity using (pid)
                 where datname = 'shop'",
                &[],
            )
            .await
            .expect("statistics");
        (row.get::<_, i64>(0), row.get::<_, i64>(1))
    });
    assert!(connections > 0);
    assert_eq!(encrypted, connections);

    // The certificate of the server: nobody known, another authority, another name.
    is_refused(&with(&[("PGSSLROOTCERT", "system")]), "certificate");
    is_refused(
        &with(&[("PGSSLROOTCERT", &path(&stranger.root))]),
        "certificate",
    );
    let elsewhere = url.replace("localhost", "127.0.0.1");
    is_refused(&list(&elsewhere, &all), "certificate");
    assert!(elsewhere.contains(&port));
    // The certificate of the client.
    is_refused(&with(&[("PGSSLCERT", "")]), "PGSSLKEY");
    is_refused(&with(&[("PGSSLCERT", ""), ("PGSSLKEY", "")]), "connection");
    is_refused(
        &with(&[("PGSSLKEY", &path(&foreign.key))]),
        "the key does not belong",
    );
    is_refused(
        &with(&[
            ("PGSSLCERT", &path(&foreign.certificate)),
            ("PGSSLKEY", &path(&foreign.key)),
        ]),
        "connection",
    );
    chmod(&client.key, 0o644);
    is_refused(&with(&[]), "chmod 600");
    assert_eq!(receiving.stop().0, Some(0));
}
