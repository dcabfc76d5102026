//! What a client is and how it stands.

use crate::coded::coded;

coded! {
    /// Whose system a client is.
    ClientKind {
        /// A bank's.
        Bank "bank" "银行" "bank";
        /// An authority's.
        Government "government" "政府部门" "authority";
        /// A merchant's.
        Merchant "merchant" "商户" "merchant";
        /// A gateway of machines.
        Gateway "gateway" "设备网关" "gateway of machines";
        /// Anybody else's.
        Other "other" "其他" "other";
    }
}

coded! {
    /// Whether a client is let in.
    ClientState {
        /// It is.
        Active "active" "启用" "active";
        /// It is not, until somebody lets it in again.
        Disabled "disabled" "已停用" "disabled";
    }
}

coded! {
    /// What a client proves itself with.
    CredentialKind {
        /// A secret that we made.
        Secret "secret" "密钥" "secret";
        /// A key of its own, of which we know the public half.
        Key "key" "公钥" "public key";
    }
}
