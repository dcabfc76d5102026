//! What a client's drawdowns weigh, in all and under each product, bank, region and industry; and what it adds to the
//! balances of the day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::limits::balances::{Balances, Position, of_client};
use domain::limits::weights::ClientClass;
use domain::money::Fen;

use super::Frame;
use crate::customers::clients::Client;
use crate::error::{Code, Error, Result};
use crate::limits::store::exposures::{self, Exposure, Key};
use crate::limits::store::{Drawdown, rows};
use crate::platform::db::TenantTx;

/// A position and under what it counts, beside its client and the firm.
#[derive(Clone)]
pub(in crate::limits) struct Placed {
    /// The position.
    pub position: Position,
    /// Product, bank, region and industry.
    pub under: Vec<Key>,
}

/// Where something counts: its product, and bank, region and industry where it has them.
pub(in crate::limits) fn under(
    product: uuid::Uuid,
    bank: Option<uuid::Uuid>,
    region: Option<&str>,
    industry: Option<&str>,
) -> Vec<Key> {
    let mut keys = vec![("product", product.simple().to_string())];
    keys.extend(bank.map(|bank| ("bank", bank.simple().to_string())));
    keys.extend(region.map(|code| ("region", code.to_owned())));
    keys.extend(industry.map(|code| ("industry", code.to_owned())));
    keys
}

impl Placed {
    /// A drawdown as it stands.
    pub(in crate::limits) fn of(row: &Drawdown) -> Result<Self> {
        let position = Position {
            outstanding: rows::drawdown(row).outstanding(),
            shares: rows::shares(row)?,
            business: rows::business(&row.business)?,
        };
        let under = under(row.product_id, row.bank_id, row.region.as_deref(), row.industry.as_deref());
        Ok(Self { position, under })
    }
}

/// The balances of a client under each key; its own and the firm's are `total`.
#[derive(Clone, Default)]
pub(in crate::limits) struct Standing {
    /// In all.
    pub total: Balances,
    /// Under each product, bank, region and industry.
    pub by_key: BTreeMap<Key, Balances>,
}

fn broken(fault: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(Code::LimitBooksBroken).because(fault)
}

/// What some positions of one client weigh together.
pub(in crate::limits) fn standing(frame: &Frame, class: ClientClass, placed: &[Placed]) -> Result<Standing> {
    let positions: Vec<Position> = placed.iter().map(|one| one.position).collect();
    let all = of_client(class, &positions, &frame.weights).map_err(broken)?;
    let mut standing = Standing { total: all.total, by_key: BTreeMap::new() };
    for (one, balances) in placed.iter().zip(all.each) {
        for key in &one.under {
            let entry = standing.by_key.entry(key.clone()).or_default();
            *entry = entry.plus(balances).map_err(broken)?;
        }
    }
    Ok(standing)
}

/// A client's positions before and after a change, with what the books say of them.
pub(in crate::limits) struct Moving<'a> {
    /// The client.
    pub client: &'a Client,
    /// As the books have it: by the class that it had when they were last written.
    pub booked: Standing,
    /// The same positions by its class today.
    pub before: Standing,
    /// After the change.
    pub after: Standing,
    class_booked: ClientClass,
    /// The newest rows of everything that is touched.
    pub rows: HashMap<Key, Exposure>,
}

/// The balances of a row.
pub(in crate::limits) fn balances(row: Option<&Exposure>) -> Balances {
    row.map_or_else(Balances::default, |row| Balances {
        nominal: Fen(row.nominal_fen),
        in_force: Fen(row.in_force_fen),
        liability: Fen(row.liability_fen),
        concentration: Fen(row.concentration_fen),
    })
}

impl<'a> Moving<'a> {
    /// Reads what the books say of a client and of everything its positions count under.
    pub(in crate::limits) async fn read(
        tx: &TenantTx,
        frame: &Frame,
        client: &'a Client,
        before: &[Placed],
        after: &[Placed],
    ) -> Result<Self> {
        let mut keys: BTreeSet<Key> = before.iter().chain(after).flat_map(|one| one.under.clone()).collect();
        let own = exposures::client(client.id);
        keys.extend([exposures::firm(), own.clone()]);
        let keys: Vec<Key> = keys.into_iter().collect();
        let rows = exposures::newest(tx, &keys, frame.weights_id, frame.day).await?;
        let class = rows.get(&own).and_then(|row| row.class.as_deref()).and_then(ClientClass::from_code);
        let class_booked = class.unwrap_or(client.class);
        Ok(Self {
            client,
            booked: standing(frame, class_booked, before)?,
            before: standing(frame, client.class, before)?,
            after: standing(frame, client.class, after)?,
            class_booked,
            rows,
        })
    }

    /// What the books will say of a key once the client's class of today counts, before the change.
    pub(in crate::limits) fn now(&self, key: &Key) -> Result<Balances> {
        let booked = balances(self.rows.get(key));
        let (old, new) = (Self::of(&self.booked, key), Self::of(&self.before, key));
        booked.plus(new.minus(old).map_err(broken)?).map_err(broken)
    }

    /// What the change adds under a key.
    pub(in crate::limits) fn adds(&self, key: &Key) -> Result<Balances> {
        Self::of(&self.after, key).minus(Self::of(&self.before, key)).map_err(broken)
    }

    fn of(standing: &Standing, key: &Key) -> Balances {
        match key.0 {
            "firm" | "client" => standing.total,
            _ => standing.by_key.get(key).copied().unwrap_or_default(),
        }
    }

    /// The firm's composition after the change.
    pub(in crate::limits) fn composition(&self) -> Result<domain::limits::rules::Composition> {
        let row = self.firm_row();
        let whole = |value: i64| u64::try_from(value).unwrap_or(0);
        Ok(domain::limits::rules::Composition {
            in_force: Fen(row.in_force_fen),
            in_force_small: Fen(row.in_force_small_fen),
            clients: whole(row.clients),
            clients_small: whole(row.clients_small),
        })
    }

    /// The firm's row after the change.
    fn firm_row(&self) -> Exposure {
        let mut row = self.row(&exposures::firm(), chrono::NaiveDate::default(), uuid::Uuid::nil());
        for (class, standing, sign) in [(self.class_booked, &self.booked, -1), (self.client.class, &self.after, 1)] {
            if standing.total.in_force > Fen::ZERO {
                row.clients = row.clients.saturating_add(sign);
                if class.is_small_or_farmer() {
                    row.clients_small = row.clients_small.saturating_add(sign);
                    let part = standing.total.in_force.0.saturating_mul(sign);
                    row.in_force_small_fen = row.in_force_small_fen.saturating_add(part);
                }
            }
        }
        row
    }

    /// A key's row after the change, as far as balances go.
    fn row(&self, key: &Key, day: chrono::NaiveDate, weights: uuid::Uuid) -> Exposure {
        let stored = self.rows.get(key);
        let booked = balances(stored);
        let (old, new) = (Self::of(&self.booked, key), Self::of(&self.after, key));
        let sum = |booked: Fen, old: Fen, new: Fen| booked.0.saturating_sub(old.0).saturating_add(new.0);
        Exposure {
            tenant_id: uuid::Uuid::nil(),
            dimension: key.0.to_owned(),
            subject: key.1.clone(),
            weights_id: weights,
            day,
            nominal_fen: sum(booked.nominal, old.nominal, new.nominal),
            in_force_fen: sum(booked.in_force, old.in_force, new.in_force),
            liability_fen: sum(booked.liability, old.liability, new.liability),
            concentration_fen: sum(booked.concentration, old.concentration, new.concentration),
            in_force_small_fen: stored.map_or(0, |row| row.in_force_small_fen),
            clients: stored.map_or(0, |row| row.clients),
            clients_small: stored.map_or(0, |row| row.clients_small),
            class: (key.0 == "client").then(|| self.client.class.code().to_owned()),
        }
    }

    /// Writes the balances of the day after the change.
    pub(in crate::limits) async fn write(&self, tx: &TenantTx, frame: &Frame) -> Result<()> {
        let mut keys: BTreeSet<Key> = self.booked.by_key.keys().chain(self.after.by_key.keys()).cloned().collect();
        keys.insert(exposures::client(self.client.id));
        let mut rows: Vec<Exposure> = keys.iter().map(|key| self.row(key, frame.day, frame.weights_id)).collect();
        rows.push(Exposure { day: frame.day, weights_id: frame.weights_id, ..self.firm_row() });
        exposures::put(tx, rows).await
    }
}
