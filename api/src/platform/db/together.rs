//! Rows that are written together. Each statement costs PostgreSQL a journey during which the locks of the transaction are
//! held, so that what several statements write is sent as one there. SQLite has neither journeys nor statements that write
//! more than one table, and is told one after the other.

use entity::TenantEntity;
use sea_orm::sea_query::{
    Alias, CommonTableExpression, Expr, InsertStatement, Query as SeaQuery, SelectStatement, UnionType,
    UpdateStatement, WithClause,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryTrait,
    StatementBuilder,
};
use uuid::Uuid;

use super::TxConnection;
use crate::error::{Error, Result};

/// One statement.
enum Part {
    /// Adds rows.
    Insert(InsertStatement),
    /// Changes one row, which must be there.
    Update(UpdateStatement),
}

/// Rows of one tenant to be written. All statements see the database as it was before the first of them, so no row may be
/// named by two.
pub struct Together {
    tenant: Uuid,
    parts: Vec<Part>,
}

impl Together {
    /// Nothing yet.
    pub(super) fn of(tenant: Uuid) -> Self {
        Self { tenant, parts: vec![] }
    }

    /// Adds one row; its tenant is the transaction's, whatever the model says.
    pub fn insert<M, A>(self, model: M) -> Self
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantEntity,
    {
        self.insert_all::<M, A>(vec![model])
    }

    /// Adds some rows, few enough for one statement.
    pub fn insert_all<M, A>(mut self, models: Vec<M>) -> Self
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantEntity,
    {
        if models.is_empty() {
            return self;
        }
        let rows = models.into_iter().map(|model| {
            let mut active = model.into_active_model();
            active.set(A::Entity::tenant_column(), self.tenant.into());
            active
        });
        self.parts.push(Part::Insert(A::Entity::insert_many(rows).into_query()));
        self
    }

    /// Changes one row, found by its primary key.
    ///
    /// # Errors
    /// If the model does not say its primary key.
    pub fn update<A>(mut self, mut active: A) -> Result<Self>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantEntity,
    {
        active.set(A::Entity::tenant_column(), self.tenant.into());
        let statement = A::Entity::update(active).validate()?;
        self.parts.push(Part::Update(statement.into_query()));
        Ok(self)
    }

    /// Writes.
    pub(super) async fn write(self, connection: &TxConnection) -> Result<()> {
        if self.parts.is_empty() {
            return Ok(());
        }
        if connection.get_database_backend() != DbBackend::Postgres {
            return self.one_by_one(connection).await;
        }
        let updates = self.parts.iter().filter(|part| matches!(part, Part::Update(_))).count();
        let (mut with, mut found) = (WithClause::new(), SeaQuery::select().to_owned());
        found.expr(Expr::cust("1"));
        for (number, part) in self.parts.into_iter().enumerate() {
            let name = Alias::new(format!("part{number}"));
            let mut table = CommonTableExpression::new();
            table.table_name(name.clone());
            match part {
                Part::Insert(insert) => table.query(insert),
                Part::Update(mut update) => {
                    found.union(UnionType::All, one_of(name));
                    table.query(update.returning(SeaQuery::returning().expr(Expr::cust("1"))).to_owned())
                }
            };
            with.cte(table);
        }
        let rows = connection.query_all(&with.query(found)).await?;
        // the first row is always there
        if rows.len() == updates + 1 { Ok(()) } else { Err(Error::not_found()) }
    }

    async fn one_by_one(self, connection: &TxConnection) -> Result<()> {
        for part in self.parts {
            match part {
                Part::Insert(insert) => run(connection, &insert).await?,
                Part::Update(update) => match run(connection, &update).await? {
                    0 => return Err(Error::not_found()),
                    found => found,
                },
            };
        }
        Ok(())
    }
}

async fn run(connection: &TxConnection, statement: &impl StatementBuilder) -> Result<u64> {
    Ok(connection.execute(statement).await?.rows_affected())
}

fn one_of(table: Alias) -> SelectStatement {
    SeaQuery::select().expr(Expr::cust("1")).from(table).to_owned()
}
