//! Senders that give up at every point.

use std::{
    io::Write as _,
    net::{Shutdown, SocketAddr, TcpStream},
    thread,
};

use crate::{
    place::{Place, database},
    request,
    stored::stored,
    support::receiving::{answer, connect, fresh_store},
};

/// What a sender does after the last byte that it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Closes the connection.
    HangsUp,
    /// Resets the connection. After a whole event it first waits for the answer: a reset throws away what the
    /// receiver has not read yet.
    Resets,
    /// Closes its sending side and waits for an answer.
    HalfCloses,
    /// Waits for an answer only if it has sent everything, and then closes.
    Waits,
}

/// Sends the first bytes of a request and ends as told. Returns whether the event was acknowledged.
fn send(address: SocketAddr, bytes: &[u8], is_whole: bool, end: End) -> bool {
    let mut stream = connect(address).expect("a connection");
    stream.write_all(bytes).expect("sent");
    let is_acknowledged =
        |stream: &mut TcpStream| answer(stream).is_some_and(|answer| answer.0 == 200);
    match end {
        End::HangsUp => false,
        End::Resets => {
            if is_whole {
                stream.peek(&mut [0]).expect("an answer begins");
            }
            rustix::net::sockopt::set_socket_linger(&stream, Some(std::time::Duration::ZERO))
                .expect("it can be");
            false
        }
        End::HalfCloses => {
            stream.shutdown(Shutdown::Write).expect("half closed");
            is_acknowledged(&mut stream)
        }
        End::Waits => is_whole && is_acknowledged(&mut stream),
    }
}

// H3
#[test]
fn h3_d2_senders_that_give_up_at_every_point_lose_no_event() {
    give_up_at_every_point(&Place::File(fresh_store("senders")));
}

#[test]
fn h3_d2_senders_that_give_up_lose_no_event_on_postgresql() {
    if let Some(place) = database() {
        give_up_at_every_point(&place);
    }
}

fn give_up_at_every_point(place: &Place) {
    let receiving = place.receiving();
    let address = receiving.address();
    let (mut sent, mut number) = (Vec::new(), 0);
    for end in [End::HangsUp, End::Resets, End::HalfCloses, End::Waits] {
        let length = request(&format!("{number:06}")).len();
        for cut in 0..=length {
            number += 1;
            let body = format!("{number:06}");
            let bytes = request(&body);
            let is_whole = cut == length;
            let is_acknowledged = send(address, &bytes[..cut], is_whole, end);
            let must = is_whole && matches!(end, End::HalfCloses | End::Waits);
            assert_eq!(is_acknowledged, must, "{end:?} after {cut} of {length}");
            sent.push((body, is_whole, end, cut));
        }
    }
    // And many at once that hang up with the last byte.
    let many = 10_000..10_200;
    thread::scope(|scope| {
        for body in many.clone() {
            scope.spawn(move || send(address, &request(&body.to_string()), true, End::HangsUp));
        }
    });
    sent.extend(many.map(|body| (body.to_string(), true, End::HangsUp, 0)));

    // At the end the receiver finishes what it has: also what no sender waits for.
    let (code, log) = receiving.stop();
    assert_eq!(code, Some(0), "{log}");
    let stored = stored(place);
    for (body, is_whole, end, cut) in &sent {
        assert_eq!(
            stored.get(body).copied(),
            is_whole.then_some(1),
            "{body} {end:?} after {cut}"
        );
    }
}
