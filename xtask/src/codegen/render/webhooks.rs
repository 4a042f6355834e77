//! Webhooks: what the service sends by itself is a model, and names what it wants back.

use super::{
    Context,
    models::{self, Slot},
    operations,
    types::Imports,
};
use crate::codegen::ir::{Operation, Output};

/// The doc of a webhook's last field.
const EXTRA: &str = "/// Fields without a description, as texts.\n";

/// The struct of one webhook with all that belongs to it.
pub(super) fn webhook(
    context: &Context<'_>,
    webhook: &Operation,
    imports: &mut Imports<'_>,
) -> String {
    let Operation {
        rust, name, method, ..
    } = webhook;
    let slots: Vec<Slot<'_>> = webhook
        .params
        .iter()
        .map(|param| {
            let boxed = context.plan.is_large(&param.field.ty);
            Slot::new(&param.field, boxed, imports)
        })
        .collect();
    let about = match webhook.doc.as_str() {
        "" => format!("`{name}`, by {method}."),
        doc => format!("{doc}\n\n`{name}`, by {method}."),
    };
    let mut out = models::structure(&about, rust, &slots, EXTRA);
    out += &models::built(rust, &slots, imports);
    out += &models::bridges(rust, &slots, imports);
    out + &behaviour(webhook, imports)
}

fn behaviour(webhook: &Operation, imports: &mut Imports<'_>) -> String {
    let answer = match &webhook.output {
        Output::Json(ty) => imports.name(ty),
        Output::Nothing => "()".to_owned(),
        Output::Binary => "bytes::Bytes".to_owned(),
    };
    imports.use_params();
    format!(
        "\nimpl crate::webhooks::Webhook for {} {{\n\
         type Answer = {answer};\n\n\
         const NAME: &'static str = {:?};\n\n\
         const PARAMS: &'static [Param] = &[{}];\n\
         }}\n",
        webhook.rust,
        webhook.name,
        operations::params(&webhook.params),
    )
}
