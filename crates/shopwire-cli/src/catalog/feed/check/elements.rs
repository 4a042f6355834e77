//! Elements and attributes of YML that no field has.

/// Elements of an offer.
pub(super) const OFFER: &[&str] = &[
    "ISBN", "additional_expenses", "age", "artist", "author", "binding", "box-count", "cargo-types", "certificate",
    "cofinance_price", "comment-validity-days", "comment-warranty", "condition", "country", "country_of_origin", "cpa",
    "credit-template", "dataTour", "date", "days", "delivery", "delivery-options", "director", "disabled", "downloadable",
    "enable_auto_discounts", "expiry", "format", "hall", "hall_part", "hotel_stars", "included", "is_kids", "is_premiere",
    "language", "local_delivery_cost", "manufacturer", "manufacturer_warranty", "market-sku", "market_category", "meal",
    "media", "min-quantity", "min_price", "options", "originalName", "outlets", "page_extent", "part",
    "performance_type", "performed_by", "period-of-validity-days", "pickup", "pickup-options", "place", "publisher",
    "rec", "recording_length", "region", "room", "sales_notes", "series", "service-life-days", "shop-sku", "starring",
    "step-quantity", "storage", "store", "supplier", "table_of_contents", "title", "tn-ved-codes", "transport", "video",
    "volume", "warranty-days", "worldRegion", "year",
];

/// Attributes of an offer.
pub(super) const ATTRIBUTES: &[&str] = &["bid", "cbid", "fee", "selling_type"];

/// Elements of the shop.
pub(super) const SHOP: &[&str] = &[
    "agency", "cpa", "currencies", "delivery-options", "email", "enable_auto_discounts", "gifts", "local_delivery_cost",
    "pickup-options", "platform", "promos", "version",
];
