//! What the binary does when it is told to: run as a process of its own, with its exit code and its words.

mod assess;
mod audit;
mod backup;
mod serve;
mod troubles;

use crate::support::{be_zhidan, zhidan};

#[test]
fn the_suite_can_be_the_binary() {
    be_zhidan();
    let asked = zhidan(vec![], &["openapi"]);
    let ran = tokio::runtime::Runtime::new().expect("a runtime").block_on(asked);
    let document: serde_json::Value = serde_json::from_str(&ran.out).expect("nothing but the document");
    assert_eq!((ran.code, &document["openapi"]), (0, &"3.1.0".into()), "{}", ran.err);
}
