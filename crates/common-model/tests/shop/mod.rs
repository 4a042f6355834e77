//! Hand-written models as the code generator writes them, with a field of every type.

use common_model::{
    Decimal, Error, Extra, Id, ListOrMap, Map, Model, ObjectWriter, Reader, Timestamp, Value,
    civil::{Date, DateTime, Time},
};

common_model::open_enum! {
    /// Kinds of an order.
    pub(crate) enum Kind {
        /// From the shop's site.
        Site = "site",
        /// By telephone.
        Phone = "phone",
    }
}

common_model::open_enum! {
    /// Levels of a customer.
    pub(crate) enum Level {
        /// New.
        New = 1,
        /// Regular.
        Regular = 2,
    }
}

macro_rules! models {
    ($( $name:ident { $( $field:ident $wire:literal $type:ty, )* } )*) => { $(
        #[derive(Clone, Default, PartialEq)]
        pub(crate) struct $name {
            $( pub(crate) $field: Option<$type>, )*
            pub(crate) extra: Extra,
        }

        impl Model for $name {
            fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, Error> {
                match key {
                    $( $wire => reader.field($wire, &mut self.$field, &mut self.extra), )*
                    _ => Ok(false),
                }
            }

            fn write_fields(&self, object: &mut ObjectWriter<'_>) {
                $( object.field($wire, &self.$field, &self.extra); )*
            }

            fn extra(&self) -> &Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut Extra {
                &mut self.extra
            }
        }

        common_model::model!($name);
    )* };
}

models! {
    Order {
        number "number" String,
        id "id" i64,
        managers "managers" u32,
        paid "paid" bool,
        sum "summ" Decimal,
        shipped "shipped" Date,
        created "createdAt" DateTime,
        from "from" Time,
        updated "updatedAt" Timestamp,
        code "code" Id,
        kind "kind" Kind,
        level "level" Level,
        anything "anything" Value,
        tags "tags" Vec<String>,
        numbers "numbers" Vec<i64>,
        items "items" Vec<Item>,
        payments "payments" ListOrMap<Item>,
        fields "customFields" Map<Value>,
        named "named" Map<Item>,
        info "info" Item,
        parent "parent" Box<Order>,
    }
    Item {
        quantity "quantity" Decimal,
        name "name" String,
    }
}
