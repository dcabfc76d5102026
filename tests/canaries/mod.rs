//! Personal data is never in clear: some two hundred canaries are entered through every route that takes them, also where
//! they are refused, and are then looked for in everything that the product keeps or writes.

mod customers;
mod machines;
pub mod mint;
pub mod search;
mod webhooks;

use api::demonstration::sources::FIRMS;
use api::platform::outside::SendError;
use serde_json::{Value, json};

use crate::support::{Caller, Firm, PASSWORD, Server, person_form, put_file, sample_sources, token_of};
use crate::webhooks::sink::Sink;
use mint::Mint;
use search::{db_columns, files, found, log_to_memory};

/// A firm and who enters what into it.
struct Cage {
    server: Server,
    firm: Firm,
    mint: Mint,
}

impl Cage {
    /// A farmer who applies with nothing but canaries; gives them and the application.
    async fn farmer(&self) -> (Caller, String) {
        let mint = &self.mint;
        let applicant = self.firm.applicant(&self.server, &mint.phone("applicant's phone")).await;
        let mut form = person_form(&mint.id_number("ID number"));
        form["subject"]["real_name"] = json!(mint.name("real name"));
        form["contact"] = json!({ "name": mint.name("contact"), "phone": mint.phone("contact's phone") });
        form["purpose_note"] = json!(mint.words("purpose"));
        form["extra"]["crop"] = json!(mint.words("crop"));
        let (id, version) = self.firm.person_draft(&self.server, &applicant).await;
        let mine = format!("/v1/my/applications/{id}");
        let version = applicant.patch(&mine, version, &form, 200).await.version.expect("a version");
        // Changed once more, so that there is a before and an after.
        let again =
            json!({ "contact": { "name": mint.name("contact, mended"), "phone": mint.phone("phone, mended") } });
        applicant.patch(&mine, version, &again, 200).await;
        for item in ["id_card", "land_proof"] {
            self.upload(&applicant, &mine, item).await;
        }
        (applicant, id)
    }

    async fn upload(&self, applicant: &Caller, mine: &str, item: &str) {
        let name = format!("{}.pdf", self.mint.words("file name"));
        let pdf = api::demonstration::SAMPLE_PDF;
        let body = json!({ "item_key": item, "file_name": name, "media_type": "application/pdf", "bytes": pdf.len() });
        let started = applicant.post(&format!("{mine}/documents"), &body, 201).await;
        put_file(&started, pdf).await;
        let finish = format!("{mine}/documents/{}/finish", started.text("/document/id"));
        applicant.post(&finish, &json!({}), 200).await;
    }

    async fn submit(&self, applicant: &Caller, id: &str) {
        let mine = format!("/v1/my/applications/{id}");
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
        self.server.work().await;
    }

    /// From submission to approval, with words about people at every step.
    async fn approved(&self) {
        let (applicant, id) = self.farmer().await;
        self.submit(&applicant, &id).await;
        let (mint, officer) = (&self.mint, self.firm.staff("investigator"));
        let reason = json!({ "items": [{ "item": "/contact/phone", "reason": mint.words("reason of a return") }] });
        officer.step(&id, "return", &reason, 200).await;
        let mine = format!("/v1/my/applications/{id}");
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        applicant.patch(&mine, version, &json!({ "contact": { "phone": mint.phone("phone, returned") } }), 200).await;
        self.submit(&applicant, &id).await;
        let why = json!({ "reason": mint.words("reason of a look") });
        officer.post(&format!("/v1/applications/{id}/reveal"), &why, 200).await;
        let advice = |mint: &Mint| {
            let opinion = mint.words("officer's opinion");
            json!({ "advice": "grant", "opinion": opinion, "amount_fen": 4_000_000, "term_months": 12 })
        };
        officer.step(&id, "recommend", &advice(mint), 200).await;
        let back = json!({ "to": "investigating", "reason": mint.words("reason of sending back") });
        self.firm.staff("reviewer").step(&id, "send-back", &back, 200).await;
        officer.step(&id, "recommend", &advice(mint), 200).await;
        let opinion = json!({ "opinion": mint.words("reviewer's opinion") });
        self.firm.staff("reviewer").step(&id, "review", &opinion, 200).await;
        let conditions = json!([format!("由{}担保", mint.name("guarantor"))]);
        let terms = json!({ "amount_fen": 4_000_000, "term_months": 12, "conditions": conditions });
        self.firm.staff("executive").step(&id, "approve", &terms, 200).await;
        self.server.work().await;
        let seen = applicant.get(&mine, 200).await;
        assert_eq!(seen.body["approved"]["conditions"], conditions, "what is hidden is there for who may see it");
    }

    /// Refused by a person, withdrawn, discarded.
    async fn other_ends(&self) {
        let (mint, officer) = (&self.mint, self.firm.staff("investigator"));
        let (applicant, id) = self.farmer().await;
        self.submit(&applicant, &id).await;
        let advice = json!({ "advice": "decline", "opinion": mint.words("officer's opinion") });
        officer.step(&id, "recommend", &advice, 200).await;
        let opinion = json!({ "opinion": mint.words("reviewer's opinion") });
        self.firm.staff("reviewer").step(&id, "review", &opinion, 200).await;
        let reason = json!({ "reason": mint.words("reason of a refusal") });
        self.firm.staff("executive").step(&id, "refuse", &reason, 200).await;
        let (applicant, id) = self.farmer().await;
        self.submit(&applicant, &id).await;
        let mine = format!("/v1/my/applications/{id}");
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        let why = json!({ "reason": mint.words("reason of a withdrawal") });
        applicant.act(&format!("{mine}/withdraw"), version, &why, 200).await;
        let (applicant, id) = self.farmer().await;
        let mine = format!("/v1/my/applications/{id}");
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        applicant.delete(&mine, version, 204).await;
        self.server.work().await;
    }

    /// An enterprise whose data names people, refused by score and contested; one source is broken in the middle of a name.
    async fn enterprise(&self) {
        let (mint, server) = (&self.mint, &self.server);
        sample_sources(server, &self.firm);
        let folder = server.app.config.sources_dir.join(&self.firm.slug);
        let edit = |code: &str, file: &str, change: &dyn Fn(&mut Value)| {
            let path = folder.join(code).join(file);
            let mut value = serde_json::from_slice(&std::fs::read(&path).expect("a source")).expect("JSON");
            change(&mut value);
            std::fs::write(&path, value.to_string()).expect("a source");
        };
        for (firm, code) in [(2, "9133010099DEM003X6"), (0, "9133010099DEM0013K")] {
            let person = mint.name("legal representative, registered");
            self.record(code, json!({ "legal_representative": person })).await;
            edit(code, "registration.json", &|all| {
                all["legal_representative"] = json!(person);
                all["changes"][0]["before"] = json!(mint.words("change, before"));
                all["changes"][0]["after"] = json!(mint.name("change, after"));
            });
            if firm == 2 {
                edit(code, "violations.json", &|all| all[0]["description"] = json!(mint.words("violation")));
            } else {
                // Two ways of being broken: no JSON, and JSON of another form.
                let name = mint.name("violation, broken");
                let broken = format!("[{{\"occurred_on\": \"{name}\", \"kind\": {name}");
                std::fs::write(folder.join(code).join("violations.json"), broken).expect("a source");
                edit(code, "payments.json", &|all| all[0]["amount_fen"] = json!(mint.name("payment, broken")));
            }
            let applicant = self.firm.applicant(server, &mint.phone("agent's phone")).await;
            let (id, version) = self.firm.draft(server, &applicant, firm).await;
            let mine = format!("/v1/my/applications/{id}");
            let contact = json!({ "name": mint.name("contact"), "phone": mint.phone("contact's phone") });
            applicant.patch(&mine, version, &json!({ "contact": contact }), 200).await;
            for item in ["business_licence", "id_card"] {
                self.upload(&applicant, &mine, item).await;
            }
            let mut consent = json!({
                "capacity": "legal_representative", "real_name": mint.name("who consents, but may not"),
                "id_number": mint.id_number("who consents"),
            });
            applicant.post(&format!("{mine}/authorisations"), &consent, 422).await;
            consent["real_name"] = json!(person);
            applicant.post(&format!("{mine}/authorisations"), &consent, 201).await;
            self.submit(&applicant, &id).await;
            for _ in 0..5 {
                server.app.clock.advance(chrono::Duration::seconds(110));
                server.work().await;
            }
            let seen = applicant.get(&mine, 200).await;
            if firm == 2 {
                assert_eq!(seen.text("/state"), "refused");
                let why = json!({ "reason": mint.words("reason of a contest") });
                applicant.act(&format!("{mine}/human-review"), seen.version.expect("a version"), &why, 200).await;
            } else {
                assert_eq!(seen.text("/state"), "investigating");
            }
            server.work().await;
        }
    }

    /// Staff, enterprises and a tenant with people in them.
    async fn records(&self, round: u32) {
        let (mint, firm) = (&self.mint, &self.firm);
        let (admin, department) = (firm.staff("administrator"), firm.default_department().await);
        let email = mint.email("staff's address");
        let login_name = format!("bird-{round}");
        let person = json!({
            "login_name": login_name, "name": mint.name("staff"), "email": email, "department": department,
            "roles": ["clerk"], "data_scope": "own", "authority_limit_fen": 0,
        });
        let made = admin.post("/v1/staff", &person, 201).await;
        self.server.work().await;
        let mail = self.server.mail.last_to(&email).expect("an invitation");
        let set = json!({ "token": token_of(&mail.text), "password": PASSWORD });
        self.server.anyone().post(&format!("/v1/t/{}/passwords", firm.slug), &set, 204).await;
        let change = json!({ "name": mint.name("staff, changed"), "email": mint.email("staff's address, changed") });
        let path = format!("/v1/staff/{}", made.text("/id"));
        let version = admin.get(&path, 200).await.version.expect("a version");
        admin.patch(&path, version, &change, 200).await;
        // The same address again: the database refuses it, and must not say so in the log.
        let mut same = person.clone();
        same["login_name"] = json!(format!("other-{round}"));
        same["email"] = change["email"].clone();
        admin.post("/v1/staff", &same, 409).await;

        let code = api::demonstration::sources::FIRMS[(round % 5) as usize].credit_code;
        self.record(code, json!({ "legal_representative": mint.name("legal representative") })).await;
        let tenant = json!({
            "slug": format!("nest-{round}"), "name": "示例机构",
            "administrator": { "login_name": "administrator", "name": mint.name("administrator"), "email": mint.email("administrator's address") },
        });
        firm.operator.post("/v1/platform/tenants", &tenant, 201).await;
        self.server.work().await;
    }

    /// Writes the firm's record of an enterprise.
    async fn record(&self, code: &str, representative: Value) {
        let clerk = self.firm.staff("clerk");
        let known = clerk.get(&format!("/v1/enterprises?text={code}"), 200).await;
        match known.body["items"][0]["id"].as_str() {
            Some(id) => {
                let path = format!("/v1/enterprises/{id}");
                let version = clerk.get(&path, 200).await.version.expect("a version");
                clerk.patch(&path, version, &representative, 200).await;
            }
            None => {
                let name = FIRMS.iter().find(|firm| firm.credit_code == code).expect("a demonstration firm").name;
                let mut new = json!({ "credit_code": code, "full_name": name });
                new["legal_representative"] = representative["legal_representative"].clone();
                clerk.post("/v1/enterprises", &new, 201).await;
            }
        }
    }

    /// What is refused, fails, or comes where it does not belong.
    async fn misplaced(&self) {
        let (mint, server) = (&self.mint, &self.server);
        let (applicant, id) = self.farmer().await;
        let mine = format!("/v1/my/applications/{id}");
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        for wrong in [
            json!({ "amount_fen": mint.phone("phone as an amount") }),
            json!({ mint.name("name as a member"): 1 }),
            json!({ "subject": { "id_number": format!("{}1", mint.id_number("too long a number")) } }),
            json!({ "subject": { "kind": mint.name("name as a kind") } }),
            json!({ "region": mint.words("address as a region") }),
            json!({ "contact": mint.phone("phone as a contact") }),
        ] {
            applicant.patch(&mine, version, &wrong, 422).await;
        }
        let broken = format!("{{\"purpose_note\": \"{}\", ", mint.words("purpose, cut off"));
        let request = applicant.request(reqwest::Method::PATCH, &mine).header("If-Match", format!("\"{version}\""));
        applicant.send(request.header("Content-Type", "application/json").body(broken), 400).await;
        // In typed bodies, addresses and queries.
        let officer = firm_officer(&self.firm);
        let body =
            json!({ "product_id": mint.id_number("number as a product"), "subject_kind": mint.name("name as a kind") });
        applicant.post("/v1/my/applications", &body, 422).await;
        applicant.get(&format!("/v1/my/applications/{}", mint.id_number("number in an address")), 404).await;
        applicant.get(&format!("/v1/nothing/{}", mint.phone("phone in an address")), 404).await;
        officer.get(&format!("/v1/applications?text={}", mint.name("name that is looked for")), 200).await;
        officer.get(&format!("/v1/applications?age_min_days={}", mint.phone("phone as an age")), 400).await;
        officer.get(&format!("/v1/applications?{}=1", mint.phone("phone as a parameter")), 400).await;
        applicant.get(&format!("/v1/my/enterprise-lookup?name={}", mint.words("words that are looked up")), 404).await;
        // Log-ins of nobody, and messages that cannot be delivered.
        let front = format!("/v1/t/{}", self.firm.slug);
        let login = json!({ "login_name": mint.phone("phone as a log-in"), "password": mint.words("password") });
        server.anyone().post(&format!("{front}/staff-sessions"), &login, 401).await;
        let code = json!({ "phone": mint.phone("phone without a code"), "code": "000000", "privacy_version": "2026-01", "terms_version": "2026-01" });
        server.anyone().post(&format!("{front}/applicant-sessions"), &code, 401).await;
        let reset = json!({ "login_name": "clerk", "email": mint.email("address of a reset") });
        server.anyone().post(&format!("{front}/password-resets"), &reset, 202).await;
        for temporary in [true, false] {
            let phone = mint.phone("phone that cannot be reached");
            let words = format!("no route to {phone}");
            let failure = if temporary { SendError::unclear(&words) } else { SendError::permanent(&words, &words) };
            server.sms.fail_next(failure);
            server.anyone().post(&format!("{front}/sms-codes"), &json!({ "phone": phone }), 202).await;
            server.work().await;
        }
    }
}

fn firm_officer(firm: &Firm) -> Caller {
    firm.staff("investigator")
}

#[actix_web::test]
async fn no_personal_datum_stands_in_clear_anywhere() {
    let log = log_to_memory();
    let mut sink = Sink::open();
    let server = Server::start_with(&[("ZHIDAN_OUTSIDE__ALLOWED", &sink.place)]).await;
    let firm = Firm::create(&server, "canaries").await;
    let cage = Cage { server, firm, mint: Mint::default() };
    cage.third_party(&sink).await;
    for _ in 0..4 {
        cage.approved().await;
    }
    cage.other_ends().await;
    for round in 0..6 {
        cage.records(round).await;
    }
    cage.misplaced().await;
    cage.customers().await;
    cage.machines().await;
    // The last, since its tries take longer than a token lives.
    cage.enterprise().await;
    let Cage { server, mint, .. } = &cage;
    let canaries = mint.all();
    assert!(canaries.len() >= 200, "{} canaries", canaries.len());
    let config = &server.app.config;
    let mut heaps = db_columns(server).await;
    heaps.extend(files(&config.data_dir, &config.sources_dir));
    heaps.push(log.heap());
    heaps.push(webhooks::told(&mut sink));
    // The search finds what stands in clear.
    let sees = |text: &str, place: &str| found(&heaps, text).iter().any(|at| at.contains(place));
    assert!(sees("示例三号商贸有限公司", "applications.enterprise_name") && sees("bird-3", "staff.login_name"));
    assert!(sees("/v1/my/applications/{id}/submit", "the log"), "the log is searched");
    assert!(sees("application.approved", "third parties"), "what third parties are told is searched");
    assert!(sees("%PDF", "/files/"), "the documents' own bytes are searched");
    if !crate::support::on_postgres() {
        assert!(sees("bird-3", "zhidan.db"));
    }
    let mut out = vec![];
    for (what, text) in &canaries {
        let places = found(&heaps, text);
        if !places.is_empty() {
            out.push(format!("{what} ({text}): {places:?}"));
        }
    }
    assert!(out.is_empty(), "{} of {} canaries got out:\n{}", out.len(), canaries.len(), out.join("\n"));
    cage.server.stop().await;
}
