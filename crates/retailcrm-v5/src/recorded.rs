//! The recorded outputs of the generator, built against this crate to show that they compile.
//!
//! `pages` is left out: it has its own `Pagination`, but pages need the crate's.
//!
//! `cargo test -p xtask codegen` checks that the generator writes these outputs.
#![allow(missing_docs, dead_code, unreachable_pub, clippy::all)]

#[path = "../../../xtask/src/codegen/testdata"]
mod testdata {
    #[path = "types/expected/things.rs"]
    mod types;

    #[path = "recursion/expected/trees.rs"]
    mod recursion;

    #[path = "boxes/expected/things.rs"]
    mod boxes;

    #[path = "names/expected/odd.rs"]
    mod names;

    #[path = "params/expected/calls.rs"]
    mod calls;

    #[cfg(feature = "webhooks")]
    #[path = "webhooks/expected/events.rs"]
    mod webhooks;

    #[path = "shared/expected"]
    mod several {
        mod callbacks;
        mod customers;
        mod orders;
        mod shared;
    }

    // The hand-written half of a parameter for the kind of an id, like `By`.
    impl calls::Kind {
        fn id(id: impl Into<common_model::Id>) -> crate::ObjectRef<Self> {
            crate::ObjectRef::by(id, Self::Id)
        }
    }
}
