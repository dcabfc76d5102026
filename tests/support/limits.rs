//! A firm whose limits can be used: net assets entered and approved, a bank among its customers, an application approved and
//! its limit granted, all through the API.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use serde_json::{Value, json};

use super::{Answer, Caller, Firm, Server, id_number, person_form};

/// Net assets of such a firm, fen: a hundred million yuan, of which one client may have ten.
pub const NET_ASSETS: i64 = 10_000_000_000;
/// What the first application is approved for, fen: seven million yuan.
pub const APPROVED: i64 = 700_000_000;
/// The credit code of the bank.
const BANK: &str = "91340600MA2PBMA74B";

/// Today, as the server's clock has it.
pub fn today(server: &Server) -> NaiveDate {
    domain::time::TenantZone::default().date_of(server.app.clock.now())
}

/// A limit that was granted.
#[derive(Clone, Debug)]
pub struct Granted {
    /// What its approval left to be granted from.
    pub approval: String,
    /// The customer.
    pub customer: String,
    /// The limit.
    pub limit: String,
}

/// Such a firm.
pub struct LimitFirm {
    /// The firm.
    pub firm: Firm,
    /// The first applicant.
    pub applicant: Caller,
    /// A customer that is a bank.
    pub bank: String,
    /// The first limit, of a small enterprise, revolving and at the bank.
    pub first: Granted,
    /// Callers who logged in after the clock was moved.
    again: BTreeMap<String, Caller>,
}

impl LimitFirm {
    /// Makes one.
    pub async fn create(server: &Server, slug: &str) -> Self {
        Self::of(server, Firm::create(server, slug).await, 0).await
    }

    /// Makes one of a firm that has no limits yet; the first limit is that of one of the demonstration firms.
    pub async fn of(server: &Server, firm: Firm, enterprise: usize) -> Self {
        let approver = format!("/v1/staff/{}", firm.staff_id("executive"));
        let admin = firm.staff("administrator");
        let version = admin.get(&approver, 200).await.version.expect("a version");
        admin.patch(&approver, version, &json!({ "authority_limit_fen": 10_000_000_000i64 }), 200).await;
        let bank = json!({ "kind": "bank", "credit_code": BANK, "name": "示例农村商业银行", "class": "other" });
        let bank = firm.staff("clerk").post("/v1/customers", &bank, 201).await.text("/id");
        let applicant = firm.applicant(server, "13900000071").await;
        let none = Granted { approval: String::new(), customer: String::new(), limit: String::new() };
        let mut books = Self { firm, applicant, bank, first: none, again: BTreeMap::new() };
        let long_ago = today(server) - Days::new(400);
        books.enter(&json!({ "kind": "net_assets", "amount_fen": NET_ASSETS }), long_ago).await;
        let application = books.enterprise(server, &books.applicant, enterprise, APPROVED).await;
        books.approve(&application, APPROVED).await;
        let bank = books.bank.clone();
        books.first = books.grant(server, &application, APPROVED, &json!({ "bank": bank })).await;
        books
    }

    /// The member of staff named as the role.
    pub fn staff(&self, role: &str) -> Caller {
        self.again.get(role).cloned().unwrap_or_else(|| self.firm.staff(role))
    }

    /// Moves the clock and logs those in again who work with limits.
    pub async fn later(&mut self, server: &Server, by: chrono::Duration) {
        server.app.clock.advance(by);
        for role in ["finance", "executive", "post_guarantee", "clerk", "auditor"] {
            let session = self.firm.log_in(server, role, 200).await;
            self.again.insert(role.to_owned(), server.with_token(&session.text("/access_token")));
        }
    }

    /// Enters a parameter and has it approved; gives its id.
    pub async fn enter(&self, value: &Value, from: NaiveDate) -> String {
        let body = json!({ "value": value, "effective_from": from, "source": "示例审计报告" });
        let id = self.staff("finance").post("/v1/parameters", &body, 201).await.text("/id");
        self.staff("executive").act(&format!("/v1/parameters/{id}/approve"), 1, &json!({}), 200).await;
        id
    }

    /// Enters an agreement of the bank and the firm in basis points and has it approved.
    pub async fn agree(&self, bank_bp: i64, from: NaiveDate) -> String {
        let shares =
            json!({ "bank_bp": bank_bp, "firm_bp": 10_000 - bank_bp, "reguarantor_bp": 0, "government_bp": 0 });
        let body = json!({
            "name": "示例分担协议", "bank_id": self.bank, "shares": shares, "valid_from": from, "document": "银担协字1号",
        });
        let id = self.staff("finance").post("/v1/sharing-agreements", &body, 201).await.text("/id");
        self.staff("executive").act(&format!("/v1/sharing-agreements/{id}/approve"), 1, &json!({}), 200).await;
        id
    }

    /// An application of one of the demonstration firms for this amount, up to where only the approval is missing.
    pub async fn enterprise(&self, server: &Server, applicant: &Caller, firm: usize, amount_fen: i64) -> String {
        super::sample_sources(server, &self.firm);
        let (id, version) = self.firm.draft(server, applicant, firm).await;
        let mine = format!("/v1/my/applications/{id}");
        applicant.patch(&mine, version, &json!({ "amount_fen": amount_fen }), 200).await;
        self.firm.upload_all(applicant, &id).await;
        self.firm.consent(applicant, &id).await;
        let version = applicant.get(&mine, 200).await.version.expect("a version");
        applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
        server.work().await;
        self.review(&id, amount_fen).await;
        id
    }

    /// An approved farmer with a limit that no bank is fixed for; the how-manieth of their day of birth.
    pub async fn farmer(&self, server: &Server, order: u32, amount_fen: i64) -> Granted {
        let applicant = self.firm.applicant(server, &format!("13900002{order:03}")).await;
        let mut form = person_form(&id_number("330106", "19830405", order));
        form["amount_fen"] = json!(amount_fen);
        form["region"] = json!("330105");
        let id = self.firm.person_submitted(server, &applicant, &form).await;
        self.review(&id, amount_fen).await;
        self.approve(&id, amount_fen).await;
        self.grant(server, &id, amount_fen, &json!({})).await
    }

    async fn review(&self, application: &str, amount_fen: i64) {
        let advice = json!({ "advice": "grant", "opinion": "经营正常", "amount_fen": amount_fen, "term_months": 12 });
        self.firm.staff("investigator").step(application, "recommend", &advice, 200).await;
        self.firm.staff("reviewer").step(application, "review", &json!({ "opinion": "同意" }), 200).await;
    }

    /// Approves an application that was reviewed.
    pub async fn approve(&self, application: &str, amount_fen: i64) {
        let terms = json!({ "amount_fen": amount_fen, "term_months": 12, "conditions": ["实际控制人保证"] });
        self.staff("executive").step(application, "approve", &terms, 200).await;
    }

    /// Grants all that was approved on an application, for a year from today; `more` goes over the body.
    pub async fn grant(&self, server: &Server, application: &str, amount_fen: i64, more: &Value) -> Granted {
        let executive = self.staff("executive");
        let approvals = executive.get("/v1/limit-approvals?open=true&limit=100", 200).await;
        let items = approvals.body["items"].as_array().expect("approvals");
        let approval = items.iter().find(|one| one["application"] == application).expect("the approval").clone();
        let from = today(server);
        let mut body = json!({
            "approval": approval["id"], "amount_fen": amount_fen, "revolving": true, "valid_from": from,
            "valid_to": from + Months::new(12), "conditions": ["单笔不超过七百万元"], "reason": "按批复授信",
        });
        for (name, value) in more.as_object().expect("members") {
            body[name] = value.clone();
        }
        let made = executive.post("/v1/limits", &body, 201).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Granted {
            approval: text(&approval["id"]),
            customer: text(&approval["customer"]),
            limit: made.text("/limit/id"),
        }
    }

    /// Splits a part off; `more` goes over the body. Gives its id.
    pub async fn split(&self, limit: &str, amount_fen: i64, more: &Value) -> String {
        let manager = self.staff("post_guarantee");
        let path = format!("/v1/limits/{limit}");
        let version = manager.get(&path, 200).await.version.expect("a version");
        let mut body = json!({ "amount_fen": amount_fen, "revolving": true, "reason": "拆分" });
        for (name, value) in more.as_object().expect("members") {
            body[name] = value.clone();
        }
        manager.act(&format!("{path}/split"), version, &body, 201).await.text("/limit/id")
    }

    /// Sets an amount aside; gives the reservation.
    pub async fn reserve(&self, limit: &str, amount_fen: i64) -> String {
        let body = json!({ "amount_fen": amount_fen, "reason": "拟放款" });
        let made = self.staff("finance").post(&format!("/v1/limits/{limit}/reserve"), &body, 200).await;
        made.text("/reservation/id")
    }

    /// Draws from a reservation; gives the answer.
    pub async fn draw(&self, reservation: &str, amount_fen: i64) -> Answer {
        let body = json!({ "amount_fen": amount_fen, "reason": "银行放款", "document": "放款通知书-1" });
        self.staff("finance").post(&format!("/v1/reservations/{reservation}/draw"), &body, 200).await
    }

    /// Sets an amount aside and draws it; gives the drawdown.
    pub async fn use_of(&self, limit: &str, amount_fen: i64) -> String {
        let reservation = self.reserve(limit, amount_fen).await;
        self.draw(&reservation, amount_fen).await.text("/drawdown/id")
    }

    /// Books a repayment.
    pub async fn repay(&self, drawdown: &str, amount_fen: i64) -> Answer {
        let body = json!({ "amount_fen": amount_fen, "reason": "客户还款" });
        self.staff("finance").post(&format!("/v1/drawdowns/{drawdown}/repay"), &body, 200).await
    }

    /// Says of what class a customer is from today on, and has its guarantees weighed anew.
    pub async fn class(&self, server: &Server, customer: &str, class: &str) {
        let (clerk, path) = (self.staff("clerk"), format!("/v1/customers/{customer}"));
        let version = clerk.get(&path, 200).await.version.expect("a version");
        let change = json!({ "class": class, "class_source": "划型证明" });
        clerk.patch(&path, version, &change, 200).await;
        server.work().await;
    }
}
