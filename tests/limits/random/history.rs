//! The product's side of a history: operations become requests, answers bring the ids, and the tables are compared with the
//! model to the last column.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate};
use domain::id::{Id, kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::support::{Books, Db};
use super::model::{At, Columns, End, Model, Op, State};
use crate::support::{Caller, Server};

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    pub status: u16,
    pub text: String,
}

/// A request that can be sent again as it was.
pub struct Request {
    who: Caller,
    path: String,
    key: String,
    version: Option<i64>,
    body: Value,
}

impl Request {
    pub async fn send(&self) -> Sent {
        let request = self.who.request(reqwest::Method::POST, &self.path).header("Idempotency-Key", &self.key);
        let request = match self.version {
            Some(version) => request.header("If-Match", format!("\"{version}\"")),
            None => request,
        };
        let answer = request.json(&self.body).send().await.expect("an answer");
        let status = answer.status().as_u16();
        Sent { status, text: answer.text().await.expect("a body") }
    }
}

/// Ids by the model's numbers.
#[derive(Clone, Default)]
struct Ids {
    nodes: Vec<Option<Uuid>>,
    held: Vec<Option<Uuid>>,
    owed: Vec<Option<Uuid>>,
    done: Vec<Option<Uuid>>,
}

/// The tables as they lie there, by id.
#[derive(PartialEq, Eq, Debug)]
struct Tables {
    limits: HashMap<Uuid, (Columns, String, i64, i64)>,
    held: HashMap<Uuid, (i64, i64, i64, String)>,
    owed: HashMap<Uuid, (i64, i64, i64)>,
    balances: [i64; 4],
    granted: Vec<i64>,
}

pub struct World {
    pub server: Server,
    pub books: Books,
    pub model: Model,
    /// Which step this is.
    pub place: String,
    ids: Ids,
    approvals: Vec<String>,
    db: Db,
}

fn text_of<K: domain::id::Kind>(ids: &[Option<Uuid>], number: usize) -> String {
    Id::<K>::from_uuid(ids[number].expect("an id that was told")).to_string()
}

fn date(day: i64) -> NaiveDate {
    NaiveDate::default() + Days::new(u64::try_from(day).expect("a day after 1970"))
}

impl World {
    pub async fn new(server: Server, books: Books, approvals: Vec<String>, approved: i64) -> Self {
        let db = Db::open(&server.db_url(), books.firm.tenant).await;
        let model = Model { approved, granted: vec![0; approvals.len()], ..Model::default() };
        Self { server, books, model, place: String::new(), ids: Ids::default(), approvals, db }
    }

    /// The operations whose id was told.
    pub fn known(&self) -> Vec<usize> {
        (0..self.ids.done.len()).filter(|done| self.ids.done[*done].is_some()).collect()
    }

    /// The request for an operation, under a key of its own.
    pub fn request(&self, op: Op) -> Request {
        let ids = &self.ids;
        let node = |number: usize| text_of::<kind::Limit>(&ids.nodes, number);
        let seen = |number: usize| Some(self.model.nodes[number].entries);
        let on = |number: usize, verb: &str| format!("/v1/limits/{}/{verb}", node(number));
        let books = &self.books;
        let (who, path, version, mut body) = match op {
            Op::Grant { approval, amount, revolving, from, to } => {
                let body = json!({
                    "approval": self.approvals[approval], "amount_fen": amount, "revolving": revolving,
                    "valid_from": date(from), "valid_to": date(to),
                });
                (&books.executive, "/v1/limits".to_owned(), None, body)
            }
            Op::Split { whole, amount, revolving, to } => {
                let body = json!({ "amount_fen": amount, "revolving": revolving, "valid_to": date(to) });
                (&books.manager, on(whole, "split"), seen(whole), body)
            }
            Op::Move { from, to, amount } => {
                (&books.manager, on(from, "move"), seen(from), json!({ "amount_fen": amount, "to": node(to) }))
            }
            Op::Resize { node, to } => (&books.executive, on(node, "resize"), seen(node), json!({ "amount_fen": to })),
            Op::Freeze(node) => (&books.manager, on(node, "freeze"), seen(node), json!({})),
            Op::Thaw(node) => (&books.manager, on(node, "thaw"), seen(node), json!({})),
            Op::Close(node) => (&books.manager, on(node, "close"), seen(node), json!({})),
            Op::Reserve { node, amount, lapses } => {
                let lapses = DateTime::from_timestamp(lapses * 60, 0).expect("an instant");
                (&books.finance, on(node, "reserve"), None, json!({ "amount_fen": amount, "lapses_at": lapses }))
            }
            Op::Draw { held, amount } => {
                let path = format!("/v1/reservations/{}/draw", text_of::<kind::Reservation>(&ids.held, held));
                (&books.finance, path, None, json!({ "amount_fen": amount }))
            }
            Op::Release(held) => {
                let path = format!("/v1/reservations/{}/release", text_of::<kind::Reservation>(&ids.held, held));
                (&books.finance, path, None, json!({}))
            }
            Op::Repay { owed, amount } => {
                let path = format!("/v1/drawdowns/{}/repay", text_of::<kind::Drawdown>(&ids.owed, owed));
                (&books.finance, path, None, json!({ "amount_fen": amount }))
            }
            Op::Correct(done) => {
                let path = format!("/v1/limit-operations/{}/correct", text_of::<kind::LimitOperation>(&ids.done, done));
                (&books.executive, path, None, json!({}))
            }
        };
        body["reason"] = json!("测试");
        Request { who: who.clone(), path, key: Uuid::now_v7().to_string(), version, body }
    }

    /// Does in the model what was sent, and takes the ids from the answer; says whether both agree on whether it is allowed.
    fn take(&mut self, op: Op, sent: &Sent, now: At) -> bool {
        assert!(sent.status < 500, "{}: {op:?}: {sent:?}", self.place);
        let allowed = self.model.apply(op, now).is_ok();
        if allowed != (sent.status < 300) {
            return false;
        }
        if allowed {
            let told: Value = serde_json::from_str(&sent.text).expect("JSON");
            self.ids.learn(&self.model, &told);
        }
        true
    }

    /// Takes one answer and compares.
    pub async fn settle(&mut self, op: Op, sent: &Sent, now: At) {
        let before = format!("{:#?}", self.model.nodes);
        assert!(self.take(op, sent, now), "{}: {op:?} at {now:?}: {sent:?}\n{before}", self.place);
        self.compare().await;
    }

    /// Takes two answers to what was sent at once: one order of the two must explain both, and every column.
    pub async fn settle_pair(&mut self, a: (Op, &Sent), b: (Op, &Sent), now: At) {
        let tables = self.tables().await;
        let before = (self.model.clone(), self.ids.clone());
        for (first, second) in [(a, b), (b, a)] {
            (self.model, self.ids) = before.clone();
            if self.take(first.0, first.1, now) && self.take(second.0, second.1, now) && self.expected() == tables {
                return;
            }
        }
        panic!("{}: no order explains {a:?} and {b:?}", self.place);
    }

    /// Compares every row with the model.
    pub async fn compare(&mut self) {
        let (found, expected) = (self.tables().await, self.expected());
        assert_eq!(found, expected, "{}: tables, then the model", self.place);
    }

    /// The tables that the model expects.
    fn expected(&self) -> Tables {
        let (model, ids) = (&self.model, &self.ids);
        let state = |state: State| format!("{state:?}").to_lowercase();
        let end = |end: End| format!("{end:?}").to_lowercase();
        let limits = model.nodes.iter().zip(&ids.nodes);
        let held = model.held.iter().zip(&ids.held);
        let owed = model.owed.iter().zip(&ids.owed);
        Tables {
            limits: limits
                .map(|(n, id)| (id.expect("an id"), (n.columns, state(n.state), n.entries, n.depth as i64)))
                .collect(),
            held: held.map(|(h, id)| (id.expect("an id"), (h.amount, h.drawn, h.released, end(h.end)))).collect(),
            owed: owed.map(|(o, id)| (id.expect("an id"), (o.amount, o.repaid, i64::from(o.reversed)))).collect(),
            balances: model.balances(),
            granted: model.granted.clone(),
        }
    }

    async fn tables(&mut self) -> Tables {
        let db = &mut self.db;
        let limits = "SELECT id, granted_fen, allocated_fen, reserved_fen, drawn_fen, spent_fen, state, entries, \
                      CAST(depth AS BIGINT) FROM limits WHERE tenant_id = $tenant";
        let held =
            "SELECT id, amount_fen, drawn_fen, released_fen, state FROM limit_reservations WHERE tenant_id = $tenant";
        let owed = "SELECT id, amount_fen, repaid_fen, CAST(CASE WHEN reversed THEN 1 ELSE 0 END AS BIGINT) \
                    FROM limit_drawdowns WHERE tenant_id = $tenant";
        let balances = "SELECT nominal_fen, in_force_fen, liability_fen, concentration_fen FROM limit_exposures \
                        WHERE tenant_id = $tenant AND dimension = 'firm' ORDER BY day DESC LIMIT 1";
        let granted = "SELECT granted_fen FROM limit_approvals WHERE tenant_id = $tenant ORDER BY id";
        let limits = db.rows(limits, |row| {
            let columns = std::array::from_fn(|column| row.whole(column + 1));
            (row.id(0), (columns, row.text(6), row.whole(7), row.whole(8)))
        });
        let limits = limits.await.into_iter().collect();
        let held = db.rows(held, |r| (r.id(0), (r.whole(1), r.whole(2), r.whole(3), r.text(4)))).await;
        let owed = db.rows(owed, |r| (r.id(0), (r.whole(1), r.whole(2), r.whole(3)))).await;
        let balances = db.rows(balances, |row| std::array::from_fn(|column| row.whole(column))).await;
        Tables {
            limits,
            held: held.into_iter().collect(),
            owed: owed.into_iter().collect(),
            balances: balances.first().copied().unwrap_or_default(),
            granted: db.rows(granted, |row| row.whole(0)).await,
        }
    }
}

impl Ids {
    /// Gives what the model has new the ids that an answer tells.
    fn learn(&mut self, model: &Model, told: &Value) {
        fn id<K: domain::id::Kind>(told: &Value, pointer: &str) -> Option<Uuid> {
            Id::<K>::parse(told.pointer(pointer)?.as_str()?).map(|id| id.uuid())
        }
        fn grow(ids: &mut Vec<Option<Uuid>>, to: usize, newest: Option<Uuid>) {
            if ids.len() < to {
                ids.resize(to - 1, None);
                ids.push(newest);
            }
        }
        grow(&mut self.nodes, model.nodes.len(), id::<kind::Limit>(told, "/limit/id"));
        grow(&mut self.held, model.held.len(), id::<kind::Reservation>(told, "/reservation/id"));
        grow(&mut self.owed, model.owed.len(), id::<kind::Drawdown>(told, "/drawdown/id"));
        // what went back by itself on the way has an operation that nobody was told of
        grow(&mut self.done, model.done.len(), id::<kind::LimitOperation>(told, "/operation"));
    }
}
