//! Properties over random payloads.

use nicechat_sign::{Credentials, Dialect, Form, Signer, Value, canonical, wire};
use proptest::prelude::*;

/// Names as fields have them: no dialect takes them for numbers, and PHP renames none.
fn name() -> impl Strategy<Value = String> {
    "[A-Za-z_ж][A-Za-z0-9_ж&=%*~+-]{0,6}"
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(Value::Null),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec((any_key(), inner), 0..4)
                .prop_map(|pairs| pairs.into_iter().collect::<Form>().into()),
        ]
    })
}

/// Keys of any kind; numbers, almost numbers and what PHP changes often.
fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        name(),
        "[ +-]?[0-9]{0,3}[.eE]?[0-9a]{0,2} ?",
        "[ab]?[ab. \\[\\]]{0,6}",
        "\\PC{0,6}"
    ]
}

fn form_of(
    keys: impl Strategy<Value = String>,
    values: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Form> {
    prop::collection::vec((keys, values), 0..24).prop_map(|pairs| pairs.into_iter().collect())
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// N19: where the dialect sorts totally, the order of the fields never matters.
    #[test]
    fn n19_order_never_matters_where_keys_compare_in_one_way(
        form in form_of(name(), value()),
        dialect in dialect(),
        turn in 0_usize..24,
    ) {
        let mut fields: Vec<_> = form.clone().into_iter().collect();
        fields.reverse();
        let turn = turn % fields.len().max(1);
        fields.rotate_left(turn);
        prop_assert_eq!(canonical(dialect, &form), canonical(dialect, &Form::from(fields)));
    }

    /// The same for integer keys alone.
    #[test]
    fn n21_order_never_matters_among_integer_keys(
        keys in prop::collection::btree_set(any::<i64>(), 0..40),
        old in any::<bool>(),
    ) {
        let dialect = if old { Dialect::Php81 } else { Dialect::Php };
        let upwards: Form = keys.iter().map(|key| (key.to_string(), *key)).collect();
        let downwards: Form = keys.iter().rev().map(|key| (key.to_string(), *key)).collect();
        let sorted: Vec<String> = keys.iter().map(|key| format!("{key}={key}")).collect();
        prop_assert_eq!(canonical(dialect, &upwards).unwrap(), sorted.join("&"));
        prop_assert_eq!(canonical(dialect, &downwards).unwrap(), sorted.join("&"));
    }

    /// N30: text survives the way over the wire.
    #[test]
    fn n30_encode_then_parse_is_the_identity(
        form in form_of(name(), "\\PC{0,12}".prop_map(Value::from)),
    ) {
        let sent = wire(Dialect::Php, &form).unwrap();
        let mut parsed: Vec<_> = Form::parse_urlencoded_flat(sent.as_bytes()).unwrap().into_iter().collect();
        let mut fields: Vec<_> = form.into_iter().collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        parsed.sort_by(|a, b| a.0.cmp(&b.0));
        prop_assert_eq!(parsed, fields);
    }

    /// A server that sorts the received fields gets the signed text, or the form is refused.
    #[test]
    fn n19_what_is_sent_can_be_sorted_again(
        form in form_of(any_key(), value()),
        dialect in dialect(),
    ) {
        let Ok(sent) = wire(dialect, &form) else { return Ok(()) };
        let received = match dialect {
            Dialect::Php | Dialect::Php81 => Form::parse_urlencoded(sent.as_bytes()),
            _ => Form::parse_urlencoded_flat(sent.as_bytes()),
        };
        prop_assert_eq!(canonical(dialect, &received.unwrap()), canonical(dialect, &form));
    }

    /// N31: any changed byte of secret, path, body or method gives another signature.
    #[test]
    fn n31_any_changed_byte_changes_the_signature(
        parts in prop::array::uniform4("[ -~]{1,20}"),
        at in any::<prop::sample::Index>(),
        part in 0_usize..4,
        bit in 0_u32..6,
    ) {
        let sign = |parts: &[String; 4]| {
            Signer::new(Credentials::new("key", parts[0].as_str()))
                .sign_body(&parts[1], parts[2].as_bytes(), &parts[3])
        };
        let mut changed = parts.clone();
        let mut bytes = changed[part].clone().into_bytes();
        let index = at.index(bytes.len());
        bytes[index] ^= 1 << bit;
        changed[part] = String::from_utf8(bytes).unwrap();
        prop_assert_ne!(sign(&parts), sign(&changed));
    }

    /// No form makes the canonicaliser panic, and what it makes is ASCII where it encodes.
    #[test]
    fn n23_canonical_forms_of_php_are_plain_ascii(
        form in form_of(any_key(), value()),
        old in any::<bool>(),
    ) {
        let dialect = if old { Dialect::Php81 } else { Dialect::Php };
        let text = canonical(dialect, &form).unwrap();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._%+&=".contains(&byte)));
    }

    /// No bytes make the parser panic; what it reads it reads again.
    #[test]
    fn n30_no_bytes_make_the_parser_panic(
        bytes in prop::collection::vec(prop::sample::select(b"ab1%=&[]+[]26\xd0\x96".to_vec()), 0..40),
    ) {
        if let Ok(form) = Form::parse_urlencoded(&bytes) {
            let text = wire(Dialect::Php, &form);
            if let Ok(text) = text {
                let again = Form::parse_urlencoded(text.as_bytes()).unwrap();
                prop_assert_eq!(canonical(Dialect::Php, &again), canonical(Dialect::Php, &form));
            }
        }
        let _ = Form::parse_urlencoded_flat(&bytes);
    }
}
