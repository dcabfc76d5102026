//! Channels and their people: who may be put into one, and that nobody belongs to two.

use serde_json::json;

use super::{ids, only, problems};
use crate::support::{Firm, Hire, Server};

#[actix_web::test]
async fn a_channel_is_made_renamed_and_stopped() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "channels").await;
    let (clerk, seer) = (firm.staff("clerk"), firm.staff("finance"));
    let made = clerk.post("/v1/channels", &json!({ "name": " 示例银行 ", "kind": "bank" }), 201).await;
    let path = format!("/v1/channels/{}", made.text("/id"));
    assert_eq!(
        (made.text("/name"), made.text("/kind_label"), made.body["active"].clone()),
        ("示例银行".into(), "银行".into(), json!(true))
    );
    let same = clerk.post("/v1/channels", &json!({ "name": "示例银行", "kind": "branch" }), 409).await;
    assert_eq!(same.code(), "name_taken");
    let other = clerk.post("/v1/channels", &json!({ "name": "示例网点", "kind": "branch" }), 201).await.text("/id");
    seer.post("/v1/channels", &json!({ "name": "示例网点二", "kind": "branch" }), 403).await;
    assert_eq!(clerk.patch(&path, 1, &json!({}), 422).await.code(), "nothing_to_change");
    let stopped = clerk.patch(&path, 1, &json!({ "name": "示例银行一部", "active": false }), 200).await;
    assert_eq!((stopped.text("/name"), stopped.version), ("示例银行一部".into(), Some(2)));
    assert_eq!(clerk.patch(&path, 1, &json!({ "active": true }), 409).await.code(), "stale");
    assert_eq!(seer.get(&path, 200).await.body["active"], false);
    assert_eq!(ids(&seer.get("/v1/channels", 200).await.body), [made.text("/id"), other.clone()]);
    assert_eq!(ids(&seer.get("/v1/channels?active=true", 200).await.body), std::slice::from_ref(&other));
    // Whoever manages staff sees channels and no customers.
    let admin = firm.staff("administrator");
    assert_eq!(ids(&admin.get("/v1/channel-places?active=true", 200).await.body), [other]);
    admin.get("/v1/channels", 403).await;
    server.stop().await;
}

#[actix_web::test]
async fn only_people_of_channels_belong_to_one_and_to_one_alone() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "members").await;
    let (clerk, admin, channel) = (firm.staff("clerk"), firm.staff("administrator"), firm.staff("channel"));
    let make = async |name: &str| {
        let made = clerk.post("/v1/channels", &json!({ "name": name, "kind": "partner" }), 201).await;
        format!("/v1/channels/{}", made.text("/id"))
    };
    let (one, two) = (make("示例渠道一").await, make("示例渠道二").await);
    assert_eq!(channel.get("/v1/channel/customers", 403).await.code(), "no_channel");
    let member = |staff: String| json!({ "staff": staff });
    let members = format!("{one}/members");
    clerk.post(&members, &member(firm.staff_id("channel")), 403).await;
    for role in ["clerk", "administrator", "auditor"] {
        let refused = admin.post(&members, &member(firm.staff_id(role)), 422).await;
        assert_eq!(problems(&refused.body), only("/staff", "no_channel_role"), "{role}");
    }
    let nobody = admin.post(&members, &member("stf_01jd8m1f5ne6xa9q2t4k7v3b8c".into()), 422).await;
    assert_eq!(problems(&nobody.body), only("/staff", "unknown"));
    let added = admin.post(&members, &member(firm.staff_id("channel")), 201).await;
    assert_eq!(added.text("/staff/id"), firm.staff_id("channel"));
    channel.get("/v1/channel/customers", 200).await;
    let again = admin.post(&format!("{two}/members"), &member(firm.staff_id("channel")), 422).await;
    assert_eq!(problems(&again.body), only("/staff", "in_a_channel"));
    // A role of the firm's own does as well.
    let role = json!({ "name": "网点人员", "permissions": ["channel.customers"] });
    let role = admin.post("/v1/roles", &role, 201).await.text("/id");
    let department = firm.default_department().await;
    let hire = Hire { login_name: "window", role: &role, department: &department, scope: "own" };
    let (_, id) = firm.hire(&server, &hire).await;
    admin.post(&members, &member(id.clone()), 201).await;
    let listed = firm.staff("auditor").get(&members, 200).await;
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(2));
    // Taken out, they see nothing; stopped, nobody does.
    let path = format!("{members}/{}", firm.staff_id("channel"));
    admin.send(admin.request(reqwest::Method::DELETE, &path), 204).await;
    admin.send(admin.request(reqwest::Method::DELETE, &path), 404).await;
    assert_eq!(channel.get("/v1/channel/customers", 403).await.code(), "no_channel");
    admin.post(&format!("{two}/members"), &member(firm.staff_id("channel")), 201).await;
    channel.get("/v1/channel/customers", 200).await;
    clerk.patch(&two, 1, &json!({ "active": false }), 200).await;
    assert_eq!(channel.get("/v1/channel/customers", 403).await.code(), "no_channel");
    let own = json!({ "kind": "person", "name": "王示例", "class": "other", "id_number": "110101189912310001" });
    assert_eq!(channel.post("/v1/channel/customers", &own, 403).await.code(), "no_channel");
    let log = firm.staff("auditor").get("/v1/audit-entries?action=channel.member_remove", 200).await;
    assert_eq!(log.text("/items/0/detail/staff"), firm.staff_id("channel"));
    server.stop().await;
}
