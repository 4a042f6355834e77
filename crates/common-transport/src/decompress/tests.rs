//! Each coding by a sample that its own tool made, and answers that expand without end.

use bytes::Bytes;
use http::{Request, Response, header::CONTENT_ENCODING};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};

use super::*;
use crate::{Error, ErrorKind};

async fn call(coding: &'static str, body: Vec<u8>, max: usize) -> Result<Response<Bytes>, Error> {
    let body = Bytes::from(body);
    let mut service = ServiceBuilder::new()
        .layer(DecompressLayer::new().max_body(max))
        .service(service_fn(move |request: Request<Bytes>| {
            let accepted = request.headers().contains_key("accept-encoding");
            assert_eq!(accepted, coding::ACCEPTED.is_some());
            let response = Response::builder().header(CONTENT_ENCODING, coding);
            std::future::ready(Ok::<_, Error>(response.body(body.clone()).unwrap()))
        }));
    service
        .ready()
        .await?
        .call(Request::new(Bytes::new()))
        .await
}

#[cfg(any(feature = "gzip", feature = "brotli", feature = "zstd"))]
fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}

/// 100 times `a`, compressed.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        #[cfg(feature = "gzip")]
        (
            "gzip",
            hex("1f8b08000000000002034b4ca43d0000647a70af64000000"),
        ),
        #[cfg(feature = "brotli")]
        ("br", hex("1b6300f825c202b140a003")),
        #[cfg(feature = "zstd")]
        ("zstd", hex("28b52ffd045845000010616101003f012cb3cfdeb1")),
    ]
}

#[tokio::test]
async fn x2_compressed_answers_are_expanded_up_to_the_limit() {
    for (coding, sample) in samples() {
        let answer = call(coding, sample.clone(), 100).await.unwrap();
        assert_eq!(answer.body(), &vec![b'a'; 100], "{coding}");
        assert!(answer.headers().is_empty());
        let error = call(coding, sample.clone(), 99).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyLimit, "{coding}");
        let error = call(coding, sample[..sample.len() - 3].to_vec(), 100)
            .await
            .unwrap_err();
        assert!(
            error.is_decode() && error.may_have_landed(),
            "{coding}: {error:?}"
        );
    }
}

// F8
#[tokio::test]
async fn f8_a_success_in_an_unknown_coding_is_an_error_that_names_it() {
    let error = call("compress", b"?".to_vec(), 100).await.unwrap_err();
    assert!(error.is_decode() && error.may_have_landed(), "{error:?}");
    assert!(error.to_string().contains("`compress`"), "{error}");
    let answer = call("compress", Vec::new(), 100).await.unwrap();
    assert_eq!(answer.headers()[CONTENT_ENCODING], "compress");
    let answer = call("identity", b"?".to_vec(), 100).await.unwrap();
    assert_eq!(answer.body(), "?");
}

// F8
#[tokio::test]
async fn f8_a_failure_in_an_unknown_coding_keeps_its_status() {
    let mut service = DecompressLayer::new().layer(service_fn(async |_: Request<Bytes>| {
        let response = Response::builder().status(503);
        let response = response.header(CONTENT_ENCODING, "compress");
        Ok::<_, Error>(response.body(Bytes::from_static(b"?")).unwrap())
    }));
    let answer = service.call(Request::new(Bytes::new())).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &**answer.body()),
        (503, &b"?"[..])
    );
}

// F3, F8
#[cfg(feature = "gzip")]
#[tokio::test]
async fn f3_f8_a_failure_whose_body_is_not_in_its_coding_keeps_status_and_body() {
    let (coding, whole) = samples().swap_remove(0);
    let bodies = [
        b"Access denied.".to_vec(),
        whole[..whole.len() - 3].to_vec(),
        [whole.as_slice(), b"\0?"].concat(),
        b"\x1f\x8b".to_vec(),
    ];
    for status in [302, 400, 401, 403, 404, 414, 429, 500, 503] {
        for body in &bodies {
            let sent = Bytes::from(body.clone());
            let answered = sent.clone();
            let mut service = DecompressLayer::new().layer(service_fn(move |_: Request<Bytes>| {
                let response = Response::builder().status(status);
                let response = response.header(CONTENT_ENCODING, coding);
                std::future::ready(Ok::<_, Error>(response.body(answered.clone()).unwrap()))
            }));
            let answer = service.call(Request::new(Bytes::new())).await.unwrap();
            assert_eq!((answer.status().as_u16(), answer.body()), (status, &sent));
        }
    }
}

// F8: padding is taken as gzip and curl take it, wherever a pause falls; other bytes are not.
#[cfg(feature = "gzip")]
#[tokio::test]
async fn f8_zeros_behind_a_gzip_body_are_padding() {
    let (coding, whole) = samples().swap_remove(0);
    for zeros in [1, 3, 511, 512, 16 * 1024 - whole.len(), 16 * 1024, 40_000] {
        let padding = vec![0; zeros];
        let padded = [whole.as_slice(), &padding].concat();
        let answer = call(coding, padded.clone(), 100).await.unwrap();
        assert_eq!(answer.body(), &vec![b'a'; 100], "{zeros}");
        let twice = [padded.as_slice(), &whole, &padding].concat();
        let answer = call(coding, twice, 200).await.unwrap();
        assert_eq!(answer.body(), &vec![b'a'; 200], "{zeros}");
        for junk in [&b"?"[..], b"\x1f\x8b", b"Access denied."] {
            let error = call(coding, [padded.as_slice(), junk].concat(), 100)
                .await
                .unwrap_err();
            assert!(error.is_decode(), "{zeros}: {error:?}");
        }
    }
    let error = call(coding, vec![0; 100], 100).await.unwrap_err();
    assert!(error.is_decode(), "zeros alone are no body: {error:?}");
}

/// All pairs of codings, applied one after another.
#[cfg(feature = "gzip")]
#[tokio::test]
async fn f8_codings_are_undone_in_turn() {
    use std::io::Write;
    type Encode = fn(&[u8]) -> Vec<u8>;
    let gzip: Encode = |plain| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(plain).unwrap();
        out.finish().unwrap()
    };
    let zlib: Encode = |plain| {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(plain).unwrap();
        out.finish().unwrap()
    };
    let bare: Encode = |plain| {
        let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(plain).unwrap();
        out.finish().unwrap()
    };
    let codings = [
        ("gzip", gzip),
        ("x-gzip", gzip),
        ("deflate", zlib),
        ("Deflate", bare),
    ];
    for (first, encode_first) in codings {
        for (second, encode_second) in codings {
            let header: &'static str = format!("{first}, {second}").leak();
            let body = encode_second(&encode_first(b"plain"));
            let answer = call(header, body, 100).await.unwrap();
            assert_eq!(answer.body(), "plain", "{header}");
            assert!(answer.headers().is_empty());
        }
    }
    let error = call("gzip, compress", gzip(b"?"), 100).await.unwrap_err();
    assert!(error.to_string().contains("`gzip, compress`"), "{error}");
    let error = call("compress, gzip", gzip(b"?"), 100).await.unwrap_err();
    assert!(error.to_string().contains("`compress`"), "{error}");
    let five = (0..5).fold(b"?".to_vec(), |body, _| gzip(&body));
    let error = call("gzip, gzip, gzip, gzip, gzip", five, 1000)
        .await
        .unwrap_err();
    assert!(error.is_decode(), "{error:?}");
}

/// So many zeros.
#[cfg(feature = "gzip")]
fn gzipped(zeros: usize) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&vec![0; zeros]).unwrap();
    encoder.finish().unwrap()
}

/// Expands; gives the answer, and how often it has paused for others.
#[cfg(any(feature = "gzip", feature = "brotli", feature = "zstd"))]
fn pauses(
    coding: &'static str,
    body: Vec<u8>,
    max: usize,
) -> (Result<Response<Bytes>, Error>, usize) {
    use std::{
        pin::pin,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::Relaxed},
        },
        task::{Context, Poll, Wake, Waker},
    };

    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl Wake for Counted {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    let counted = Arc::new(Counted::default());
    let waker = Waker::from(Arc::clone(&counted));
    let mut cx = Context::from_waker(&waker);
    let mut answer = pin!(call(coding, body, max));
    let mut pauses = 0;
    loop {
        if let Poll::Ready(result) = answer.as_mut().poll(&mut cx) {
            return (result, pauses);
        }
        pauses += 1;
        assert_eq!(counted.0.load(Relaxed), pauses, "each pause is its own end");
    }
}

#[cfg(feature = "gzip")]
#[test]
fn x2_a_long_expansion_lets_others_have_their_turn() {
    let steps = 10;
    let length = steps * expansion::STEP;
    for (max, is_whole) in [(length, true), (usize::MAX, true), (length - 1, false)] {
        let (result, pauses) = pauses("gzip", gzipped(length), max);
        let read = result.map(|answer| answer.body().len()).ok();
        assert_eq!(read, is_whole.then_some(length));
        assert!((steps - 1..=steps + 1).contains(&pauses), "{pauses}");
    }
}

/// Empty blocks: a long body that expands to nothing is worked through in steps too.
#[cfg(any(feature = "gzip", feature = "brotli", feature = "zstd"))]
#[test]
fn x2_a_body_that_expands_to_nothing_is_no_single_step() {
    const BLOCKS: usize = 100_000;
    let bodies: Vec<(&'static str, Vec<u8>)> = vec![
        #[cfg(feature = "gzip")]
        ("gzip", {
            let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
            let end = [1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0];
            [&head[..], &[0, 0, 0, 0xff, 0xff].repeat(BLOCKS), &end].concat()
        }),
        #[cfg(feature = "brotli")]
        ("br", [&[0x0c][..], &[0x06].repeat(BLOCKS), &[3]].concat()),
        #[cfg(feature = "zstd")]
        ("zstd", {
            let head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0];
            [&head[..], &[0, 0, 0].repeat(BLOCKS), &[1, 0, 0]].concat()
        }),
    ];
    for (coding, body) in bodies {
        let (result, pauses) = pauses(coding, body, 64 * 1024 * 1024);
        assert_eq!(result.unwrap().body(), "", "{coding}");
        assert!(pauses >= 5, "{coding}: {pauses}");
    }
}

/// RFC 8878, section 3: a body may be of several frames.
#[cfg(feature = "zstd")]
#[tokio::test]
async fn x2_all_frames_of_a_zstd_body_are_read() {
    let (coding, frame) = samples().pop().unwrap();
    assert_eq!(coding, "zstd");
    let answer = call("zstd", frame.repeat(3), 1000).await.unwrap();
    assert_eq!(answer.body(), &vec![b'a'; 300]);
}

/// 800 blocks of 128 KiB, four bytes each, in one window that a frame would like to have as large as that.
#[cfg(feature = "zstd")]
#[test]
fn x2_a_zstd_frame_does_not_choose_its_memory() {
    let blocks = 800_u32;
    let size = 128 * 1024;
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    bomb.extend((blocks * size).to_le_bytes());
    for block in 1..=blocks {
        let header = u32::from(block == blocks) | 1 << 1 | size << 3;
        bomb.extend(&header.to_le_bytes()[..3]);
        bomb.push(0);
    }
    let taken = allocation_counter::measure(|| {
        let (result, _) = pauses("zstd", bomb, 1024);
        result.unwrap_err();
    });
    assert!(taken.bytes_max < 20 * 1024 * 1024, "{}", taken.bytes_max);
}

#[cfg(feature = "gzip")]
#[tokio::test(start_paused = true)]
async fn x2_a_deadline_ends_an_expansion() {
    let body = Bytes::from(gzipped(4 * expansion::STEP));
    let mut service = ServiceBuilder::new()
        .layer(crate::deadline::DeadlineLayer::new(SECOND))
        .layer(DecompressLayer::new())
        .service(service_fn(move |_: Request<Bytes>| {
            let response = Response::builder().header(CONTENT_ENCODING, "gzip");
            std::future::ready(Ok::<_, Error>(response.body(body.clone()).unwrap()))
        }));
    let call = service
        .ready()
        .await
        .unwrap()
        .call(Request::new(Bytes::new()));
    let late = async {
        tokio::task::yield_now().await;
        tokio::time::advance(SECOND).await;
    };
    let (answer, ()) = tokio::join!(call, late);
    assert!(answer.unwrap_err().is_timeout());
}

#[cfg(feature = "gzip")]
const SECOND: std::time::Duration = std::time::Duration::from_secs(1);
