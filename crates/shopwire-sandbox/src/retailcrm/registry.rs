//! The table of handlers by operation id, and nothing else. Verb, path and parameters come from the description.

use super::methods::{
    api, catalogue, costs, custom_fields, customer_interaction, customers, delivery, files,
    integration, loyalty, notifications, orders, packs, payments, references, settings, tasks,
    telephony, tracking, users, verification, web_analytics,
};
use super::protocol::answer::Outcome;
use super::protocol::call::Call;
use super::state::Account;
use super::state::parts::Part;
use super::state::party::Party::{Company, Person};

/// A method: takes state and call, and returns the outcome.
pub(crate) type Handler = fn(&mut Account, &Call) -> Outcome;

/// Returns the handler of an operation.
pub(crate) fn handler(operation: &str) -> Option<Handler> {
    let found = HANDLERS.iter().find(|(id, _)| *id == operation);
    found.map(|(_, handler)| *handler)
}

/// Returns the ids of all emulated operations.
#[cfg(test)]
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    HANDLERS.iter().map(|(id, _)| *id)
}

/// Operation id, handler.
const HANDLERS: &[(&str, Handler)] = &[
    ("api.list_versions", api::list_versions),
    ("api.get_credentials", api::get_credentials),
    ("api.get_system_info", api::get_system_info),
    ("costs.list", costs::list),
    ("costs.create", costs::create),
    ("costs.delete_batch", costs::delete_batch),
    ("costs.upload", costs::upload),
    ("costs.get", costs::get),
    ("costs.delete", costs::delete),
    ("costs.edit", costs::edit),
    ("custom_fields.list", custom_fields::list),
    (
        "custom_fields.list_dictionaries",
        custom_fields::list_dictionaries,
    ),
    (
        "custom_fields.create_dictionary",
        custom_fields::create_dictionary,
    ),
    (
        "custom_fields.get_dictionary",
        custom_fields::get_dictionary,
    ),
    (
        "custom_fields.edit_dictionary",
        custom_fields::edit_dictionary,
    ),
    ("custom_fields.create", custom_fields::create),
    ("custom_fields.get", custom_fields::get),
    ("custom_fields.edit", custom_fields::edit),
    (
        "customer_interaction.clear_cart",
        customer_interaction::clear_cart,
    ),
    (
        "customer_interaction.set_cart",
        customer_interaction::set_cart,
    ),
    (
        "customer_interaction.get_cart",
        customer_interaction::get_cart,
    ),
    (
        "customer_interaction.list_favorites",
        customer_interaction::list_favorites,
    ),
    (
        "customer_interaction.add_favorite",
        customer_interaction::add_favorite,
    ),
    (
        "customer_interaction.remove_favorite",
        customer_interaction::remove_favorite,
    ),
    ("customers.list", |account, call| {
        customers::read::list(account, call, Person)
    }),
    ("customers.combine", |account, call| {
        customers::edit::combine(account, call, Person)
    }),
    ("customers.create", |account, call| {
        customers::edit::create(account, call, Person)
    }),
    ("customers.fix_external_ids", |account, call| {
        customers::edit::fix_external_ids(account, call, Person)
    }),
    ("customers.list_history", |account, call| {
        customers::read::list_history(account, call, Person)
    }),
    ("customers.list_notes", |account, call| {
        customers::notes::list(account, call, Person)
    }),
    ("customers.create_note", |account, call| {
        customers::notes::create(account, call, Person)
    }),
    ("customers.delete_note", |account, call| {
        customers::notes::delete(account, call, Person)
    }),
    ("customers.upload", |account, call| {
        customers::edit::upload(account, call, Person)
    }),
    ("customers.get", |account, call| {
        customers::read::get(account, call, Person)
    }),
    ("customers.edit", |account, call| {
        customers::edit::edit(account, call, Person)
    }),
    (
        "customers.update_subscriptions",
        customers::subscriptions::update,
    ),
    ("customers_corporate.list", |account, call| {
        customers::read::list(account, call, Company)
    }),
    ("customers_corporate.combine", |account, call| {
        customers::edit::combine(account, call, Company)
    }),
    ("customers_corporate.create", |account, call| {
        customers::edit::create(account, call, Company)
    }),
    ("customers_corporate.fix_external_ids", |account, call| {
        customers::edit::fix_external_ids(account, call, Company)
    }),
    ("customers_corporate.list_history", |account, call| {
        customers::read::list_history(account, call, Company)
    }),
    ("customers_corporate.list_notes", |account, call| {
        customers::notes::list(account, call, Company)
    }),
    ("customers_corporate.create_note", |account, call| {
        customers::notes::create(account, call, Company)
    }),
    ("customers_corporate.delete_note", |account, call| {
        customers::notes::delete(account, call, Company)
    }),
    ("customers_corporate.upload", |account, call| {
        customers::edit::upload(account, call, Company)
    }),
    ("customers_corporate.get", |account, call| {
        customers::read::get(account, call, Company)
    }),
    ("customers_corporate.list_addresses", |account, call| {
        customers::parts::list(account, call, Part::Address)
    }),
    ("customers_corporate.create_address", |account, call| {
        customers::parts::create(account, call, Part::Address)
    }),
    ("customers_corporate.edit_address", |account, call| {
        customers::parts::edit(account, call, Part::Address)
    }),
    ("customers_corporate.list_companies", |account, call| {
        customers::parts::list(account, call, Part::Company)
    }),
    ("customers_corporate.create_company", |account, call| {
        customers::parts::create(account, call, Part::Company)
    }),
    ("customers_corporate.edit_company", |account, call| {
        customers::parts::edit(account, call, Part::Company)
    }),
    ("customers_corporate.list_contacts", |account, call| {
        customers::parts::list(account, call, Part::Contact)
    }),
    ("customers_corporate.create_contact", |account, call| {
        customers::parts::create(account, call, Part::Contact)
    }),
    ("customers_corporate.edit_contact", |account, call| {
        customers::parts::edit(account, call, Part::Contact)
    }),
    ("customers_corporate.edit", |account, call| {
        customers::edit::edit(account, call, Company)
    }),
    ("delivery.calculate", delivery::calculate),
    ("delivery.update_tracking", tracking::update),
    ("delivery.list_shipments", delivery::list_shipments),
    ("delivery.create_shipment", delivery::create_shipment),
    ("delivery.get_shipment", delivery::get_shipment),
    ("delivery.edit_shipment", delivery::edit_shipment),
    ("features.check", settings::check_features),
    ("files.list", files::list),
    ("files.upload", files::upload),
    ("files.get", files::get),
    ("files.delete", files::delete),
    ("files.download", files::download),
    ("files.edit", files::edit),
    ("integration.get", integration::get),
    ("integration.edit", integration::edit),
    ("integration.update_scopes", integration::update_scopes),
    ("loyalty.create_account", loyalty::accounts::create),
    ("loyalty.get_account", loyalty::accounts::get),
    ("loyalty.activate_account", loyalty::accounts::activate),
    ("loyalty.charge_account_bonus", loyalty::bonuses::charge),
    ("loyalty.credit_account_bonus", loyalty::bonuses::credit),
    (
        "loyalty.list_account_bonus_operations",
        loyalty::bonuses::list_account_operations,
    ),
    (
        "loyalty.list_account_bonus_details",
        loyalty::bonuses::list_details,
    ),
    ("loyalty.edit_account", loyalty::accounts::edit),
    ("loyalty.list_accounts", loyalty::accounts::list),
    (
        "loyalty.list_bonus_operations",
        loyalty::bonuses::list_operations,
    ),
    ("loyalty.calculate", loyalty::calculation::calculate),
    ("loyalty.list_loyalties", loyalty::programs::list),
    ("loyalty.get_loyalty", loyalty::programs::get),
    ("notifications.send", notifications::send),
    ("orders.list", orders::read::list),
    ("orders.combine", orders::combine::combine),
    ("orders.create", orders::edit::create),
    ("orders.fix_external_ids", orders::edit::fix_external_ids),
    ("orders.list_history", orders::read::list_history),
    ("orders.create_link", orders::links::link),
    ("orders.apply_loyalty", orders::loyalty::apply),
    ("orders.cancel_bonus_operations", orders::loyalty::cancel),
    ("orders.create_payment", orders::payments::create),
    ("orders.edit_payment", orders::payments::edit),
    ("orders.delete_payment", orders::payments::delete),
    ("orders.list_statuses", orders::read::list_statuses),
    ("orders.upload", orders::upload::upload),
    ("orders.get", orders::read::get),
    ("orders.cancel_delivery", orders::delivery::cancel),
    ("orders.edit", orders::edit::edit),
    ("orders.print_plate", orders::plates::print),
    ("packs.list", packs::list),
    ("packs.create", packs::create),
    ("packs.list_history", packs::list_history),
    ("packs.get", packs::get),
    ("packs.delete", packs::delete),
    ("packs.edit", packs::edit),
    ("payments.check", payments::check),
    ("payments.create_invoice", payments::create),
    ("payments.import_invoice", payments::import),
    ("payments.get_invoice", payments::get),
    ("payments.update_invoice", payments::update),
    ("references.list_cost_groups", references::list),
    ("references.edit_cost_group", references::edit_by_code),
    ("references.list_cost_items", references::list),
    ("references.edit_cost_item", references::edit_by_code),
    ("references.list_countries", references::list_countries),
    ("references.list_couriers", references::list),
    ("references.create_courier", references::create),
    ("references.edit_courier", references::edit_by_id),
    ("references.list_currencies", references::list),
    ("references.create_currency", references::create),
    ("references.edit_currency", references::edit_by_id),
    ("references.list_delivery_services", references::list),
    ("references.edit_delivery_service", references::edit_by_code),
    ("references.list_delivery_types", references::list),
    ("references.edit_delivery_type", references::edit_by_code),
    ("references.list_legal_entities", references::list),
    ("references.edit_legal_entity", references::edit_by_code),
    ("references.list_mg_channels", references::list),
    (
        "references.list_mg_channel_templates",
        references::list_templates,
    ),
    (
        "references.edit_mg_channel_templates",
        references::edit_templates,
    ),
    ("references.list_order_methods", references::list),
    ("references.edit_order_method", references::edit_by_code),
    ("references.list_order_types", references::list),
    ("references.edit_order_type", references::edit_by_code),
    ("references.list_payment_statuses", references::list),
    ("references.edit_payment_status", references::edit_by_code),
    ("references.list_payment_types", references::list),
    ("references.edit_payment_type", references::edit_by_code),
    ("references.list_price_types", references::list),
    ("references.edit_price_type", references::edit_by_code),
    ("references.list_product_statuses", references::list),
    ("references.edit_product_status", references::edit_by_code),
    ("references.list_sites", references::list),
    ("references.edit_site", references::edit_by_code),
    ("references.list_status_groups", references::list),
    ("references.list_statuses", references::list),
    ("references.edit_status", references::edit_by_code),
    ("references.list_stores", references::list),
    ("references.edit_store", references::edit_by_code),
    ("references.list_subscriptions", references::list),
    (
        "references.edit_subscription",
        references::edit_subscription,
    ),
    ("references.list_units", references::list),
    ("references.edit_unit", references::edit_by_code),
    ("segments.list", users::list_segments),
    ("settings.get", settings::get),
    ("statistics.update", settings::update_statistics),
    ("store.list_inventories", catalogue::stock::list),
    ("store.upload_inventories", catalogue::stock::upload),
    ("store.list_offers", catalogue::lists::offers),
    ("store.upload_prices", catalogue::stock::upload_prices),
    ("store.list_product_groups", catalogue::groups::list),
    ("store.create_product_group", catalogue::groups::create),
    ("store.edit_product_group", catalogue::groups::edit),
    ("store.list_products", catalogue::lists::products),
    ("store.create_products_batch", catalogue::products::create),
    ("store.edit_products_batch", catalogue::products::edit),
    ("store.list_product_properties", catalogue::properties::list),
    (
        "store.list_product_property_values",
        catalogue::properties::list_values,
    ),
    ("tasks.list", tasks::list),
    ("tasks.create", tasks::create),
    ("tasks.list_history", tasks::list_history),
    ("tasks.get", tasks::get),
    ("tasks.list_comments", tasks::list_comments),
    ("tasks.edit", tasks::edit),
    ("telephony.send_call_event", telephony::send_event),
    ("telephony.upload_calls", telephony::upload),
    ("telephony.get_manager", telephony::manager),
    ("users.list_groups", users::list_groups),
    ("users.list", users::list),
    ("users.get", users::get),
    ("users.update_status", users::update_status),
    ("verification.confirm_sms", verification::confirm),
    ("verification.get_sms_status", verification::status),
    (
        "web_analytics.upload_client_ids",
        web_analytics::upload_client_ids,
    ),
    (
        "web_analytics.upload_sources",
        web_analytics::upload_sources,
    ),
    ("web_analytics.upload_visits", web_analytics::upload_visits),
];
