//! More staff and departments than every firm of the suite has.

use serde_json::{Value, json};

use super::{Caller, Firm, PASSWORD, Server, token_of};

/// Somebody to hire; the log-in name is also the beginning of their address.
pub struct Hire<'a> {
    /// What they log in with.
    pub login_name: &'a str,
    /// Their role.
    pub role: &'a str,
    /// Their department's id.
    pub department: &'a str,
    /// Which rows they see.
    pub scope: &'a str,
}

impl Firm {
    /// Hires somebody, who sets a password and logs in; gives them and their id.
    pub async fn hire(&self, server: &Server, hire: &Hire<'_>) -> (Caller, String) {
        self.hire_by(server, &self.staff("administrator"), hire).await
    }

    /// The same by somebody who may, after the clock was moved.
    pub async fn hire_by(&self, server: &Server, admin: &Caller, hire: &Hire<'_>) -> (Caller, String) {
        let email = format!("{}@{}.example.com", hire.login_name, self.slug);
        let body = json!({
            "login_name": hire.login_name, "name": "示例员工", "email": email, "department": hire.department,
            "roles": [hire.role], "data_scope": hire.scope, "authority_limit_fen": 0,
        });
        let made = admin.post("/v1/staff", &body, 201).await;
        server.work().await;
        let mail = server.mail.last_to(&email).expect("an invitation");
        let set = json!({ "token": token_of(&mail.text), "password": PASSWORD });
        server.anyone().post(&format!("/v1/t/{}/passwords", self.slug), &set, 204).await;
        let session = self.log_in(server, hire.login_name, 200).await;
        (server.with_token(&session.text("/access_token")), made.text("/id"))
    }

    /// A department below another, with rules of assignment; gives its id.
    pub async fn department(&self, name: &str, parent: Option<&str>, rules: Value) -> String {
        let body = json!({ "name": name, "parent": parent, "rules": rules });
        self.staff("administrator").post("/v1/departments", &body, 201).await.text("/id")
    }

    /// The id of the department that the firm began with.
    pub async fn default_department(&self) -> String {
        let all = self.staff("administrator").get("/v1/departments", 200).await;
        let items = all.body["items"].as_array().expect("departments");
        let found = items.iter().find(|d| d["is_default"] == true).expect("a default one");
        found["id"].as_str().expect("an id").to_owned()
    }
}
