//! A client without tower: the blocking client ureq sends the signed `http::Request` unchanged.
//!
//! Run with `cargo run -p nicechat-sign --features http --example foreign_client`.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use http::Request;
use nicechat_sign::{Credentials, Form, Signer};

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || -> std::io::Result<String> {
        let (mut stream, _) = listener.accept()?;
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        // Key and signature come last.
        while !String::from_utf8_lossy(&seen).contains("&_sign=") {
            let count = stream.read(&mut buffer)?;
            seen.extend_from_slice(&buffer[..count]);
        }
        stream
            .write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
        Ok(String::from_utf8_lossy(&seen).into_owned())
    });

    let signer = Signer::new(Credentials::new("key", "secret"));
    let form = Form::new().with("title", "Товар").with("id", 1);
    let request =
        Request::post(format!("http://{address}/marketplaces/v1/products/")).body(form)?;
    let signed = signer.sign_with_parameters(&request)?;
    let answer = ureq::run(signed.map(|body| body.to_vec()))?;
    assert_eq!(answer.status(), 201);

    let seen = server.join().map_err(|_| "the server panicked")??;
    let body = "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80";
    let signature = signer.sign_body("/marketplaces/v1/products/", body.as_bytes(), "POST");
    assert!(seen.starts_with("POST /marketplaces/v1/products/ HTTP/1.1\r\n"));
    assert!(seen.ends_with(&format!("\r\n\r\n{body}&_key=key&_sign={signature}")));
    println!("the form arrived with the signature {signature}");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}
