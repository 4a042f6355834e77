//! The same models three times: ours, derived, derived with `flatten`.

macro_rules! models {
    ($( $name:ident { $( $field:ident $wire:literal $type:ty ),* $(,)? } )*) => {
        /// Ours, as the code generator writes them.
        pub(crate) mod ours {
            use common_model::{
                Decimal as Money, ListOrMap as Keyed, Map, Value as Any,
                civil::{Date as Day, DateTime as Moment},
            };

            crate::declare::models! { $( $name { $( $field $wire $type, )* } )* }
        }

        /// `derive(Deserialize, Serialize)`: unknown fields are dropped, and so is whether a field came as null.
        pub(crate) mod derived {
            use std::collections::HashMap;

            use serde::{Deserialize, Serialize};
            use serde_json::Value as Any;

            type Money = f64;
            type Moment = String;
            type Day = String;
            type Keyed<T> = HashMap<String, T>;
            type Map<T> = HashMap<String, T>;

            $(
                #[derive(Deserialize, Serialize)]
                pub(crate) struct $name {
                    $(
                        #[serde(rename = $wire, skip_serializing_if = "Option::is_none")]
                        pub(crate) $field: Option<$type>,
                    )*
                }
            )*
        }

        /// `derive(Deserialize)` with `flatten`: unknown fields are kept.
        #[expect(dead_code, reason = "the fields are there to be decoded")]
        pub(crate) mod flattened {
            use std::collections::HashMap;

            use serde::Deserialize;
            use serde_json::Value as Any;

            type Money = f64;
            type Moment = String;
            type Day = String;
            type Keyed<T> = HashMap<String, T>;
            type Map<T> = HashMap<String, T>;

            $(
                #[derive(Deserialize)]
                pub(crate) struct $name {
                    $( #[serde(rename = $wire)] pub(crate) $field: Option<$type>, )*
                    #[serde(flatten)]
                    extra: HashMap<String, Any>,
                }
            )*
        }
    };
}

models! {
    Page { success "success" bool, pagination "pagination" Pagination, orders "orders" Vec<Order> }
    Pagination {
        limit "limit" i64, total_count "totalCount" i64, current_page "currentPage" i64,
        total_page_count "totalPageCount" i64,
    }
    Order {
        slug "slug" i64, bonuses_credit_total "bonusesCreditTotal" Money,
        bonuses_charge_total "bonusesChargeTotal" Money, id "id" i64, number "number" String,
        external_id "externalId" String, order_type "orderType" String,
        order_method "orderMethod" String, privilege_type "privilegeType" String,
        country_iso "countryIso" String, created_at "createdAt" Moment,
        status_updated_at "statusUpdatedAt" Moment, sum "summ" Money, total "totalSumm" Money,
        prepay_sum "prepaySum" Money, purchase_sum "purchaseSumm" Money, currency "currency" String,
        mark_datetime "markDatetime" Moment, last_name "lastName" String,
        first_name "firstName" String, patronymic "patronymic" String, phone "phone" String,
        additional_phone "additionalPhone" String, email "email" String, call "call" bool,
        expired "expired" bool, customer_comment "customerComment" String,
        manager_comment "managerComment" String, manager_id "managerId" i64,
        customer "customer" Customer, contragent "contragent" Contragent,
        delivery "delivery" Delivery, site "site" String, status "status" String,
        items "items" Vec<Item>, payments "payments" Keyed<Payment>,
        from_api "fromApi" bool, weight "weight" Money, length "length" i64, width "width" i64,
        height "height" i64, shipment_store "shipmentStore" String,
        shipment_date "shipmentDate" Day, shipped "shipped" bool,
        custom_fields "customFields" Map<Any>, client_id "clientId" String,
    }
    Contragent { kind "contragentType" String, inn "INN" String, kpp "KPP" String }
    Customer {
        kind "type" String, id "id" i64, external_id "externalId" String,
        is_contact "isContact" bool, created_at "createdAt" Moment, vip "vip" bool, bad "bad" bool,
        site "site" String, first_name "firstName" String, last_name "lastName" String,
        email "email" String, phones "phones" Vec<Phone>, address "address" Address,
        orders_count "ordersCount" i64, average "averageSumm" Money, total "totalSumm" Money,
        birthday "birthday" Day, sex "sex" String,
    }
    Phone { number "number" String }
    Address {
        id "id" i64, index "index" String, country_iso "countryIso" String, region "region" String,
        region_id "regionId" i64, city "city" String, city_id "cityId" i64, street "street" String,
        building "building" String, flat "flat" String, text "text" String, notes "notes" String,
    }
    Delivery {
        code "code" String, cost "cost" Money, net_cost "netCost" Money, date "date" Day,
        address "address" Address, vat_rate "vatRate" String,
    }
    Item {
        id "id" i64, initial_price "initialPrice" Money, discount "discountTotal" Money,
        created_at "createdAt" Moment, quantity "quantity" Money, status "status" String,
        comment "comment" String, offer "offer" Offer, purchase_price "purchasePrice" Money,
        vat_rate "vatRate" String, properties "properties" Keyed<Property>,
    }
    Offer {
        id "id" i64, external_id "externalId" String, xml_id "xmlId" String, name "name" String,
        display_name "displayName" String, article "article" String,
    }
    Property { code "code" String, name "name" String, value "value" String }
    Payment {
        id "id" i64, status "status" String, kind "type" String, external_id "externalId" String,
        amount "amount" Money, paid_at "paidAt" Moment, comment "comment" String,
    }
}
