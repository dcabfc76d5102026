//! What the demonstration firm's readers find: policies that say of themselves that they are samples, articles and a
//! glossary of the field's own words.

use uuid::Uuid;

use super::conditions::ConditionsBody;
use super::publication::Publication;
use super::sample_texts::{ARTICLES, POLICIES, TERMS};
use super::store;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Writes the samples, published, into a firm that has none.
///
/// # Errors
/// If the database fails, or a glossary entry is there already.
pub async fn create_samples(tx: &TenantTx) -> Result<()> {
    let published = || Publication::Published.key().to_owned();
    for sample in POLICIES {
        let conditions: ConditionsBody = serde_json::from_str(sample.conditions)?;
        let row = store::PolicyRow {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            title: sample.title.to_owned(),
            body: sample.body.to_owned(),
            source: "示例文件，仅供演示，不是真实政策".to_owned(),
            conditions: serde_json::to_value(conditions)?,
            status: published(),
            published_at: Some(tx.now()),
            version: 1,
            created_at: tx.now(),
        };
        store::insert_policy(tx, &row).await?;
    }
    for (title, summary, body) in ARTICLES {
        let row = store::ArticleRow {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            title: (*title).to_owned(),
            summary: (*summary).to_owned(),
            body: (*body).to_owned(),
            status: published(),
            published_at: Some(tx.now()),
            version: 1,
            created_at: tx.now(),
        };
        store::insert_article(tx, &row).await?;
    }
    for (term, meaning) in TERMS {
        let row = store::TermRow {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            term: (*term).to_owned(),
            meaning: (*meaning).to_owned(),
            version: 1,
            created_at: tx.now(),
        };
        store::insert_term(tx, &row).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::http::Checks;

    #[test]
    fn every_sample_could_have_been_saved_by_staff() {
        for sample in POLICIES {
            let conditions: ConditionsBody = serde_json::from_str(sample.conditions).unwrap();
            let mut checks = Checks::new();
            conditions.check(&mut checks);
            checks.line("/title", sample.title, 100);
            checks.lines("/body", sample.body, 20_000);
            checks.done().unwrap();
            assert!(sample.title.starts_with("（示例）"), "{}", sample.title);
        }
        for (title, summary, body) in ARTICLES {
            let mut checks = Checks::new();
            checks.line("/title", title, 100);
            checks.lines("/summary", summary, 300);
            checks.lines("/body", body, 50_000);
            checks.done().unwrap();
        }
        for (term, meaning) in TERMS {
            let mut checks = Checks::new();
            checks.line("/term", term, 40);
            checks.lines("/meaning", meaning, 1000);
            checks.done().unwrap();
        }
    }
}
