import AdministrationAPI
import Foundation

/// An account as somebody sends it.
struct AccountDraft: Sendable {
    var order = AccountOrder(name: "", role: "")
    var change = AccountChange()
}

/// Accounts, roles, sessions and tokens in the API.
enum AccountFields {
    private static let lock = FieldSet<AccountLock>([
        .answered("address", .optional(.anyText), "From where nobody can sign in; null for everywhere.") { $0.network },
        .answered("until", .date, "Until when.") { $0.until },
    ])

    static let account = FieldSet<AccountDescription>([
        .answered("name", .anyText, "The name, unique in whatever case.", example: "alice") { $0.name },
        .answered("fullName", .anyText, "What the person is called.") { $0.fullName },
        .answered("role", .anyText, "The role.", example: "operator") { $0.role },
        .answered("disabled", .boolean, "Whether nobody can sign in with it.") { $0.isDisabled },
        .answered("mustChangePassword", .boolean, "Whether somebody else has given the password out.") {
            $0.mustChangePassword
        },
        .answered("totp", .boolean, "Whether a code is needed beside the password.") { $0.needsCode },
        .answered("recoveryCodesLeft", .integer(0...Int.max), "How many recovery codes are left.") {
            $0.recoveryCodesLeft
        },
        .answered("passwordChangedAt", .date, "When the password was set.") { $0.passwordChangedAt },
        .answered("lastSignInAt", .optional(.date), "When somebody signed in last.") { $0.lastSignInAt },
        .answered("createdAt", .date, "When it was made.") { $0.createdAt },
        .answered("createdBy", .anyText, "Who made it.") { $0.createdBy },
        .answered("locks", listOf: Self.lock, "From where and until when nobody can sign in.") { $0.locks },
    ])

    /// What is sent to make an account.
    static let newAccount = FieldSet<AccountDraft>([
        .sent(
            "name", \.order.name, .text(1...64).looking(like: "[A-Za-z0-9][A-Za-z0-9.@_+-]*"),
            "The name, unique in whatever case.", example: "alice"
        ).required,
        .sent("role", \.order.role, .text(1...64), "The role.", example: "operator").required,
        .sent("fullName", \.order.fullName, .text(0...200), "What the person is called."),
        .sent(
            "password", \.order.password, .optional(.text(1...256)),
            "The password until the first sign-in; nothing for one that is generated, and answered once."),
    ])

    /// What is sent to give an account another password.
    static let reset = FieldSet<AccountDraft>([
        .sent(
            "password", \.order.password, .optional(.text(1...256)),
            "The password until the next sign-in; nothing for one that is generated, and answered once.")
    ])

    /// What is sent to change an account.
    static let changedAccount = FieldSet<AccountDraft>([
        .sent("fullName", \.change.fullName, .optional(.text(0...200)), "What the person is called."),
        .sent("role", \.change.role, .optional(.text(1...64)), "The role."),
        .sent("disabled", \.change.isDisabled, .optional(.boolean), "Whether nobody can sign in with it."),
    ])

    static let permission = FieldSet<Permission>([
        .answered("name", .choice, "The permission.") { $0 },
        .answered("description", .anyText, "What it allows.") { $0.summary },
    ])

    static let role = FieldSet<RoleDescription>([
        .answered("name", .anyText, "The name.", example: "operator") { $0.role.name },
        .answered("description", .anyText, "What it is for.") { $0.role.summary },
        .answered("builtIn", .boolean, "Whether it is built in, and cannot be changed.") { $0.isBuiltIn },
        .answered("permissions", .list(of: .choice, 0...Int.max), "What it allows.") { $0.role.permissions.listed },
        .answered("users", .list(of: .anyText, 0...Int.max), "Who has it.") { $0.users },
    ])

    static let newRole = FieldSet<Role>([
        .sent(
            "name", \.name, .text(1...40).looking(like: "[a-z0-9][a-z0-9-]*"), "The name: a to z, 0 to 9 and -.",
            example: "helpdesk"
        ).required,
        .sent("description", \.summary, .text(0...200), "What it is for."),
        .sent(
            "permissions", \.permissions, .permissions, "What it allows.",
            example: ["requests:read", "requests:decide"]
        )
        .required,
    ])

    static let changedRole = FieldSet<RoleChange>([
        .sent("description", \.summary, .optional(.text(0...200)), "What it is for."),
        .sent("permissions", \.permissions, .optional(.permissions), "What it allows."),
    ])

    static let session = FieldSet<SessionDescription>([
        .answered("id", .number, "Its number.") { $0.id },
        .answered("user", .anyText, "Whose it is.") { $0.account },
        .answered("createdAt", .date, "When it began.") { $0.createdAt },
        .answered("lastUsedAt", .date, "When it was last used, to the minute.") { $0.lastUsedAt },
        .answered("expiresAt", .date, "When it ends where it is not used.") { $0.expiresAt },
        .answered("address", .optional(.anyText), "From where it was last used.") { $0.address },
        .answered("userAgent", .optional(.anyText), "The program that signed in.") { $0.userAgent },
        .answered("current", .boolean, "Whether it is the one that asks.") { $0.isCurrent },
    ])

    static let token = FieldSet<TokenDescription>([
        .answered("id", .number, "Its number.") { $0.id },
        .answered("user", .anyText, "In whose name it acts.") { $0.account },
        .answered("name", .anyText, "What it is for.", example: "deploy") { $0.name },
        .answered("scopes", .list(of: .choice, 0...Int.max), "What it may do, as far as its user may.") {
            $0.scopes.listed
        },
        .answered("createdAt", .date, "When it was made.") { $0.createdAt },
        .answered("createdBy", .anyText, "Who made it.") { $0.createdBy },
        .answered("expiresAt", .optional(.date), "When it ends; null for never.") { $0.expiresAt },
        .answered("lastUsedAt", .optional(.date), "When it was last used, to the minute.") { $0.lastUsedAt },
        .answered("lastUsedFrom", .optional(.anyText), "From where.") { $0.lastAddress },
        .answered("revokedAt", .optional(.date), "Since when it is revoked.") { $0.revokedAt },
    ])

    static let newToken = FieldSet<TokenDraft>([
        .sent("name", \.order.name, .text(1...100), "What it is for.", example: "deploy").required,
        .sent("scopes", \.order.scopes, .permissions, "What it may do.", example: ["certificates:read"]).required,
        .sent(
            "expiresAt", \.order.expiresAt, .optional(.date),
            "When it ends; null for never. In 90 days where nothing is said."),
        .sent("user", \.user, .optional(.text(1...64)), "In whose name it acts; null for one's own."),
    ])
}

/// A token as somebody sends it.
struct TokenDraft: Sendable {
    var order: TokenOrder
    var user: String?
}

extension ValueKind where Value == Set<Permission> {
    /// Permissions by their names.
    fileprivate static let permissions = ValueKind<[Permission]>.list(of: .choice, 1...Permission.allCases.count)
        .map({ list throws(ValueProblem) in Set(list) }, back: \.listed)
}
