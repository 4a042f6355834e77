//! Dates, times and timestamps.

use common_model::{
    Timestamp, Value,
    civil::{Date, DateTime, Time},
    to_json,
};

use crate::shop::{Order, order, refused};

#[test]
fn r5_r6_dates_have_no_zone() {
    let order = order(r#"{"shipped":"2024-05-21","createdAt":"2024-05-21 10:26:03"}"#);
    assert_eq!(order.shipped, Some(Date::constant(2024, 5, 21)));
    assert_eq!(
        order.created,
        Some(DateTime::constant(2024, 5, 21, 10, 26, 3, 0))
    );
    let written = Order {
        shipped: Some(Date::constant(2024, 5, 1)),
        created: Some(DateTime::constant(2024, 5, 1, 0, 0, 0, 0)),
        ..Order::default()
    };
    assert_eq!(
        to_json(&written),
        r#"{"shipped":"2024-05-01","createdAt":"2024-05-01 00:00:00"}"#
    );
}

#[test]
fn re14_other_forms_of_date_and_time_are_read_and_kept() {
    let ten = DateTime::constant(2024, 5, 21, 10, 26, 0, 0);
    for text in [
        "2024-05-21 10:26",
        "2024-05-21T10:26:00",
        "2024-05-21T10:26:00+03:00",
        "2024-05-21 10:26:00.000000",
        "2024-05-21t10:26:00",
        "2024-05-21 10:26+03",
    ] {
        assert_eq!(
            order(&format!("{{\"createdAt\":\"{text}\"}}")).created,
            Some(ten)
        );
    }
    let mut changed = order(r#"{"createdAt":"2024-05-21T10:26"}"#);
    changed.created = Some(ten.with().hour(11).build().unwrap());
    assert_eq!(to_json(&changed), r#"{"createdAt":"2024-05-21 11:26:00"}"#);

    assert_eq!(
        order(r#"{"createdAt":"2024-05-21"}"#)
            .created
            .unwrap()
            .hour(),
        0
    );
    assert_eq!(
        order(r#"{"shipped":"2024-05-21 00:00:00"}"#)
            .shipped
            .unwrap()
            .day(),
        21
    );
    assert_eq!(
        order(r#"{"from":"09:30"}"#).from,
        Some(Time::constant(9, 30, 0, 0))
    );
    assert_eq!(
        order(r#"{"from":"09:30:00"}"#).from,
        Some(Time::constant(9, 30, 0, 0))
    );
    assert_eq!(
        order(r#"{"from":"09:30:15"}"#).from,
        Some(Time::constant(9, 30, 15, 0))
    );
    assert_eq!(to_json(&Time::constant(9, 30, 0, 0)), r#""09:30:00""#);

    for (json, message) in [
        (
            r#"{"shipped":"2024-05-21 10:00:00"}"#,
            "expected a date: Y-m-d at shipped (byte 11)",
        ),
        (
            r#"{"shipped":"2024-02-30"}"#,
            "expected a date: Y-m-d at shipped (byte 11)",
        ),
        (
            r#"{"shipped":"21.05.2024"}"#,
            "expected a date: Y-m-d at shipped (byte 11)",
        ),
        (
            r#"{"shipped":20240521}"#,
            "expected a date: Y-m-d, found a number at shipped (byte 11)",
        ),
        (
            r#"{"createdAt":"2024-05-21 25:00:00"}"#,
            "expected a date and time: Y-m-d H:i:s at createdAt (byte 13)",
        ),
        (
            r#"{"createdAt":"2024-05-21 10:26:03 x"}"#,
            "expected a date and time: Y-m-d H:i:s at createdAt (byte 13)",
        ),
        (
            r#"{"from":"9:30"}"#,
            "expected a time: H:i:s or H:i at from (byte 8)",
        ),
    ] {
        assert_eq!(refused(json), message);
    }
}

#[test]
fn u49_a_date_of_zeros_is_none_and_written_as_it_came() {
    for name in ["shipped", "createdAt", "updatedAt"] {
        for text in ["0000-00-00", "0000-00-00 00:00:00"] {
            let order = order(&format!("{{\"{name}\":\"{text}\"}}"));
            assert!(order.shipped.is_none() && order.created.is_none() && order.updated.is_none());
            assert_eq!(order.extra.empty_shape(name), Some(Value::from(text)));
        }
    }
}

#[test]
fn n71_n78_re14_timestamps_keep_their_text() {
    for (text, offset, unix) in [
        (
            "2017-05-21 10:26:03.475537+00:00",
            Some(0),
            Some(1_495_362_363),
        ),
        ("2017-05-21T10:26:03Z", Some(0), Some(1_495_362_363)),
        (
            "2017-05-21T13:26:03+03:00",
            Some(10_800),
            Some(1_495_362_363),
        ),
        (
            "2017-05-21 13:26:03+0300",
            Some(10_800),
            Some(1_495_362_363),
        ),
        (
            "2017-05-21 05:56:03-04:30",
            Some(-16_200),
            Some(1_495_362_363),
        ),
        ("2017-05-21 13:26:03+03", Some(10_800), Some(1_495_362_363)),
        ("2017-05-21 10:26:03", None, None),
        ("2017-05-21 10:26", None, None),
        ("1969-12-31T23:59:59Z", Some(0), Some(-1)),
    ] {
        let at = order(&format!("{{\"updatedAt\":\"{text}\"}}"))
            .updated
            .unwrap();
        assert_eq!(at.to_string(), text);
        assert_eq!(at.offset_seconds(), offset, "{text}");
        let seconds = at.to_system_time().map(|time| {
            let epoch = std::time::UNIX_EPOCH;
            time.duration_since(epoch).map_or_else(
                |before| -i64::try_from(before.duration().as_secs()).unwrap(),
                |after| i64::try_from(after.as_secs()).unwrap(),
            )
        });
        assert_eq!(seconds, unix, "{text}");
    }
    for text in [
        "",
        "2017",
        "2017-05-21x10:26:03",
        "2017-05-21 10:26:03+25:00",
        "2017-05-21 10:26:03 +03:00",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
    let civil = DateTime::constant(2024, 5, 21, 10, 26, 3, 0);
    assert_eq!(
        Timestamp::from_civil(civil).to_string(),
        "2024-05-21 10:26:03"
    );
    assert_eq!(
        Timestamp::with_offset(civil, -16_200).unwrap().to_string(),
        "2024-05-21T10:26:03-04:30"
    );
    assert_eq!(
        Timestamp::from(std::time::UNIX_EPOCH).to_string(),
        "1970-01-01T00:00:00Z"
    );
}
