//! Declares models as the code generator writes them; the benchmark of decoding includes this file.

macro_rules! models {
    ($( $name:ident { $( $field:ident $wire:literal $type:ty ),* $(,)? } )*) => { $(
        #[derive(Clone, Default, PartialEq)]
        pub(crate) struct $name {
            $( pub(crate) $field: Option<$type>, )*
            pub(crate) extra: common_model::Extra,
        }

        impl common_model::Model for $name {
            fn read_field(
                &mut self,
                key: &str,
                reader: &mut common_model::Reader<'_>,
            ) -> Result<bool, common_model::Error> {
                match key {
                    $( $wire => reader.field($wire, &mut self.$field, &mut self.extra), )*
                    _ => Ok(false),
                }
            }

            fn write_fields(&self, object: &mut common_model::ObjectWriter<'_>) {
                $( object.field($wire, &self.$field, &self.extra); )*
            }

            fn extra(&self) -> &common_model::Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut common_model::Extra {
                &mut self.extra
            }
        }

        common_model::model!($name);
    )* };
}

pub(crate) use models;
