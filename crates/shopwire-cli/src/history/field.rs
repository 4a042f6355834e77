//! The meaning of the names of fields in histories. They are not the names of the JSON: the service writes those of its
//! own model, with a point between an object and its part.

/// Names whose words do not tell the meaning.
const MEANINGS: &[(&str, &str)] = &[
    ("order_product", "item"),
    ("payments", "payment"),
    ("phones", "phone"),
    ("segments", "segment"),
    ("contragent", "legal details"),
    ("integration_delivery_data", "delivery service"),
    ("created_at", "time of creation"),
    ("full_paid_at", "time of full payment"),
    ("paid_at", "time of payment"),
    ("shipment_date", "date of shipment"),
    ("shipment_store", "warehouse of shipment"),
    ("delivery_net_cost", "net cost of delivery"),
    ("delivery_cost", "cost of delivery"),
    ("delivery_date", "date of delivery"),
    ("delivery_time", "time of delivery"),
    ("prepay_sum", "prepayment"),
    ("summ", "sum"),
    ("vat_rate", "VAT rate"),
    ("initial_price", "price"),
    ("discount_total", "discount"),
    ("discount_percent", "discount, %"),
    ("discount_manual_amount", "manual discount"),
    ("discount_manual_percent", "manual discount, %"),
    ("personal_discount", "personal discount, %"),
    ("cumulative_discount", "cumulative discount, %"),
    ("bonuses_charge", "bonuses charged"),
    ("bonuses_credit", "bonuses credited"),
    ("index", "postcode"),
    ("notes", "notes on the address"),
    ("intercom_code", "intercom code"),
    ("email", "e-mail"),
    (
        "email_marketing_unsubscribed_at",
        "time of unsubscribing from e-mail",
    ),
    ("external_id", "external id"),
    ("nick_name", "name of the company"),
    ("sex", "gender"),
    ("commentary", "comment"),
    ("contragent_type", "type"),
    ("i_n_n", "INN"),
    ("o_k_p_o", "OKPO"),
    ("k_p_p", "KPP"),
    ("o_g_r_n", "OGRN"),
    ("o_g_r_n_i_p", "OGRNIP"),
    ("b_i_k", "BIK"),
    ("corr_account", "correspondent account"),
    ("contact_company", "company of the contact"),
    ("main_contact", "main contact"),
    ("main_company", "main company"),
];

/// Fields of which each entry adds or removes one value.
const LISTS: [&str; 2] = ["phones", "segments"];

/// The meaning: `delivery address, postcode` for `delivery_address.index`.
pub(super) fn meaning(field: &str) -> String {
    let words: Vec<String> = field.split('.').map(word).collect();
    words.join(", ")
}

/// The meaning within the part that the entry names.
pub(super) fn within_part(field: &str) -> Option<String> {
    field.split_once('.').map(|(_, rest)| meaning(rest))
}

/// Whether each entry of the field adds or removes one value.
pub(super) fn is_list(field: &str) -> bool {
    LISTS.contains(&field)
}

fn word(name: &str) -> String {
    if let Some((_, meaning)) = MEANINGS.iter().find(|(known, _)| *known == name) {
        return (*meaning).to_owned();
    }
    match name.strip_prefix("custom_") {
        // The code is the account's own.
        Some(code) if name != "custom_fields" => format!("custom field {code}"),
        _ => spaced(name),
    }
}

/// `first name` for `first_name`, and for `firstName`, as packs and companies have it.
fn spaced(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut was_small = false;
    for letter in name.chars() {
        if was_small && letter.is_uppercase() {
            out.push(' ');
        }
        was_small = letter.is_lowercase();
        match letter {
            '_' => out.push(' '),
            letter => out.extend(letter.to_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // J9
    #[test]
    fn j9_fields_have_a_meaning() {
        for (field, expected) in [
            ("status", "status"),
            ("manager_comment", "manager comment"),
            ("delivery_address.index", "delivery address, postcode"),
            ("order_product.summ", "item, sum"),
            ("company.contragent.i_n_n", "company, legal details, INN"),
            ("custom_gift_wrap", "custom field gift_wrap"),
            ("custom_fields", "custom fields"),
            ("purchasePrice", "purchase price"),
            ("", ""),
        ] {
            assert_eq!(meaning(field), expected);
        }
        assert_eq!(
            within_part("payments.paid_at").as_deref(),
            Some("time of payment")
        );
        assert_eq!(within_part("payments"), None);
    }
}
