//! Rules for single values.

use super::super::number::{decimal, short};

/// Why a text is no full address, or nothing.
pub(super) fn address(text: &str) -> Option<String> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        text.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .map(|_| &text[scheme.len()..])
    });
    let has_host =
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']));
    match has_host {
        false => Some(format!("`{}` is not a full address", short(text))),
        true if text.contains(char::is_whitespace) => {
            Some(format!("`{}` has a space", short(text)))
        }
        true => None,
    }
}

/// Whether a text is a code of three Latin letters.
pub(super) fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether the last digit of a bar code checks the others.
pub(super) fn is_barcode(text: &str) -> bool {
    if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let digits = text.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit } else { 3 * digit })
        .sum();
    sum.is_multiple_of(10)
}

/// Why a text is no length/width/height, or nothing.
pub(super) fn dimensions(text: &str) -> Option<String> {
    let sides: Vec<&str> = text.split('/').map(str::trim).collect();
    if sides.len() != 3 {
        return Some(format!("`{}` is not length/width/height", short(text)));
    }
    sides.iter().find_map(|side| match decimal(side) {
        Ok(number) if number.is_sign_negative() => Some(format!("`{side}` is below 0")),
        Ok(_) => None,
        Err(why) => Some(why),
    })
}

/// Whether a text is `YYYY-MM-DD hh:mm`, with seconds or without, with a T and an offset or without.
pub(super) fn is_date(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00") else {
        return false;
    };
    let Some(rest) = rest
        .strip_prefix([' ', 'T'])
        .and_then(|rest| rest.strip_prefix("00:00"))
    else {
        return false;
    };
    let rest = rest.strip_prefix(":00").unwrap_or(rest);
    let is_offset = matches!(rest, "" | "Z" | "+00:00" | "-00:00" | "+0000" | "-0000");
    let part = |at: usize| {
        text.get(at..at + 2)
            .and_then(|part| part.parse::<u8>().ok())
            .unwrap_or(99)
    };
    is_offset
        && (1..=12).contains(&part(5))
        && (1..=31).contains(&part(8))
        && part(11) < 24
        && part(14) < 60
}

/// Whether a text is a rate of VAT in percent, or `none`.
pub(super) fn is_vat_rate(text: &str) -> bool {
    let number = text.strip_suffix('%').unwrap_or(text);
    text == "none" || decimal(number.trim()).is_ok_and(|rate| !rate.is_sign_negative())
}

/// Whether a code may stand in ICML.
pub(super) fn is_code(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    // J6
    #[test]
    fn j6_single_values() {
        for good in ["http://a", "https://a/b?c=d", "HTTPS://A/"] {
            assert_eq!(address(good), None, "{good}");
        }
        for bad in [
            "",
            "a/b",
            "/a",
            "ftp://a",
            "http://",
            "http:///a",
            "//a/b",
            "https://a b",
        ] {
            assert!(address(bad).is_some(), "{bad}");
        }
        for good in [
            "4006381333931",
            "96385074",
            "036000291452",
            "10614141000415",
        ] {
            assert!(is_barcode(good), "{good}");
        }
        for bad in ["4006381333932", "123", "", "40063813339 1"] {
            assert!(!is_barcode(bad), "{bad}");
        }
        for good in [
            "2026-01-02 03:04",
            "2026-01-02 03:04:05",
            "2026-01-02T03:04:05+03:00",
            "2026-01-02T03:04",
        ] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "2026-01-02",
            "02.01.2026 03:04",
            "2026-13-02 03:04",
            "2026-01-02 25:04",
            "2026-01-02 03:04x",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
        assert_eq!(dimensions("10.5/20/0"), None);
        assert!(dimensions("10x20x30").is_some() && dimensions("1/2/-3").is_some());
        assert!(
            is_vat_rate("20")
                && is_vat_rate("none")
                && is_vat_rate("20%")
                && !is_vat_rate("VAT_20")
        );
        assert!(is_code("size_EU-1") && !is_code("размер") && !is_code(""));
    }
}
