//! Every webhook and every model of the description, against documents that are made from the description itself.

mod sample;

use std::fmt::Debug;

use common_model::{Decode, Encode, Model, from_json, from_json_strict, to_json};
use common_transport::{Place, Secret};

use super::*;
use crate::shared::ErrorResponse;
use sample::{
    described, description, is_text, members, percent_encoded, php_forms, sample, schemas,
};

#[track_caller]
fn survives<T: Decode + Encode + Model>(json: &str) -> T {
    let model: T = from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_json(&model), json);
    model
}

fn check_model<T: Decode + Encode + Model + Debug>(name: &str) {
    let description = description();
    let all = schemas(&description);
    let schema = all.get(name).expect(name);
    let full: T = survives(&sample(schema, all));
    assert!(full.extra().is_empty(), "every field is known: {full:?}");
    survives::<T>("{}");
    survives::<T>("[]");
    let odd: T = survives(r#"{"новое":{"a":[1.50,null]},"more":false}"#);
    assert_eq!(odd.extra().len(), 2, "{odd:?}");
    for (field, schema) in members(schema.get("properties")).iter() {
        for form in php_forms(schema, all) {
            survives::<T>(&format!("{{{field:?}:{form}}}"));
        }
        if !is_text(schema) {
            let error = from_json_strict::<T>(&format!("{{{field:?}:\"x y\"}}")).map(drop);
            assert_eq!(error.expect_err(field).path(), field, "{name}");
        }
    }
}

/// Checks each of these models, and that the description has no other.
macro_rules! models {
    ($( $model:ident )*) => {{
        $( check_model::<$model>(stringify!($model)); )*
        let description = description();
        let described: Vec<&str> = schemas(&description).iter().map(|(name, _)| name).collect();
        assert_eq!(described, [$( stringify!($model) ),*]);
    }};
}

#[test]
fn re17_every_model_keeps_what_the_service_and_a_module_say() {
    models! {
        AutocompleteResponse BaseStore CalculateResponse ConnectionConfigResponse ConnectionRegisterResponse
        Coordinates DeliveryAddress DeliveryCustomer DeliveryManager DeliveryPackage DeliveryPackageItem
        DeliveryPaymentType DeliveryStore DeliveryUnit GetResponse InventoriesDataModel ModuleInventoriesResponse
        OrderDataModel PackDataModel PackItemModel PaymentCreateResponse PaymentCreateResult
        PaymentRefundResponse PaymentStatusResponse PaymentStatusResult RecommendationResponse RequestActivity
        RequestCalculate RequestConnectionRegister RequestDelete RequestPayment RequestPaymentCreate
        RequestPaymentItem RequestPrint RequestSave RequestShipmentDelete RequestShipmentSave ReserveResponse
        ResponseAutocompleteItem ResponseCalculate ResponseLoadDeliveryData ResponseSave ResponseShipmentSave
        SaveDeliveryData SaveResponse ShipmentOrder ShipmentPointListResponse ShipmentSaveResponse Tariff
        TariffListResponse Terminal
    }
}

fn check_webhook<W: Webhook + Encode + Debug>() {
    let description = description();
    let webhook = members(description.get("webhooks"))
        .get(W::NAME)
        .expect(W::NAME);
    let operation = webhook
        .get("post")
        .or(webhook.get("get"))
        .expect("a method");
    let fields = described(operation, schemas(&description));
    let params: Vec<_> = W::PARAMS
        .iter()
        .map(|param| {
            (
                param.name.to_owned(),
                param.required,
                param.place == Place::FormJson,
            )
        })
        .collect();
    let expected: Vec<_> = fields
        .iter()
        .map(|(name, required, is_json, _)| (name.clone(), *required, *is_json))
        .collect();
    assert_eq!(params, expected, "{}", W::NAME);

    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, .., text)| format!("{name}={}", percent_encoded(text)))
        .collect();
    let asked: W = read(format!("{}&new=1", pairs.join("&")).as_bytes()).unwrap();
    let mut json: Vec<_> = fields
        .iter()
        .map(|(name, _, is_json, text)| {
            format!(
                "{name:?}:{}",
                if *is_json {
                    text.clone()
                } else {
                    to_json(text)
                }
            )
        })
        .collect();
    json.push(r#""new":"1""#.to_owned());
    assert_eq!(to_json(&asked), format!("{{{}}}", json.join(",")));
    for (missing, (name, required, is_json, _)) in fields.iter().enumerate() {
        let mut rest = pairs.clone();
        rest.remove(missing);
        let without = read::<W>(rest.join("&").as_bytes()).err();
        assert_eq!(
            without.as_ref().and_then(common_transport::Error::field),
            required.then_some(name.as_str())
        );
        if *is_json {
            for text in ["", "{", "{}}", "5", "null", "%FF", "a=b"] {
                let mut broken = rest.clone();
                broken.push(format!("{name}={text}"));
                let error = read::<W>(broken.join("&").as_bytes()).unwrap_err();
                assert!(
                    error.is_decode() && error.field() == Some(name),
                    "{text}: {error:?}"
                );
            }
        }
    }
}

/// Checks each of these webhooks, and that the description has no other.
macro_rules! webhooks {
    ($( $webhook:ident )*) => {{
        $( check_webhook::<$webhook>(); )*
        let description = description();
        let described: Vec<&str> = members(description.get("webhooks")).iter().map(|(name, _)| name).collect();
        assert_eq!(described, [$( $webhook::NAME ),*]);
    }};
}

#[test]
fn re17_every_request_is_read_from_a_form_or_a_query() {
    webhooks! {
        ConnectionConfig ConnectionRegister ModuleActivity ModuleSettings DeliveryCalculate DeliverySave
        DeliveryGet DeliveryDelete DeliveryPrint DeliveryShipmentSave DeliveryShipmentDelete
        DeliveryShipmentPointList DeliveryTariffList DeliveryAutocomplete PaymentsCreate PaymentsApprove
        PaymentsCancel PaymentsRefund PaymentsStatus StoreInventoriesUpload StoreReserve RecommendationsList
    }
}

#[test]
fn re17_webhooks_are_no_operations() {
    let names = crate::operations().iter().map(|entry| entry.metadata.name);
    assert_eq!(
        names
            .filter(|name| name.starts_with("module.") || name.starts_with("connection."))
            .count(),
        0
    );
}

#[test]
fn re17_an_error_names_the_field_inside_of_the_json_and_no_value() {
    let body = r#"clientId=c&save={"order":"5","packages":[{},{"items":[{"quantity":"many-1"}]}]}"#;
    let error = read::<DeliverySave>(body.as_bytes()).unwrap_err();
    assert_eq!(error.field(), Some("save.packages[1].items[0].quantity"));
    assert!(
        !format!("{error} {error:?}").contains("many-1"),
        "{error:?}"
    );
}

// RE17, X7
#[test]
fn re17_x7_a_registration_is_taken_with_its_token_alone_and_never_shown() {
    let token = "a2bd6363eaf7a90790fd67ef0e21d2e4e24f9f75fcec7b12061e764f56ef9539";
    let json =
        format!(r#"{{"systemUrl":"https://demo.example","apiKey":"api-key-1","token":"{token}"}}"#);
    let asked: ConnectionRegister =
        read(format!("register={}", percent_encoded(&json)).as_bytes()).unwrap();
    let secret = Secret::new("module-secret");
    assert!(asked.register.is_signed_with(&secret));
    assert!(!asked.register.is_signed_with(&Secret::new("other")));
    assert!(
        !RequestConnectionRegister::new()
            .api_key("api-key-1")
            .is_signed_with(&secret)
    );
    assert!(
        !RequestConnectionRegister::new()
            .token(token)
            .is_signed_with(&secret)
    );
    let shown = format!("{asked:?} {:#?}", asked.register);
    assert!(
        !shown.contains("api-key-1") && !shown.contains(token),
        "{shown}"
    );
}

// RE17, H12
#[test]
fn re17_h12_a_form_has_at_most_a_thousand_fields() {
    let form = |count| {
        let fields: Vec<_> = (0..count).map(|n| format!("k{n}=1")).collect();
        read::<crate::webhooks::ConnectionConfig>(fields.join("&").as_bytes())
    };
    assert_eq!(form(1000).unwrap().extra.len(), 1000);
    assert!(form(1001).unwrap_err().is_decode());
}

#[test]
fn re17_a_refusal_is_the_error_envelope() {
    let refusal = ErrorResponse::new()
        .success(false)
        .error_msg("no such delivery");
    assert_eq!(
        to_json(&refusal),
        r#"{"success":false,"errorMsg":"no such delivery"}"#
    );
}

/// The names of requests whose answer is a mere success, sorted.
pub(super) fn answered_by_success() -> Vec<String> {
    let description = description();
    let mut names: Vec<String> = members(description.get("webhooks"))
        .iter()
        .filter(|(_, methods)| {
            let mut methods = members(Some(methods)).iter();
            methods.any(|(_, webhook)| {
                let answer = webhook.pointer("/responses/200/content");
                let schema = answer.and_then(|it| it.pointer("/application~1json/schema/$ref"));
                let schema = schema.and_then(common_model::Value::as_str);
                schema.is_some_and(|schema| schema.ends_with("/SuccessResponse"))
            })
        })
        .map(|(name, _)| name.to_owned())
        .collect();
    names.sort_unstable();
    names
}
