//! What a channel sees: its own customers and those shared with it, for as long as the share holds; every look is logged.

use chrono::Duration;
use domain::time::TenantZone;
use serde_json::json;

use super::{ids, only, person, problems, recorded};
use crate::support::{Caller, Firm, Hire, Server, db_count};

struct Channel {
    id: String,
    person: Caller,
}

/// A channel with somebody who logs in.
async fn channel(server: &Server, firm: &Firm, name: &str) -> Channel {
    let body = json!({ "name": name, "kind": "partner" });
    let id = firm.staff("clerk").post("/v1/channels", &body, 201).await.text("/id");
    let department = firm.default_department().await;
    let hire = Hire { login_name: name, role: "channel", department: &department, scope: "own" };
    let (person, staff) = firm.hire(server, &hire).await;
    let member = json!({ "staff": staff });
    firm.staff("administrator").post(&format!("/v1/channels/{id}/members"), &member, 201).await;
    Channel { id, person }
}

#[actix_web::test]
async fn a_share_lets_a_channel_look_until_it_is_withdrawn_and_every_look_is_logged() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "shares").await;
    let (clerk, approver) = (firm.staff("clerk"), firm.staff("executive"));
    let (one, two) = (channel(&server, &firm, "one").await, channel(&server, &firm, "two").await);
    let customer = recorded(&clerk, 1).await;
    recorded(&clerk, 2).await;
    let seen = format!("/v1/channel/customers/{customer}");
    one.person.get(&seen, 404).await;
    let shares = format!("/v1/customers/{customer}/shares");
    let body = json!({ "channel": one.id, "purpose": "联合尽调", "document": "授权书1号" });
    clerk.post(&shares, &body, 403).await;
    let share = approver.post(&shares, &body, 201).await;
    assert_eq!((share.text("/state"), share.text("/state_label")), ("in_force".into(), "有效".into()));
    assert_eq!((share.text("/purpose"), share.text("/document")), ("联合尽调".into(), "授权书1号".into()));
    assert_eq!(problems(&approver.post(&shares, &body, 422).await.body), only("/channel", "shared_already"));
    // The one channel sees it, masked, and nothing else of the firm's; the other does not.
    let listed = one.person.get("/v1/channel/customers", 200).await;
    assert_eq!(ids(&listed.body), std::slice::from_ref(&customer));
    assert_eq!(listed.text("/items/0/share/id"), share.text("/id"));
    assert_eq!(db_count(&server, &firm, "customer_accesses").await, 0);
    let shown = one.person.get(&seen, 200).await;
    assert_eq!((shown.text("/name"), shown.text("/phone")), ("**例".into(), "139******01".into()));
    assert_eq!(shown.text("/share/purpose"), "联合尽调");
    assert!(shown.body.get("officer").is_none() && shown.body.get("department").is_none());
    for path in ["/v1/customers", &format!("/v1/customers/{customer}"), &shares] {
        one.person.get(path, 403).await;
    }
    two.person.get(&seen, 404).await;
    assert_eq!(two.person.get("/v1/channel/customers", 200).await.body["items"], json!([]));
    let looks = clerk.get(&format!("/v1/customers/{customer}/accesses"), 200).await;
    assert_eq!(looks.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!((looks.text("/items/0/share"), looks.text("/items/0/channel/name")), (share.text("/id"), "one".into()));
    let log = firm.staff("auditor").get("/v1/audit-entries?action=channel.read_customer", 200).await;
    assert_eq!(
        (log.text("/items/0/object"), log.text("/items/0/request_id")),
        (customer.clone(), looks.text("/items/0/request_id"))
    );
    // Withdrawn, it is gone at once.
    let revoke = format!("/v1/customer-shares/{}/revoke", share.text("/id"));
    let why = json!({ "reason": "客户撤回同意" });
    clerk.act(&revoke, 1, &why, 403).await;
    assert_eq!(approver.act(&revoke, 2, &why, 409).await.code(), "stale");
    assert_eq!(
        problems(&approver.act(&revoke, 1, &json!({ "reason": "" }), 422).await.body),
        only("/reason", "required")
    );
    let revoked = approver.act(&revoke, 1, &why, 200).await;
    assert_eq!((revoked.text("/state"), revoked.text("/revoked_reason")), ("revoked".into(), "客户撤回同意".into()));
    one.person.get(&seen, 404).await;
    assert_eq!(one.person.get("/v1/channel/customers", 200).await.body["items"], json!([]));
    assert_eq!(approver.act(&revoke, 2, &why, 409).await.code(), "already_ended");
    assert_eq!(db_count(&server, &firm, "customer_accesses").await, 1);
    // And can be granted again, as a share of its own.
    approver.post(&shares, &body, 201).await;
    one.person.get(&seen, 200).await;
    assert_eq!(clerk.get(&shares, 200).await.body["items"].as_array().map(Vec::len), Some(2));
    server.stop().await;
}

#[actix_web::test]
async fn a_share_ends_on_its_day_and_what_cannot_be_shared_is_said() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "ends").await;
    let (clerk, approver) = (firm.staff("clerk"), firm.staff("executive"));
    let (one, two) = (channel(&server, &firm, "one").await, channel(&server, &firm, "two").await);
    let mut own = person(1);
    own["channel"] = json!(one.id);
    let made = clerk.post("/v1/customers", &own, 201).await;
    assert_eq!(made.text("/channel/name"), "one");
    let customer = made.text("/id");
    let shares = format!("/v1/customers/{customer}/shares");
    let today = TenantZone::default().date_of(server.app.clock.now());
    let body = |channel: &str, to: &str| json!({ "channel": channel, "purpose": "联合尽调", "valid_to": to });
    let tomorrow = (today + Duration::days(1)).to_string();
    let rows = [
        (body(&one.id, &tomorrow), "/channel", "own_channel"),
        (body("chn_01jd8m1f5ne6xa9q2t4k7v3b8c", &tomorrow), "/channel", "unknown"),
        (body(&two.id, &today.to_string()), "/valid_to", "share_period_invalid"),
        (body(&two.id, "3000-01-01"), "/valid_to", "share_period_invalid"),
    ];
    for (body, pointer, code) in rows {
        assert_eq!(problems(&approver.post(&shares, &body, 422).await.body), only(pointer, code), "{body}");
    }
    let share = approver.post(&shares, &body(&two.id, &tomorrow), 201).await;
    let seen = format!("/v1/channel/customers/{customer}");
    two.person.get(&seen, 200).await;
    one.person.get(&seen, 200).await;
    let looks = clerk.get(&format!("/v1/customers/{customer}/accesses"), 200).await;
    assert_eq!(
        (looks.body["items"][0]["share"].clone(), looks.body["items"][1]["share"].clone()),
        (json!(null), json!(share.text("/id")))
    );
    // A day on, tokens are new, and the share is over.
    server.app.clock.advance(Duration::days(1));
    let again = async |name: &str| server.with_token(&firm.log_in(&server, name, 200).await.text("/access_token"));
    again("two").await.get(&seen, 404).await;
    again("one").await.get(&seen, 200).await;
    let approver = again("executive").await;
    let revoke = format!("/v1/customer-shares/{}/revoke", share.text("/id"));
    assert_eq!(approver.act(&revoke, 1, &json!({ "reason": "到期" }), 409).await.code(), "already_ended");
    assert_eq!(approver.get(&shares, 200).await.text("/items/0/state"), "ended");
    let clerk = again("clerk").await;
    let stopped = format!("/v1/channels/{}", two.id);
    clerk.patch(&stopped, 1, &json!({ "active": false }), 200).await;
    let refused = approver.post(&shares, &json!({ "channel": two.id, "purpose": "联合尽调" }), 422).await;
    assert_eq!(problems(&refused.body), only("/channel", "channel_inactive"));
    server.stop().await;
}

#[actix_web::test]
async fn a_channel_puts_its_own_customers_on_record() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "brings").await;
    let clerk = firm.staff("clerk");
    let (one, two) = (channel(&server, &firm, "one").await, channel(&server, &firm, "two").await);
    let made = one.person.post("/v1/channel/customers", &person(1), 201).await;
    assert_eq!((made.text("/name"), made.body["share"].clone()), ("**例".into(), json!(null)));
    one.person.get(&format!("/v1/channel/customers/{}", made.text("/id")), 200).await;
    two.person.get(&format!("/v1/channel/customers/{}", made.text("/id")), 404).await;
    let mut wide = person(2);
    wide["controlling_party"] = json!(false);
    one.person.post("/v1/channel/customers", &wide, 422).await;
    assert_eq!(two.person.post("/v1/channel/customers", &person(1), 409).await.code(), "customer_known");
    let shown = clerk.get(&format!("/v1/customers/{}", made.text("/id")), 200).await;
    assert_eq!(
        (shown.text("/channel/id"), shown.text("/department")),
        (one.id.clone(), firm.default_department().await)
    );
    assert_eq!(ids(&clerk.get(&format!("/v1/customers?channel={}", one.id), 200).await.body), [made.text("/id")]);
    assert_eq!(ids(&clerk.get(&format!("/v1/customers?channel={}", two.id), 200).await.body), Vec::<String>::new());
    server.stop().await;
}
