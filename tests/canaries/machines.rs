//! Canaries in what people write of machines: names of files, why one goes, what was maintained.

use serde_json::json;

use super::Cage;
use crate::support::put_file;

impl Cage {
    /// A machine with a file that comes and goes, and a record that names somebody.
    pub(super) async fn machines(&self) {
        let (mint, clerk) = (&self.mint, self.firm.staff("clerk"));
        let machine = json!({ "name": "示例车床", "category": "lathe", "place": mint.words("place of a machine") });
        let path = format!("/v1/equipment/{}", clerk.post("/v1/equipment", &machine, 201).await.text("/id"));
        let pdf = api::demonstration::SAMPLE_PDF;
        let name = format!("{}.pdf", mint.name("file name of a machine's invoice"));
        let body = json!({ "kind": "invoice", "file_name": name, "media_type": "application/pdf", "bytes": pdf.len() });
        let started = clerk.post(&format!("{path}/documents"), &body, 201).await;
        put_file(&started, pdf).await;
        let document = format!("{path}/documents/{}", started.text("/document/id"));
        clerk.post(&format!("{document}/finish"), &json!({}), 200).await;
        let work = json!({ "done_on": "2026-01-05", "work": format!("由{}更换轴承", mint.name("who maintained it")) });
        clerk.post(&format!("{path}/maintenance"), &work, 201).await;
        let why = json!({ "reason": mint.words("reason of taking a file away") });
        clerk.act(&format!("{document}/remove"), 2, &why, 200).await;
    }
}
