//! Farmers and their applications, made through the API alone. The ID numbers are made up for each test and only keep the
//! standard's form (GB 11643).

use serde_json::{Value, json};

use super::{Caller, Firm, Server};

/// An ID number with a fitting checksum: region, date of birth as `yyyymmdd`, and which of that day.
pub fn id_number(region: &str, born: &str, order: u32) -> String {
    let first = format!("{region}{born}{order:03}");
    assert_eq!(first.len(), 17, "{first}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let last = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize];
    format!("{first}{last}")
}

/// What a farmer types: sound figures.
pub fn person_form(id_number: &str) -> Value {
    json!({
        "amount_fen": 5_000_000, "term_months": 12, "purpose": "livestock", "purpose_note": "示例用途说明",
        "region": "330106", "industry": "A",
        "subject": { "real_name": "王示例", "id_number": id_number },
        "contact": { "name": "王示例", "phone": "13900000003" },
        "extra": { "area_mu": 20, "crop": "示例品种", "yearly_income_fen": 12_000_000,
            "existing_debt_fen": 0, "years_in_trade": 8.5 },
    })
}

impl Firm {
    /// A farmer's empty draft; gives its id and version.
    pub async fn person_draft(&self, server: &Server, applicant: &Caller) -> (String, i64) {
        let product = self.product(server, "loan_farmer").await;
        let asked = json!({ "product_id": product, "subject_kind": "person" });
        let made = applicant.post("/v1/my/applications", &asked, 201).await;
        (made.text("/id"), made.version.expect("a version"))
    }

    /// A farmer's application with this form, submitted and graded; gives its id.
    pub async fn person_submitted(&self, server: &Server, applicant: &Caller, form: &Value) -> String {
        let (id, version) = self.person_draft(server, applicant).await;
        let mine = format!("/v1/my/applications/{id}");
        applicant.patch(&mine, version, form, 200).await;
        self.upload_all(applicant, &id).await;
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
        server.work().await;
        id
    }
}

impl Caller {
    /// A step of staff on an application as they see it now.
    #[track_caller]
    pub fn step(&self, id: &str, action: &str, body: &Value, expected: u16) -> impl Future<Output = super::Answer> {
        let place = std::panic::Location::caller();
        async move {
            let case = format!("/v1/applications/{id}");
            let version = self.get(&case, 200).await.version.unwrap_or_else(|| panic!("{place}: no version"));
            println!("{place}: {action} of {id}");
            self.act(&format!("{case}/{action}"), version, body, expected).await
        }
    }
}
