//! Firms, people and applications as tests need them, made through the API alone.

use std::collections::BTreeMap;

use api::demonstration::sources::{self, FIRMS};
use domain::id::{Id, kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Caller, Server};

/// The password of everybody in the suite.
pub const PASSWORD: &str = "a long phrase of the suite";
/// The roles that a firm of the suite has people in, each named as the role.
const PEOPLE: [&str; 10] = [
    "clerk",
    "investigator",
    "reviewer",
    "executive",
    "committee",
    "finance",
    "post_guarantee",
    "channel",
    "security_officer",
    "auditor",
];

/// A tenant with people in every role.
#[derive(Clone)]
pub struct Firm {
    /// Its name in addresses.
    pub slug: String,
    /// Its id.
    pub tenant: Uuid,
    /// The platform's operator.
    pub operator: Caller,
    people: BTreeMap<String, (Caller, String)>,
}

/// Logs the operator in.
pub async fn operator(server: &Server) -> Caller {
    let body = json!({ "operator_key": "operator-key-of-the-suite-and-nobody" });
    let session = server.anyone().post("/v1/platform/sessions", &body, 200).await;
    server.with_token(&session.text("/access_token"))
}

/// The token in a link.
pub fn token_of(link: &str) -> String {
    let (_, rest) = link.split_once("token=").unwrap_or_else(|| panic!("no token in {link}"));
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
}

impl Firm {
    /// Creates a tenant with its administrator alone.
    pub async fn create_bare(server: &Server, slug: &str) -> Self {
        let operator = operator(server).await;
        let body = json!({
            "slug": slug, "name": format!("示例担保{slug}"),
            "administrator": { "login_name": "administrator", "name": "示例管理员", "email": format!("administrator@{slug}.example.com") },
        });
        let made = operator.post("/v1/platform/tenants", &body, 201).await;
        let tenant = Id::<kind::Tenant>::parse(&made.text("/tenant/id")).expect("a tenant id").uuid();
        let mut firm = Self { slug: slug.to_owned(), tenant, operator, people: BTreeMap::new() };
        let token = token_of(&made.text("/link"));
        firm.enter(server, "administrator", &token).await;
        firm
    }

    /// Creates a tenant and its people, each of whom sets a password by the link that was mailed.
    pub async fn create(server: &Server, slug: &str) -> Self {
        let mut firm = Self::create_bare(server, slug).await;
        let admin = firm.staff("administrator");
        let department = admin.get("/v1/departments", 200).await.text("/items/0/id");
        for role in PEOPLE {
            let email = format!("{}@{slug}.example.com", role.replace('_', "-"));
            let body = json!({
                "login_name": role, "name": "示例员工", "email": email, "department": department,
                "roles": [role], "data_scope": "all", "authority_limit_fen": 500_000_000i64,
            });
            admin.post("/v1/staff", &body, 201).await;
            server.work().await;
            let mail = server.mail.last_to(&email).expect("an invitation");
            firm.enter(server, role, &token_of(&mail.text)).await;
        }
        firm
    }

    async fn enter(&mut self, server: &Server, login_name: &str, token: &str) {
        let anyone = server.anyone();
        let body = json!({ "token": token, "password": PASSWORD });
        anyone.post(&format!("/v1/t/{}/passwords", self.slug), &body, 204).await;
        let session = self.log_in(server, login_name, 200).await;
        let caller = server.with_token(&session.text("/access_token"));
        self.people.insert(login_name.to_owned(), (caller, session.text("/staff")));
    }

    /// Logs somebody of the firm in.
    pub async fn log_in(&self, server: &Server, login_name: &str, expected: u16) -> Answer {
        let body = json!({ "login_name": login_name, "password": PASSWORD });
        server.anyone().post(&format!("/v1/t/{}/staff-sessions", self.slug), &body, expected).await
    }

    /// The member of staff named as the role.
    pub fn staff(&self, role: &str) -> Caller {
        self.people[role].0.clone()
    }

    /// Their id.
    pub fn staff_id(&self, role: &str) -> String {
        self.people[role].1.clone()
    }

    /// The log-in code that was sent last to a phone.
    pub async fn code(&self, server: &Server, phone: &str) -> String {
        server.anyone().post(&format!("/v1/t/{}/sms-codes", self.slug), &json!({ "phone": phone }), 202).await;
        server.work().await;
        let message = server.sms.last_to(phone).expect("an SMS");
        message.params.iter().find(|(name, _)| name == "code").expect("a code").1.clone()
    }

    /// An applicant who logs in with a code; the account exists from then on.
    pub async fn applicant(&self, server: &Server, phone: &str) -> Caller {
        server.with_token(&self.applicant_token(server, phone).await)
    }

    /// The access token of such an applicant.
    pub async fn applicant_token(&self, server: &Server, phone: &str) -> String {
        let code = self.code(server, phone).await;
        let front = server.anyone().get(&format!("/v1/t/{}", self.slug), 200).await;
        let body = json!({
            "phone": phone, "code": code,
            "privacy_version": front.text("/privacy_version"), "terms_version": front.text("/terms_version"),
        });
        let session = server.anyone().post(&format!("/v1/t/{}/applicant-sessions", self.slug), &body, 200).await;
        session.text("/access_token")
    }

    /// The id of the product with this kind.
    pub async fn product(&self, server: &Server, kind: &str) -> String {
        let all = server.anyone().get(&format!("/v1/t/{}/products", self.slug), 200).await;
        let items = all.body["items"].as_array().expect("products");
        let found =
            items.iter().find(|p| p["terms"]["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {:#}", all.body));
        found["id"].as_str().expect("an id").to_owned()
    }

    /// A draft of an enterprise with its form filled in; gives its id and version.
    pub async fn draft(&self, server: &Server, applicant: &Caller, firm: usize) -> (String, i64) {
        let product = self.product(server, "loan_enterprise").await;
        let made = applicant
            .post("/v1/my/applications", &json!({ "product_id": product, "subject_kind": "enterprise" }), 201)
            .await;
        let id = made.text("/id");
        let terms = server.anyone().get(&format!("/v1/t/{}/products", self.slug), 200).await;
        let patch = form(firm, &terms.body["items"], &product);
        let saved =
            applicant.patch(&format!("/v1/my/applications/{id}"), made.version.expect("a version"), &patch, 200).await;
        (id, saved.version.expect("a version"))
    }

    /// Uploads a small PDF for every item that the application still misses.
    pub async fn upload_all(&self, applicant: &Caller, id: &str) {
        let shown = applicant.get(&format!("/v1/my/applications/{id}"), 200).await;
        for missing in shown.body["missing"].as_array().expect("what is missing").clone() {
            let pointer = missing["place"].as_str().unwrap_or_default();
            if let Some(item) = pointer.strip_prefix('#') {
                upload(applicant, id, item).await;
            }
        }
    }

    /// Grants the authorisation as the legal representative whom the registration names.
    pub async fn consent(&self, applicant: &Caller, id: &str) -> Answer {
        let shown = applicant.get(&format!("/v1/my/applications/{id}"), 200).await;
        let code = shown.text("/form/subject/credit_code");
        let person =
            FIRMS.iter().find(|firm| firm.credit_code == code).map_or("示例法人", |f| f.legal_representative);
        let body = consent_by("legal_representative", person);
        applicant.post(&format!("/v1/my/applications/{id}/authorisations"), &body, 201).await
    }

    /// An enterprise's application, submitted and screened; gives its id.
    pub async fn submitted(&self, server: &Server, applicant: &Caller, firm: usize) -> String {
        sample_sources(server, self);
        self.submitted_with(server, applicant, firm).await
    }

    /// The same with whatever data lies where the file adapter looks.
    pub async fn submitted_with(&self, server: &Server, applicant: &Caller, firm: usize) -> String {
        let (id, _) = self.draft(server, applicant, firm).await;
        self.upload_all(applicant, &id).await;
        self.consent(applicant, &id).await;
        let seen = applicant.get(&format!("/v1/my/applications/{id}"), 200).await;
        applicant
            .act(&format!("/v1/my/applications/{id}/submit"), seen.version.expect("a version"), &json!({}), 200)
            .await;
        server.work().await;
        id
    }
}

/// What somebody sends to consent for an enterprise.
pub fn consent_by(capacity: &str, real_name: &str) -> Value {
    json!({ "capacity": capacity, "real_name": real_name, "id_number": sources::ID_NUMBER })
}

/// What an applicant types for one of the demonstration firms.
pub fn form(firm: usize, products: &Value, product: &str) -> Value {
    let firm = &FIRMS[firm];
    let terms =
        products.as_array().expect("products").iter().find(|p| p["id"] == product).expect("the product")["terms"]
            .clone();
    let extra: serde_json::Map<String, Value> = terms["extra_fields"]
        .as_array()
        .map(|fields| fields.iter().map(|f| (f["key"].as_str().expect("a key").to_owned(), extra_value(f))).collect())
        .unwrap_or_default();
    json!({
        "amount_fen": 100_000_000i64, "term_months": 12, "purpose": terms["purposes"][0]["code"], "bank": "示例银行",
        "region": firm.region, "industry": firm.industry,
        "contact": { "name": "张示例", "phone": "13900000002" },
        "subject": {
            "full_name": firm.name, "credit_code": firm.credit_code, "capacity": "legal_representative",
        },
        "extra": extra,
    })
}

fn extra_value(field: &Value) -> Value {
    let takes = &field["takes"];
    match takes["kind"].as_str() {
        Some("choice") => takes["choices"][0]["code"].clone(),
        Some("number" | "money") => takes.get("min").filter(|m| !m.is_null()).cloned().unwrap_or(json!(10)),
        Some("date") => json!("2015-06-01"),
        _ => json!("示例"),
    }
}

/// Uploads one small PDF and finishes it.
pub async fn upload(applicant: &Caller, id: &str, item: &str) -> Answer {
    upload_bytes(applicant, id, item, api::demonstration::SAMPLE_PDF.to_vec()).await
}

/// Uploads another small PDF and finishes it.
pub async fn upload_other(applicant: &Caller, id: &str, item: &str) -> Answer {
    let text = String::from_utf8_lossy(api::demonstration::SAMPLE_PDF).into_owned();
    let other = text.replace("(SAMPLE)", "(MENDED)");
    assert!(other != text && other.len() == api::demonstration::SAMPLE_PDF.len(), "the sample says SAMPLE");
    upload_bytes(applicant, id, item, other.into_bytes()).await
}

async fn upload_bytes(applicant: &Caller, id: &str, item: &str, pdf: Vec<u8>) -> Answer {
    let body =
        json!({ "item_key": item, "file_name": "示例.pdf", "media_type": "application/pdf", "bytes": pdf.len() });
    let started = applicant.post(&format!("/v1/my/applications/{id}/documents"), &body, 201).await;
    put_file(&started, pdf).await;
    let document = started.text("/document/id");
    let done = applicant.post(&format!("/v1/my/applications/{id}/documents/{document}/finish"), &json!({}), 200).await;
    assert_eq!(done.text("/state"), "ready", "{:#}", done.body);
    done
}

/// Sends a file as a presigned answer says.
pub async fn put_file(started: &Answer, bytes: impl Into<reqwest::Body>) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut request = client.put(started.text("/url")).body(bytes);
    for (name, value) in started.body["headers"].as_object().expect("headers") {
        request = request.header(name, value.as_str().expect("a header"));
    }
    let answer = request.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}: {}", answer.status(), answer.text().await.unwrap_or_default());
}

/// Puts the demonstration firms' data where the file adapter looks for this firm.
pub fn sample_sources(server: &Server, firm: &Firm) {
    let today = domain::time::TenantZone::default().date_of(server.app.clock.now());
    sources::write(&server.app.config.sources_dir.join(&firm.slug), today).expect("the sample files");
}

/// Whether the storage holds a version of a document.
pub async fn is_stored(server: &Server, firm: &Firm, document: &str, version: u32) -> bool {
    use api::platform::outside::storage::{Bucket, ObjectKey, StorageError};
    let id = Id::<kind::Document>::parse(document).expect("a document's id");
    match server.app.storage.head(Bucket::Documents, &ObjectKey::new(firm.tenant, id.uuid(), version)).await {
        Ok(_) => true,
        Err(StorageError::NotFound) => false,
        Err(other) => panic!("{other}"),
    }
}

/// Downloads what an answer points to.
pub async fn read_file(link: &Answer) -> (u16, Vec<u8>) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(link.text("/url")).send().await.expect("an answer");
    (answer.status().as_u16(), answer.bytes().await.expect("the file").to_vec())
}
