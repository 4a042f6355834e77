//! The columns of Google's table.

/// The columns that are written, in this order. Columns of the feed that was read follow.
pub(crate) const WRITTEN: [&str; 28] = [
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "sale_price",
    "cost_of_goods_sold",
    "brand",
    "gtin",
    "mpn",
    "item_group_id",
    "product_type",
    "color",
    "size",
    "material",
    "pattern",
    "gender",
    "age_group",
    "adult",
    "shipping_weight",
    "shipping_length",
    "shipping_width",
    "shipping_height",
    "product_detail",
    "condition",
];

/// Columns that are properties of an offer: their names are the codes of parameters in ICML.
pub(crate) const PARAMS: [&str; 6] = [
    "color",
    "size",
    "material",
    "pattern",
    "gender",
    "age_group",
];

/// Further columns of Google's specification, which no other format has.
pub(crate) const FURTHER: [&str; 52] = [
    "ads_redirect",
    "auto_pricing_min_price",
    "availability_date",
    "canonical_link",
    "certification",
    "custom_label_0",
    "custom_label_1",
    "custom_label_2",
    "custom_label_3",
    "custom_label_4",
    "display_ads_id",
    "display_ads_link",
    "display_ads_similar_ids",
    "display_ads_title",
    "display_ads_value",
    "energy_efficiency_class",
    "excluded_destination",
    "expiration_date",
    "external_seller_id",
    "google_product_category",
    "identifier_exists",
    "included_destination",
    "installment",
    "is_bundle",
    "lifestyle_image_link",
    "link_template",
    "loyalty_points",
    "loyalty_program",
    "max_energy_efficiency_class",
    "max_handling_time",
    "maximum_retail_price",
    "min_energy_efficiency_class",
    "min_handling_time",
    "mobile_link",
    "multipack",
    "pause",
    "product_height",
    "product_highlight",
    "product_length",
    "product_weight",
    "product_width",
    "promotion_id",
    "sale_price_effective_date",
    "ships_from_country",
    "shipping",
    "shipping_label",
    "short_title",
    "size_system",
    "size_type",
    "subscription_cost",
    "tax",
    "unit_pricing_measure",
];

/// The name of a column without differences that do not count: `Image Link` and `g:image_link` are `image_link`.
pub(crate) fn canonical(name: &str) -> String {
    let name = name.trim().to_lowercase().replace(' ', "_");
    name.strip_prefix("g:").map(str::to_owned).unwrap_or(name)
}

/// Whether Google's specification has the column.
pub(crate) fn is_known(name: &str) -> bool {
    WRITTEN.contains(&name) || FURTHER.contains(&name)
}

/// Whether the column may come several times.
pub(crate) fn may_repeat(name: &str) -> bool {
    matches!(
        name,
        "additional_image_link" | "product_detail" | "product_highlight" | "shipping" | "tax"
    ) || matches!(
        name,
        "excluded_destination" | "included_destination" | "promotion_id" | "certification"
    )
}
