//! RetailCRM: bytes that go up and come down as they are.

use bytes::Bytes;
use shopwire::retailcrm::{files::File, orders::Order};
use shopwire_sandbox::{Options, RateLimit};
use shopwire_tests::sandbox;

// RE15
#[tokio::test]
async fn re15_a_file_goes_up_and_comes_down_and_a_plate_is_printed() {
    let lifted = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (sandbox, shopwire) = sandbox(lifted).await;
    let client = shopwire.retailcrm().expect("it is configured");
    // Every byte, what a form would have to escape, and more than one read of a socket.
    let every: Bytes = (0..=255)
        .cycle()
        .take(1_000_000)
        .collect::<Vec<u8>>()
        .into();
    for content in [
        Bytes::from_static(b"\0"),
        Bytes::from_static(b"a=b&c%00+\r\n--x--\r\n"),
        every,
    ] {
        let uploaded = client
            .files()
            .upload(content.clone())
            .await
            .expect("a file");
        let id = uploaded.file.and_then(|file| file.id).expect("an id");
        let named = File::new().filename("photo.png");
        client.files().edit(id, named).await.expect("edited");
        let back = client.files().download(id).await.expect("the file");
        assert!(
            back.bytes == content,
            "{} bytes came back otherwise",
            content.len()
        );
        assert_eq!(back.filename.as_deref(), Some("photo.png"));
    }
    let uploads: Vec<_> = sandbox
        .retailcrm()
        .requests()
        .log()
        .into_iter()
        .filter(|request| format!("{request:?}").contains("files/upload"))
        .collect();
    assert_eq!(uploads.len(), 3);

    client
        .orders()
        .create(Order::new().external_id("a"))
        .await
        .expect("created");
    let plate = client.orders().print_plate("a", 1).await.expect("a plate");
    assert!(plate.bytes.starts_with(b"%PDF-"), "{:?}", &plate.bytes[..8]);
    assert!(plate.filename.is_some());
    let error = client
        .orders()
        .print_plate("none", 1)
        .await
        .expect_err("no such order");
    assert!(error.is_not_found(), "{error:?}");
}
