//! Printed forms of orders, as files.

use bytes::Bytes;

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value;

/// A printed form of the order, as a file.
pub(crate) fn print(account: &mut Account, call: &Call) -> Outcome {
    let id = path::order(account, call)?;
    let plate: u32 = call
        .segment("plateId")
        .parse()
        .map_err(|_| Failure::not_found())?;
    let row = path::row(account, id)?;
    let number = value::member(&row, "number").unwrap_or_default();
    Ok(Answer::File {
        name: format!("plate-{plate}-{number}.pdf"),
        media_type: "application/pdf",
        content: Bytes::from(pdf(&format!("Order {number}"))),
    })
}

/// One page with one line of ASCII text.
fn pdf(line: &str) -> Vec<u8> {
    let line: String = line
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || " -".contains(*c))
        .collect();
    let text = format!("BT /F1 18 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalogue /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    // The comment of high bytes tells transports that the file is binary.
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend(trailer.into_bytes());
    file
}
